import { expect, it } from "vitest";
import type { Call } from "../../api/types";
import { bookingOf, changeOf, weekLater } from "./change";

const call = {
  call_id: "call-1",
  kind: "discovery",
  title: "Renewal",
  lead: null,
  owner: { user_id: "user-1", name: "Ben" },
  starts_at: "2026-11-27T09:30:00.000Z",
  time_zone: "Europe/Berlin",
  duration_minutes: 45,
  question_set_id: "set-1",
  most_participants: 10,
  revision: 3,
  invitees: [{ name: "Ana", email: "ana@example.com", time_zone: null }],
  switches: { recording: true, transcript: true, coaching: true, sentiment: true, mail: true },
} as unknown as Call;

const written = (more: object) => ({ ...bookingOf(call), ...more });

it("a form that was not touched changes nothing", () => {
  expect(bookingOf(call)).toMatchObject({ day: "2026-11-27", time: "10:30", time_zone: "Europe/Berlin" });
  expect(changeOf(call, bookingOf(call))).toBeNull();
  expect(changeOf(call, written({ title: "   " }))).toBeNull();
});

it("only what is changed is sent, with the revision that was seen", () => {
  expect(changeOf(call, written({ time: "11:00" }))).toEqual({
    starts_at: "2026-11-27T10:00:00.000Z",
    revision: 3,
  });
  expect(changeOf(call, written({ title: " Renewal 2027 ", duration_minutes: 60 }))).toEqual({
    title: "Renewal 2027",
    duration_minutes: 60,
    revision: 3,
  });
});

it("another zone moves the call by its clock", () => {
  expect(changeOf(call, written({ time_zone: "Asia/Tokyo" }))).toEqual({
    starts_at: "2026-11-27T01:30:00.000Z",
    time_zone: "Asia/Tokyo",
    revision: 3,
  });
});

it("a call within a minute stays where it is when nobody moves it", () => {
  const odd = { ...call, starts_at: "2026-11-27T09:30:41.000Z" };
  expect(changeOf(odd, { ...bookingOf(odd), title: "Other" })).toEqual({ title: "Other", revision: 3 });
});

it("a copy stands a week later at the same time on the clock, and always ahead", () => {
  const before = { starts_at: "2026-10-21T08:00:00.000Z", time_zone: "Europe/Berlin" };
  expect(weekLater(before, new Date("2026-10-20T12:00:00Z"))).toEqual({ day: "2026-10-28", time: "10:00" });
  expect(weekLater(before, new Date("2026-11-18T12:00:00Z"))).toEqual({ day: "2026-11-25", time: "10:00" });
});
