import { todaysName } from "./zone-names";

/** The reader's English, or ours. */
export const LOCALE = navigator.language.startsWith("en") ? navigator.language : "en-GB";

function dayOf(when: Date): string {
  return when.toDateString();
}

/** "Today, 10:00", "Tomorrow, 10:00" or "Tue 25 Nov, 10:00" in the reader's zone. */
export function formatWhen(iso: string, now = new Date()): string {
  const when = new Date(iso);
  const time = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" }).format(when);
  const tomorrow = new Date(now.getTime());
  tomorrow.setDate(now.getDate() + 1);
  if (dayOf(when) === dayOf(now)) return `Today, ${time}`;
  if (dayOf(when) === dayOf(tomorrow)) return `Tomorrow, ${time}`;
  const sameYear = when.getFullYear() === now.getFullYear();
  const date: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  const day = new Intl.DateTimeFormat(LOCALE, sameYear ? date : { ...date, year: "numeric" }).format(when);
  return `${day}, ${time}`;
}

/** The reader's zone at that time, "Europe/Berlin (GMT+1)". */
export function formatZone(iso: string): string {
  const format = new Intl.DateTimeFormat(LOCALE, { timeZoneName: "shortOffset" });
  const offset = format.formatToParts(new Date(iso)).find((part) => part.type === "timeZoneName")?.value;
  const zone = todaysName(format.resolvedOptions().timeZone).replaceAll("_", " ");
  return offset && zone !== "UTC" ? `${zone} (${offset})` : zone;
}

/** "12 min", "1 h 30 min". */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** "2 days", "3 h 5 min", "4 min 9 s": the two largest parts of what is left. */
export function formatLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** A place in the call, "3:07". */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
