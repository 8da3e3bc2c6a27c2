import { LOCALE } from "./time";
import { todaysName } from "./zone-names";

const DAY_MS = 86_400_000;

/** The reader's own zone, "Europe/Berlin". */
export function myZone(): string {
  return todaysName(new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC");
}

/** For a choice: every zone the browser knows, and those in `also`. */
export function zoneOptions(...also: (string | null)[]): { value: string; label: string }[] {
  const known = new Set(["UTC", myZone(), ...also.filter((zone) => zone !== null), ...allZones()]);
  return [...known].sort().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
}

function allZones(): string[] {
  return typeof Intl.supportedValuesOf === "function"
    ? Intl.supportedValuesOf("timeZone").map(todaysName)
    : [];
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(zone, made);
  return made;
}

/** What the clock on the wall shows there, as `YYYY-MM-DD` and `HH:MM`. */
export function wallOf(at: Date, zone: string): { day: string; time: string } {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** How far the zone's clock is ahead of UTC at that instant, to the minute. */
function offset_ms(at_ms: number, zone: string): number {
  const { day, time } = wallOf(new Date(at_ms), zone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(at_ms / 60_000) * 60_000;
}

/**
 * The instant at which the wall clock of `zone` shows that day and time; the earlier one where clocks go back.
 * null: there is none, because the day or time is not one or the clocks skip it.
 */
export function instantOf(day: string, time: string, zone: string): Date | null {
  const wall = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wall)) return null;
  // A change of the clocks lies between the offsets of the day before and the day after, or there is none.
  for (const near of [wall - DAY_MS, wall + DAY_MS]) {
    const at = wall - offset_ms(near, zone);
    if (at + offset_ms(at, zone) === wall) return new Date(at);
  }
  return null;
}

/** "GMT+1" at that time. */
export function offsetName(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat(LOCALE, {
    timeZone: zone,
    timeZoneName: "shortOffset",
  }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

/** "Thu 27 Nov, 16:30 (GMT+9)": a time as somebody in that zone reads it; with the year when it is another one. */
export function formatIn(iso: string, zone: string, now = new Date()): string {
  const at = new Date(iso);
  const sameYear = wallOf(at, zone).day.slice(0, 4) === wallOf(now, zone).day.slice(0, 4);
  const day: Intl.DateTimeFormatOptions = {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  };
  const time: Intl.DateTimeFormatOptions = { timeZone: zone, timeStyle: "short" };
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(LOCALE, options).format(at);
  return `${format(day)}, ${format(time)} (${offsetName(at, zone)})`;
}

/** Whether two zones show the same time at that instant, whatever they are called. */
export function sameClock(at: Date, one: string, other: string): boolean {
  return offset_ms(at.getTime(), one) === offset_ms(at.getTime(), other);
}
