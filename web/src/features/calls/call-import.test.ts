import { expect, it } from "vitest";
import { type Booking, guest } from "../booking/booking";
import { countWords, importMistakes, importOf } from "./call-import";

const booking: Booking = {
  kind: "discovery",
  title: " ",
  lead: null,
  owner_id: "user-1",
  day: "2026-11-27",
  time: "10:30",
  time_zone: "Europe/Berlin",
  duration_minutes: 30,
  question_set_id: "set-1",
  most_participants: 10,
  invitees: [guest()],
  switches: { recording: true, transcript: true, coaching: true, sentiment: true, mail: true },
};
const now = new Date("2026-11-24T08:10:00Z");

it("a table is sent with what all its calls share", () => {
  expect(importOf("name\nAna\n", booking, 45)).toMatchObject({
    csv: "name\nAna\n",
    title: "Discovery call",
    first_starts_at: "2026-11-27T09:30:00.000Z",
    time_zone: "Europe/Berlin",
    gap_minutes: 45,
    question_set_id: "set-1",
  });
  expect(importOf("name", { ...booking, kind: "assisted" }, 0)).toMatchObject({ question_set_id: null });
  expect(importOf("name", { ...booking, day: "" }, 0)).toBeNull();
});

it("what is missing is told before the table is sent", () => {
  expect(importMistakes(booking, now)).toEqual({});
  expect(importMistakes({ ...booking, day: "2026-11-23" }, now).time).toContain("in the past");
  expect(importMistakes({ ...booking, question_set_id: null }, now)).toHaveProperty("question_set_id");
});

it("a report counts what is booked and what is left out", () => {
  const line = { line: 2, name: "", email: "", problem: null, warning: null, call_id: null };
  const lines = (["booked", "booked", "problem"] as const).map((result) => ({ ...line, result }));
  expect(countWords({ lines, booked: 2, problems: 1 }, true)).toBe("2 calls booked, 1 line left out");
  expect(countWords({ lines: lines.slice(0, 1), booked: 0, problems: 0 }, false)).toBe("1 call to book");
});
