import type { Call, CallKind, Lead, Me, NewCall, Switches } from "../../api/types";
import { dayName } from "../../ui/days";
import { instantOf, myZone, wallOf } from "../../ui/zones";

/** The booking form: what is in it, what it means, and what is wrong with it. No request is made here. */

export interface Guest {
  /** Of the row, while it is on the page. */
  key: string;
  name: string;
  email: string;
  /** null: as the call's. */
  time_zone: string | null;
}

export interface Booking {
  kind: CallKind;
  title: string;
  lead: Pick<Lead, "lead_id" | "name" | "company"> | null;
  owner_id: string;
  day: string;
  time: string;
  time_zone: string;
  duration_minutes: number;
  question_set_id: string | null;
  /** Humans in the room at one time. */
  most_participants: number;
  invitees: Guest[];
  switches: Switches;
}

export const FEWEST_PEOPLE = 2;
export const MOST_PEOPLE = 10; // in one room
export const MOST_GUESTS = MOST_PEOPLE - 1; // and whoever leads
const HALF_HOUR_MS = 1_800_000;
const LOOKS_LIKE_AN_ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

let guests = 0;

export function guest(name = "", email = ""): Guest {
  guests += 1;
  return { key: `guest-${guests}`, name, email, time_zone: null };
}

export function emptyBooking(me: Me, now: Date): Booking {
  const zone = myZone();
  const soon = new Date(Math.ceil((now.getTime() + 1) / HALF_HOUR_MS) * HALF_HOUR_MS);
  const { day, time } = wallOf(soon, zone);
  return {
    kind: "discovery",
    title: "",
    lead: null,
    owner_id: me.user_id,
    day: day || dayName(soon),
    time,
    time_zone: zone,
    duration_minutes: 60,
    question_set_id: null,
    most_participants: MOST_PEOPLE,
    invitees: [guest()],
    switches: { recording: true, transcript: true, coaching: true, sentiment: true, mail: true },
  };
}

/** Those that are written to their end. */
export const addressesOf = (invitees: readonly Guest[]): string[] =>
  invitees.map(({ email }) => email.trim()).filter((email) => LOOKS_LIKE_AN_ADDRESS.test(email));

/** Who has something else at that time, of the owner and the guests with these addresses. */
export function conflictWords(
  conflicts: readonly Call[],
  owner_id: string,
  addresses: readonly string[],
): string {
  const of = conflicts.find(({ owner }) => owner.user_id === owner_id);
  const wanted = new Set(addresses.map((address) => address.toLowerCase()));
  const guests = conflicts
    .filter(({ owner }) => owner.user_id !== owner_id)
    .flatMap(({ invitees }) => invitees)
    .filter(({ email }) => email !== null && wanted.has(email.toLowerCase()));
  const found = [...(of ? [of.owner.name] : []), ...guests.map(({ name }) => name)];
  const names = [...new Set(found.length > 0 ? found : conflicts.map(({ owner }) => owner.name))];
  const list = new Intl.ListFormat("en").format(names);
  return `${list} ${names.length === 1 ? "has" : "have"} another call at that time`;
}

/** Stands in the title's place until somebody writes another. */
export function suggestedTitle(booking: Pick<Booking, "kind" | "lead" | "invitees">): string {
  const what = booking.kind === "discovery" ? "Discovery call" : "Call";
  const whom = booking.lead?.company || booking.lead?.name || booking.invitees[0]?.name.trim();
  return whom ? `${what} with ${whom}` : what;
}

/** A lead that was picked is the first guest, unless a guest was written already. */
export function withLead(booking: Booking, lead: Lead): Pick<Booking, "lead" | "invitees"> {
  const isUntouched = booking.invitees.every((one) => one.name.trim() === "" && one.email.trim() === "");
  return {
    lead,
    invitees: isUntouched ? [guest(lead.name, lead.email ?? "")] : booking.invitees,
  };
}

/** Coaching and sentiment rest on the transcript. */
export function withSwitch(switches: Switches, name: keyof Switches, on: boolean): Switches {
  if (name === "transcript" && !on)
    return { ...switches, transcript: false, coaching: false, sentiment: false };
  return { ...switches, [name]: on };
}

export const isWritten = (one: Guest) => one.name.trim() !== "" || one.email.trim() !== "";

export function startOf(booking: Pick<Booking, "day" | "time" | "time_zone">): Date | null {
  return instantOf(booking.day, booking.time, booking.time_zone);
}

/** What is missing or wrong, by field. The server has the last word; this saves a round. */
export function mistakes(booking: Booking, startsNow: boolean, now: Date): Record<string, string> {
  const found: Record<string, string> = {};
  const start = startOf(booking);
  if (!startsNow) {
    if (booking.day === "") found.day = "Choose a day.";
    else if (booking.time === "") found.time = "Choose a time.";
    else if (start === null)
      found.time = "This time does not exist on that day: the clocks are put forward. Choose another.";
    else if (start.getTime() < now.getTime() - 60_000)
      found.time = "This is in the past. Choose a later time, or start now.";
  }
  if (booking.kind === "discovery" && booking.question_set_id === null)
    found.question_set_id = "The agent needs a question set to lead the call.";
  if (!booking.invitees.some(isWritten))
    found[booking.invitees.length === 0 ? "invitees" : "invitees.0.name"] = "A call needs a guest.";
  const seen = new Set<string>();
  for (const [n, one] of booking.invitees.entries()) {
    const email = one.email.trim().toLowerCase();
    if (!isWritten(one)) continue;
    if (one.name.trim() === "") found[`invitees.${n}.name`] = "Write the guest's name.";
    if (email !== "" && !LOOKS_LIKE_AN_ADDRESS.test(email))
      found[`invitees.${n}.email`] = "This is not an e-mail address.";
    else if (email !== "" && seen.has(email))
      found[`invitees.${n}.email`] = "This guest is in the list already.";
    seen.add(email);
  }
  return found;
}

/** As it is sent. Rows nobody wrote in are left out. */
export function asNewCall(booking: Booking, startsNow: boolean, now: Date): NewCall {
  const start = startsNow ? now : startOf(booking);
  if (start === null) throw new Error("a booking with a mistake cannot be sent");
  return {
    title: booking.title.trim() || suggestedTitle(booking),
    kind: booking.kind,
    starts_at: start.toISOString(),
    time_zone: booking.time_zone,
    duration_minutes: booking.duration_minutes,
    owner_id: booking.owner_id,
    question_set_id: booking.kind === "discovery" ? booking.question_set_id : null,
    lead_id: booking.lead?.lead_id ?? null,
    most_participants: booking.most_participants,
    invitees: booking.invitees.filter(isWritten).map(({ name, email, time_zone }) => ({
      name: name.trim(),
      email: email.trim() || null,
      time_zone,
    })),
    switches: booking.switches,
    starts_now: startsNow,
  };
}

/** The server counts the guests that were sent; the form has empty rows between them. */
export function asFormErrors(errors: Record<string, string>, booking: Booking): Record<string, string> {
  const rows = booking.invitees.flatMap((one, n) => (isWritten(one) ? [n] : []));
  const named = Object.entries(errors).map(([field, words]) => {
    const [, sent, rest] = /^invitees\.(\d+)(.*)$/.exec(field) ?? [];
    if (sent !== undefined) return [`invitees.${rows[Number(sent)] ?? 0}${rest}`, words];
    return [field === "starts_at" ? "time" : field, words];
  });
  return Object.fromEntries(named);
}

/** A name for this form's request: the same form sent twice is one call. */
export function newKey(): string {
  // crypto.randomUUID is missing on pages that come over plain http from another machine.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
