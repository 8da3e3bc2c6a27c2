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

/** So many stand beside each other and can be read; of more the rest is a number. */
const MOST_LANES = 2;

export interface Place {
  call: Call;
  from: number;
  to: number;
  /** Calls at the same time stand beside each other: the how manieth of how many. */
  lane: number;
  lanes: number;
  /** There is no place for it where days stand beside each other. */
  isCrowdedOut: boolean;
}

/** Calls that are only counted, in the last lane. */
export interface Crowd {
  from: number;
  to: number;
  count: number;
}

export const minuteOf = (at: Date) => at.getHours() * 60 + at.getMinutes();

/** The calls of one day, earliest first; those that overlap, or overlap with one that does, in a list of their own. */
export function clustersOf(calls: readonly Call[]): Place[][] {
  const places = calls
    .map((call) => {
      const from = Math.min(minuteOf(new Date(call.starts_at)), DAY_MINUTES - SHORTEST_MINUTES);
      const to = Math.min(from + Math.max(call.duration_minutes, SHORTEST_MINUTES), DAY_MINUTES);
      return { call, from, to, lane: 0, lanes: 1, isCrowdedOut: false };
    })
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const clusters: Place[][] = [];
  for (const place of places) {
    const last = clusters.at(-1);
    if (last?.some(({ to }) => to > place.from)) last.push(place);
    else clusters.push([place]);
  }
  for (const cluster of clusters) share(cluster);
  return clusters;
}

/** Gives each the first lane that is free at its time. */
function share(cluster: readonly Place[]) {
  for (const [n, place] of cluster.entries()) {
    const taken = new Set(
      cluster
        .slice(0, n)
        .filter(({ to }) => to > place.from)
        .map(({ lane }) => lane),
    );
    while (taken.has(place.lane)) place.lane += 1;
  }
  const lanes = Math.max(...cluster.map(({ lane }) => lane)) + 1;
  for (const place of cluster) {
    place.lanes = Math.min(lanes, MOST_LANES);
    place.isCrowdedOut = lanes > MOST_LANES && place.lane >= MOST_LANES - 1;
  }
}

/** Of the calls for which there is no place; null: there is one for each. */
export function crowdOf(cluster: readonly Place[]): Crowd | null {
  const out = cluster.filter(({ isCrowdedOut }) => isCrowdedOut);
  if (out.length === 0) return null;
  return {
    from: Math.min(...out.map(({ from }) => from)),
    to: Math.max(...out.map(({ to }) => to)),
    count: out.length,
  };
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
