import { describe, expect, it } from "vitest";
import type { Call } from "../../api/types";
import { clustersOf, crowdOf, formatWeekZone, hoursOf } from "./week-grid";

const at = (time: string, duration_minutes: number, call_id = time) =>
  ({ call_id, duration_minutes, starts_at: new Date(`2026-11-24T${time}:00`).toISOString() }) as Call;

const placesOf = (calls: Call[]) => clustersOf(calls).flat();
const lanes = (calls: Call[]) =>
  placesOf(calls).map(({ call, lane, lanes }) => `${call.call_id} ${lane + 1}/${lanes}`);

describe("calls in a day", () => {
  it("stand under each other when they follow each other", () => {
    expect(lanes([at("10:00", 60), at("11:00", 30), at("09:00", 60)])).toEqual([
      "09:00 1/1",
      "10:00 1/1",
      "11:00 1/1",
    ]);
  });

  it("stand beside each other when they overlap, and take a lane that is free again", () => {
    expect(lanes([at("09:00", 120), at("09:30", 30), at("10:00", 60), at("12:00", 30)])).toEqual([
      "09:00 1/2",
      "09:30 2/2",
      "10:00 2/2",
      "12:00 1/1",
    ]);
  });

  it("are counted where more than two are at the same time", () => {
    const [crowded = []] = clustersOf([at("09:00", 60), at("09:15", 60), at("09:30", 90), at("10:15", 30)]);
    expect(crowded.map(({ call, isCrowdedOut }) => `${call.call_id} ${isCrowdedOut}`)).toEqual([
      "09:00 false",
      "09:15 true",
      "09:30 true",
      "10:15 false",
    ]);
    expect(crowdOf(crowded)).toEqual({ from: 555, to: 660, count: 2 });
    expect(crowdOf(clustersOf([at("09:00", 60), at("09:15", 60)])[0] ?? [])).toBeNull();
  });

  it("never cover one another, whatever they are", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const calls = Array.from({ length: 1 + random(12) }, (_, n) => {
        const time = `${String(random(24)).padStart(2, "0")}:${String(random(60)).padStart(2, "0")}`;
        return at(time, 5 + random(200), `${round}-${n}`);
      });
      const clusters = clustersOf(calls);
      expect(clusters.flat()).toHaveLength(calls.length);
      const covering = clusters.flatMap((cluster) => {
        const crowd = crowdOf(cluster);
        const seen = cluster.filter(({ isCrowdedOut }) => !isCrowdedOut);
        return crowd ? [...seen, { ...crowd, lane: 1, lanes: 2 }] : seen;
      });
      const pairs = covering.flatMap((one, n) => covering.slice(n + 1).map((other) => [one, other] as const));
      const together = pairs.filter(([one, other]) => one.to > other.from && other.to > one.from);
      expect(together.every(([one, other]) => one.lane !== other.lane && one.lanes === 2)).toBe(true);
      expect(covering.every(({ lane, lanes, to }) => lane < lanes && to <= 1440)).toBe(true);
    }
  });

  it("are drawn long enough to be read, up to midnight", () => {
    expect(placesOf([at("09:00", 5)])[0]).toMatchObject({ from: 540, to: 570 });
    expect(placesOf([at("23:50", 60)])[0]).toMatchObject({ from: 1410, to: 1440 });
  });

  it("widen the hours of a working day", () => {
    expect(hoursOf([])).toEqual([8, 18]);
    expect(hoursOf(placesOf([at("06:30", 30), at("19:15", 60)]))).toEqual([6, 21]);
  });
});

it("a week names its zone", () => {
  expect(formatWeekZone(new Date(2026, 10, 23))).toContain(Intl.DateTimeFormat().resolvedOptions().timeZone);
});
