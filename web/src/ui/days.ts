import { LOCALE } from "./time";

/** Days of the reader's calendar. A day is named `YYYY-MM-DD`; sums go by the calendar, so changes of the clocks do no harm. */

const two = (n: number) => String(n).padStart(2, "0");

export function dayName(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Midnight at the beginning of that day in the reader's zone; null for what is no day. */
export function midnight(day: string): Date | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return null;
  const found = new Date(Number(year), Number(month) - 1, Number(date));
  return dayName(found) === day ? found : null;
}

export function plusDays(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

/** The Monday of its week, at midnight. */
export function mondayOf(date: Date): Date {
  return plusDays(date, -((date.getDay() + 6) % 7));
}

/** "Today", "Tomorrow", "Yesterday" or "Wednesday 26 November". */
export function formatDay(day: string, now = new Date()): string {
  const near: [number, string][] = [
    [0, "Today"],
    [1, "Tomorrow"],
    [-1, "Yesterday"],
  ];
  const word = near.find(([days]) => dayName(plusDays(now, days)) === day)?.[1];
  if (word !== undefined) return word;
  const date = midnight(day);
  if (date === null) return day;
  return new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" }).format(date);
}

/** "Wed 26 Nov": where many stand beside each other. */
export function formatShortDay(day: string): string {
  const date = midnight(day);
  if (date === null) return day;
  return new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short" }).format(date);
}

/** "23–29 November 2026". */
export function formatWeek(monday: Date): string {
  const format = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric" });
  return format.formatRange(monday, plusDays(monday, 6));
}

/** "10:00" in the reader's zone. */
export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" }).format(new Date(iso));
}

/** What begins on the same day of the reader, together; in the order given. */
export function byDay<Item extends { starts_at: string }>(items: readonly Item[]): [string, Item[]][] {
  const days = new Map<string, Item[]>();
  for (const item of items) {
    const day = dayName(new Date(item.starts_at));
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days];
}
