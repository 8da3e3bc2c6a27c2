import { describe, expect, it } from "vitest";
import type { Call, Lead, Me } from "../../api/types";
import {
  addressesOf,
  asFormErrors,
  asNewCall,
  type Booking,
  conflictWords,
  emptyBooking,
  guest,
  mistakes,
  newKey,
  suggestedTitle,
  withLead,
  withSwitch,
} from "./booking";

const me = { user_id: "user-1" } as Me;
const now = new Date("2026-11-24T08:10:00Z");
const lead: Lead = {
  lead_id: "lead-1",
  name: "Ana Lindqvist",
  company: "Brightside Foods",
  industry: "",
  notes: "",
  email: "ana@example.com",
  status: "new",
  score: null,
};

function booking(more: Partial<Booking> = {}): Booking {
  return {
    ...emptyBooking(me, now),
    question_set_id: "set-1",
    day: "2026-11-27",
    time: "10:30",
    time_zone: "Europe/Berlin",
    ...more,
  };
}

describe("a new booking", () => {
  it("begins at the next half hour", () => {
    const { day, time, time_zone } = emptyBooking(me, now);
    expect(new Date(`${day}T${time}:00`).toISOString()).toBe("2026-11-24T08:30:00.000Z");
    expect(time_zone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it("suggests its title by kind, lead or guest", () => {
    expect(suggestedTitle(booking())).toBe("Discovery call");
    expect(suggestedTitle(booking({ lead }))).toBe("Discovery call with Brightside Foods");
    expect(suggestedTitle(booking({ kind: "assisted", invitees: [guest("Kenji")] }))).toBe("Call with Kenji");
  });

  it("makes the lead its first guest, but never writes over a guest", () => {
    expect(withLead(booking(), lead).invitees).toMatchObject([
      { name: "Ana Lindqvist", email: "ana@example.com" },
    ]);
    const written = booking({ invitees: [guest("Kenji")] });
    expect(withLead(written, lead).invitees).toBe(written.invitees);
  });
});

describe("conflicts", () => {
  const call = (user_id: string, name: string, ...addresses: string[]) =>
    ({
      owner: { user_id, name },
      invitees: addresses.map((email) => ({ name: email.split("@")[0], email })),
    }) as Call;

  it("name the owner and the guests who have another call then, each once", () => {
    const others = [
      call("user-1", "Maya", "ana@example.com"),
      call("user-2", "Tom", "Kenji@example.com", "olga@example.com"),
      call("user-2", "Tom", "kenji@example.com"),
    ];
    const asked = ["ana@example.com", "kenji@example.com"];
    expect(conflictWords(others.slice(0, 1), "user-1", asked)).toBe("Maya has another call at that time");
    expect(conflictWords(others.slice(1, 2), "user-1", asked)).toBe("Kenji has another call at that time");
    expect(conflictWords(others.slice(0, 2), "user-1", asked)).toBe(
      "Maya and Kenji have another call at that time",
    );
  });

  it("are asked for by the addresses that are written to their end", () => {
    const guests = [guest("Ana", " ana@example.com "), guest("Kenji", "kenji@"), guest("Olga")];
    expect(addressesOf(guests)).toEqual(["ana@example.com"]);
  });
});

describe("switches", () => {
  const on = booking().switches;
  it("take coaching and sentiment along when the transcript goes", () => {
    expect(withSwitch(on, "transcript", false)).toMatchObject({
      transcript: false,
      coaching: false,
      sentiment: false,
      recording: true,
      mail: true,
    });
  });

  it("stand alone otherwise", () => {
    expect(withSwitch(on, "mail", false)).toEqual({ ...on, mail: false });
    const off = withSwitch(on, "transcript", false);
    expect(withSwitch(off, "transcript", true)).toEqual({ ...off, transcript: true });
  });
});

describe("mistakes", () => {
  it("are none in a booking that can be sent", () => {
    expect(mistakes(booking({ invitees: [guest("Ana", "ana@example.com"), guest()] }), false, now)).toEqual(
      {},
    );
  });

  it("are told of the time: in the past, skipped by the clocks, not there", () => {
    expect(mistakes(booking({ day: "2026-11-23" }), false, now).time).toMatch(/past/);
    const skipped = booking({ day: "2027-03-28", time: "02:30" });
    expect(mistakes(skipped, false, now).time).toMatch(/does not exist/);
    expect(mistakes(booking({ day: "" }), false, now).day).toBe("Choose a day.");
    expect(mistakes(booking({ day: "2026-11-23", invitees: [guest("Ana")] }), true, now)).toEqual({});
  });

  it("are told of guests: no name, no address, twice the same", () => {
    const invitees = [guest("", "ana@example.com"), guest("Ben", "ben@"), guest("Ana", "ANA@example.com ")];
    expect(mistakes(booking({ invitees }), false, now)).toEqual({
      "invitees.0.name": "Write the guest's name.",
      "invitees.1.email": "This is not an e-mail address.",
      "invitees.2.email": "This guest is in the list already.",
    });
  });

  it("are told of a discovery call without questions", () => {
    const invitees = [guest("Ana")];
    expect(mistakes(booking({ invitees, question_set_id: null }), false, now)).toHaveProperty(
      "question_set_id",
    );
    expect(mistakes(booking({ invitees, question_set_id: null, kind: "assisted" }), false, now)).toEqual({});
  });

  it("are told of a call without guests, at the first row if there is one", () => {
    expect(mistakes(booking(), true, now)).toEqual({ "invitees.0.name": "A call needs a guest." });
    expect(mistakes(booking({ invitees: [] }), true, now)).toEqual({ invitees: "A call needs a guest." });
  });
});

describe("what is sent", () => {
  it("is whole, trimmed, without empty rows, in UTC", () => {
    const invitees = [guest(), guest(" Ana ", " ana@example.com "), guest("Kenji")];
    expect(asNewCall(booking({ invitees, title: "  ", lead }), false, now)).toMatchObject({
      title: "Discovery call with Brightside Foods",
      starts_at: "2026-11-27T09:30:00.000Z",
      time_zone: "Europe/Berlin",
      lead_id: "lead-1",
      invitees: [
        { name: "Ana", email: "ana@example.com", time_zone: null },
        { name: "Kenji", email: null, time_zone: null },
      ],
    });
  });

  it("has no question set when nobody asks from it, and the clock's time when it starts now", () => {
    expect(asNewCall(booking({ kind: "assisted" }), true, now)).toMatchObject({
      question_set_id: null,
      starts_at: now.toISOString(),
      starts_now: true,
    });
  });

  it("comes back with its complaints at the rows of the form", () => {
    const rows = booking({ invitees: [guest(), guest("Ana", "ana@x"), guest(), guest("Ben", "ben@x")] });
    const errors = { "invitees.0.email": "a", "invitees.1.email": "b", starts_at: "c", title: "d" };
    expect(asFormErrors(errors, rows)).toEqual({
      "invitees.1.email": "a",
      "invitees.3.email": "b",
      time: "c",
      title: "d",
    });
  });

  it("has a key of its own, a version 4 UUID", () => {
    const keys = Array.from({ length: 200 }, newKey);
    expect(new Set(keys).size).toBe(200);
    for (const key of keys)
      expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
