import { describe, expect, it } from "vitest";
import type { Call } from "../../api/types";
import { formatWeekZone, hoursOf, placesOf } from "./week-grid";

const at = (time: string, duration_minutes: number, call_id = time) =>
  ({ call_id, duration_minutes, starts_at: new Date(`2026-11-24T${time}:00`).toISOString() }) as Call;

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
    expect(
      lanes([at("09:00", 120), at("09:30", 30), at("10:00", 60), at("10:30", 60), at("12:00", 30)]),
    ).toEqual(["09:00 1/3", "09:30 2/3", "10:00 2/3", "10:30 3/3", "12:00 1/1"]);
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
      const places = placesOf(calls);
      for (const one of places) {
        expect(one.lane).toBeLessThan(one.lanes);
        expect(one.to).toBeLessThanOrEqual(1440);
        for (const other of places) {
          if (one === other || one.to <= other.from || other.to <= one.from) continue;
          expect(one.lane).not.toBe(other.lane);
          expect(one.lanes).toBe(other.lanes);
        }
      }
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
