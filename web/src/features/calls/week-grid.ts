import { queryOptions } from "@tanstack/react-query";
import { ask, query } from "../../api/client";
import type { CallDay } from "../../api/generated";
import type { Call } from "../../api/types";
import { dayName, plusDays } from "../../ui/days";
import { LOCALE } from "../../ui/time";
import { myZone, offsetName } from "../../ui/zones";

/** A week by days: what is in it, and where each call stands in its day, in minutes on the reader's clock. */

const LOOK_AGAIN_MS = 15_000;
const USUAL_HOURS = [8, 18] as const;
const DAY_MINUTES = 24 * 60;
/** A shorter call is drawn as long as this, so that it can be read and pressed. */
export const SHORTEST_MINUTES = 30;

export const weekQuery = (monday: Date) =>
  queryOptions({
    queryKey: ["calls", "days", dayName(monday), myZone()],
    queryFn: () =>
      ask<{ items: CallDay[] }>(
        "GET",
        `/calls/days${query({
          starts_from: monday.toISOString(),
          starts_before: plusDays(monday, 7).toISOString(),
          time_zone: myZone(),
        })}`,
      ),
    refetchInterval: LOOK_AGAIN_MS,
  });

export interface Place {
  call: Call;
  from: number;
  to: number;
  /** Calls at the same time stand beside each other: the how manieth of how many. */
  lane: number;
  lanes: number;
}

export const minuteOf = (at: Date) => at.getHours() * 60 + at.getMinutes();

/** The calls of one day, earliest first. */
export function placesOf(calls: readonly Call[]): Place[] {
  const places = calls
    .map((call) => {
      const from = Math.min(minuteOf(new Date(call.starts_at)), DAY_MINUTES - SHORTEST_MINUTES);
      const to = Math.min(from + Math.max(call.duration_minutes, SHORTEST_MINUTES), DAY_MINUTES);
      return { call, from, to, lane: 0, lanes: 1 };
    })
    .sort((a, b) => a.from - b.from || b.to - a.to);
  let together: Place[] = [];
  let until = 0;
  for (const place of places) {
    if (place.from >= until) together = [];
    const taken = new Set(together.filter(({ to }) => to > place.from).map(({ lane }) => lane));
    while (taken.has(place.lane)) place.lane += 1;
    together.push(place);
    until = Math.max(place.to, ...together.map(({ to }) => to));
    const lanes = Math.max(...together.map(({ lane }) => lane)) + 1;
    for (const one of together) one.lanes = lanes;
  }
  return places;
}

/** The hours that are drawn, half-open: those of a working day, and more where calls are. */
export function hoursOf(places: readonly Place[]): [number, number] {
  const first = Math.min(USUAL_HOURS[0], ...places.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(USUAL_HOURS[1], ...places.map(({ to }) => Math.ceil(to / 60)));
  return [first, last];
}

/** "8:00" at the line of that hour. */
export function formatHour(hour: number): string {
  return new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" }).format(new Date(2026, 0, 1, hour));
}

/** "Europe/Berlin (GMT+2, from Sunday GMT+1)": the clock that the week goes by. */
export function formatWeekZone(monday: Date): string {
  const zone = myZone();
  const days = Array.from({ length: 7 }, (_, n) => plusDays(monday, n));
  const first = offsetName(monday, zone);
  // The clocks change in the night, so the end of a day tells.
  const change = days.find((day) => offsetName(plusDays(day, 1), zone) !== first);
  const name = zone.replaceAll("_", " ");
  if (change === undefined) return zone === "UTC" ? name : `${name} (${first})`;
  const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" }).format(change);
  return `${name} (${first}, from ${weekday} ${offsetName(plusDays(change, 1), zone)})`;
}
