import { describe, expect, it } from "vitest";
import { byDay, dayName, formatDay, midnight, mondayOf, plusDays } from "./days";

describe("days of the calendar", () => {
  it("are named, and found again by their name", () => {
    for (const day of ["2026-01-01", "2026-03-29", "2026-10-25", "2028-02-29"]) {
      const found = midnight(day);
      expect(found && dayName(found)).toBe(day);
    }
    expect(midnight("2026-02-30")).toBeNull();
    expect(midnight("next week")).toBeNull();
  });

  it("are added by the calendar, so that a day of 23 or 25 hours is one day", () => {
    const before = new Date(2026, 9, 24);
    expect(dayName(plusDays(before, 1))).toBe("2026-10-25");
    expect(dayName(plusDays(before, 2))).toBe("2026-10-26");
    expect(dayName(plusDays(new Date(2026, 11, 31), 1))).toBe("2027-01-01");
  });

  it("belong to a week that begins on Monday", () => {
    expect(dayName(mondayOf(new Date(2026, 10, 23)))).toBe("2026-11-23");
    expect(dayName(mondayOf(new Date(2026, 10, 29, 23, 59)))).toBe("2026-11-23");
    expect(dayName(mondayOf(new Date(2027, 0, 1)))).toBe("2026-12-28");
  });

  it("near by have a word", () => {
    const now = new Date(2026, 10, 24, 23, 50);
    expect(formatDay("2026-11-24", now)).toBe("Today");
    expect(formatDay("2026-11-25", now)).toBe("Tomorrow");
    expect(formatDay("2026-11-23", now)).toBe("Yesterday");
    expect(formatDay("2026-11-26", now)).toContain("Thursday");
  });

  it("gather what begins on them, in the order given", () => {
    const at = (date: number, hour: number) => ({ starts_at: new Date(2026, 10, date, hour).toISOString() });
    const items = [at(24, 0), at(24, 23), at(25, 0)];
    expect(byDay(items)).toEqual([
      ["2026-11-24", [items[0], items[1]]],
      ["2026-11-25", [items[2]]],
    ]);
  });
});
