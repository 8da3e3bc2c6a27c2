import { ask } from "../../api/client";
import type * as made from "../../api/generated";
import { type Booking, startOf } from "../booking/booking";

export type CallImport = made.CallImport;
export type CallImportBody = Required<made.NewCalls>;

/** With `check` nothing is booked. The same key is the same import, however often it is sent. */
export const importCalls = (body: CallImportBody, check: boolean, key: string) =>
  ask<CallImport>("POST", `/call-imports?check=${check}`, body, { "idempotency-key": key });

/** The table with what all its calls share; null while the first has no start. */
export function importOf(csv: string, booking: Booking, gap_minutes: number): CallImportBody | null {
  const start = startOf(booking);
  if (start === null) return null;
  return {
    csv,
    kind: booking.kind,
    title: booking.title.trim() || (booking.kind === "discovery" ? "Discovery call" : "Call"),
    duration_minutes: booking.duration_minutes,
    question_set_id: booking.kind === "discovery" ? booking.question_set_id : null,
    switches: booking.switches,
    time_zone: booking.time_zone,
    first_starts_at: start.toISOString(),
    gap_minutes,
    owner_id: booking.owner_id,
  };
}

/** What is missing before the table can be looked through, by field. */
export function importMistakes(booking: Booking, now: Date): Record<string, string> {
  const start = startOf(booking);
  if (start === null) return { time: "Choose a day and a time that exists on it." };
  if (start.getTime() < now.getTime()) return { time: "This is in the past. Choose a later time." };
  if (booking.kind === "discovery" && booking.question_set_id === null)
    return { question_set_id: "The agent needs a question set to lead the calls." };
  return {};
}

/** "2 calls booked, 1 line left out" */
export function countWords({ lines, problems }: CallImport, isDone: boolean): string {
  const good = lines.length - problems;
  const calls = `${good} ${good === 1 ? "call" : "calls"} ${isDone ? "booked" : "to book"}`;
  return problems === 0 ? calls : `${calls}, ${problems} ${problems === 1 ? "line" : "lines"} left out`;
}
