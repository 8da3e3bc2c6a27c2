import type { Call, CallChange } from "../../api/types";
import { wallOf } from "../../ui/zones";
import { type Booking, guest, startOf } from "../booking/booking";

/** Changing a call by the form that books one: what it shows, and what is sent. No request is made here. */

export function bookingOf(call: Call): Booking {
  return {
    kind: call.kind === "assisted" ? "assisted" : "discovery",
    title: call.title,
    lead: call.lead,
    owner_id: call.owner.user_id,
    ...wallOf(new Date(call.starts_at), call.time_zone),
    time_zone: call.time_zone,
    duration_minutes: call.duration_minutes,
    question_set_id: call.question_set_id,
    most_participants: call.most_participants,
    invitees: call.invitees.map(({ name, email, time_zone }) => ({ ...guest(name, email ?? ""), time_zone })),
    switches: call.switches,
  };
}

/** Whether somebody wrote another time. The form goes by minutes, the call may not. */
export function isMoved(call: Call, booking: Booking): boolean {
  const before = bookingOf(call);
  return (["day", "time", "time_zone"] as const).some((name) => booking[name] !== before[name]);
}

/** What the form says otherwise than the call; null when that is nothing. */
export function changeOf(call: Call, booking: Booking): CallChange | null {
  const before = bookingOf(call);
  const start = startOf(booking);
  const change: Omit<CallChange, "revision"> = {
    ...(isMoved(call, booking) && start && start.getTime() !== Date.parse(call.starts_at)
      ? { starts_at: start.toISOString() }
      : {}),
    ...(booking.time_zone !== before.time_zone ? { time_zone: booking.time_zone } : {}),
    ...(booking.title.trim() && booking.title.trim() !== before.title ? { title: booking.title.trim() } : {}),
    ...(booking.duration_minutes === before.duration_minutes
      ? {}
      : { duration_minutes: booking.duration_minutes }),
    ...(booking.owner_id === before.owner_id ? {} : { owner_id: booking.owner_id }),
    ...(booking.question_set_id === before.question_set_id
      ? {}
      : { question_set_id: booking.question_set_id }),
    ...(booking.most_participants === before.most_participants
      ? {}
      : { most_participants: booking.most_participants }),
    ...(JSON.stringify(booking.switches) === JSON.stringify(before.switches)
      ? {}
      : { switches: booking.switches }),
  };
  return Object.keys(change).length === 0 ? null : { ...change, revision: call.revision };
}

/** A week later at the same time on the clock, or the first such week that is ahead. */
export function weekLater(
  call: Pick<Call, "starts_at" | "time_zone">,
  now: Date,
): { day: string; time: string } {
  const { day, time } = wallOf(new Date(call.starts_at), call.time_zone);
  const today = wallOf(now, call.time_zone).day;
  const date = new Date(`${day}T00:00:00Z`);
  do date.setUTCDate(date.getUTCDate() + 7);
  while (date.toISOString().slice(0, 10) <= today);
  return { day: date.toISOString().slice(0, 10), time };
}
