import type { JoinView } from "../../api/types";

/** A calendar file for whoever has none yet from the mail. Source: RFC 5545; lines end in CRLF and fold at 75 bytes. */
export function calendarFile(join: JoinView, address: string, now: Date): string {
  const start = new Date(join.starts_at);
  const end = new Date(start.getTime() + join.duration_minutes * 60_000);
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Join page//EN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:join-${join.call_id}@parley`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${escaped(join.title)}`,
    `DESCRIPTION:${escaped(`${join.owner_name} of ${join.organization_name} invites you. Join here: ${address}`)}`,
    `LOCATION:${escaped(address)}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ]
    .map(folded)
    .join("\r\n");
}

/** Saved by the browser itself: the link in it goes nowhere. */
export function saveCalendar(join: JoinView): void {
  const file = new Blob([calendarFile(join, location.href, new Date())], { type: "text/calendar" });
  const address = URL.createObjectURL(file);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = "call.ics";
  anchor.click();
  URL.revokeObjectURL(address);
}

const stamp = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, "");

const escaped = (text: string) => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

const LONGEST_BYTES = 75;

function folded(line: string): string {
  const lines = [""];
  for (const letter of line) {
    const last = lines.at(-1) ?? "";
    if (new TextEncoder().encode(last + letter).length <= LONGEST_BYTES)
      lines[lines.length - 1] = last + letter;
    else lines.push(` ${letter}`);
  }
  return lines.join("\r\n");
}
