import { describe, expect, it } from "vitest";
import { formatIn, instantOf, offsetName, sameClock, wallOf, zoneOptions } from "./zones";

const utc = (day: string, time: string, zone: string) => instantOf(day, time, zone)?.toISOString() ?? null;

describe("the instant of a wall clock", () => {
  it.each([
    ["2026-11-27", "10:30", "Europe/Berlin", "2026-11-27T09:30:00.000Z"],
    ["2026-07-01", "10:30", "Europe/Berlin", "2026-07-01T08:30:00.000Z"],
    ["2026-11-27", "00:15", "Asia/Tokyo", "2026-11-26T15:15:00.000Z"],
    ["2026-11-27", "10:30", "Asia/Kathmandu", "2026-11-27T04:45:00.000Z"],
    ["2026-12-31", "23:59", "Pacific/Kiritimati", "2026-12-31T09:59:00.000Z"],
    ["2026-01-01", "00:00", "Pacific/Pago_Pago", "2026-01-01T11:00:00.000Z"],
  ])("%s %s in %s", (day, time, zone, expected) => expect(utc(day, time, zone)).toBe(expected));

  it("is none where the clocks are put forward", () => {
    expect(utc("2026-03-29", "02:30", "Europe/Berlin")).toBeNull();
    expect(utc("2026-03-29", "01:59", "Europe/Berlin")).toBe("2026-03-29T00:59:00.000Z");
    expect(utc("2026-03-29", "03:00", "Europe/Berlin")).toBe("2026-03-29T01:00:00.000Z");
    expect(utc("2026-03-08", "02:15", "America/New_York")).toBeNull();
  });

  it("is the earlier of two where they are put back", () => {
    expect(utc("2026-10-25", "02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
    expect(utc("2026-11-01", "01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
  });

  it("goes by half an hour on Lord Howe Island", () => {
    expect(utc("2026-10-04", "02:15", "Australia/Lord_Howe")).toBeNull();
    expect(utc("2026-10-04", "02:30", "Australia/Lord_Howe")).toBe("2026-10-03T15:30:00.000Z");
  });

  it("is none for what is no day or time", () => {
    expect(instantOf("", "10:00", "UTC")).toBeNull();
    expect(instantOf("2026-13-01", "10:00", "UTC")).toBeNull();
    expect(instantOf("2026-01-01", "", "UTC")).toBeNull();
  });

  it("is read back as it was written, every three hours of a year", () => {
    for (const zone of ["Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Sydney"]) {
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3 * 3_600_000) {
        const { day, time } = wallOf(new Date(at), zone);
        const found = instantOf(day, time, zone);
        expect(found && wallOf(found, zone)).toEqual({ day, time });
      }
    }
  });
});

describe("zones", () => {
  it("have the offset of that day", () => {
    expect(offsetName(new Date("2026-07-01T00:00:00Z"), "Europe/Berlin")).toBe("GMT+2");
    expect(offsetName(new Date("2026-12-01T00:00:00Z"), "Europe/Berlin")).toBe("GMT+1");
  });

  it("name the year of a time when it is another one there", () => {
    const at = "2026-12-31T20:00:00Z";
    const now = new Date("2026-12-01T12:00:00Z");
    expect(formatIn(at, "Asia/Tokyo", now)).toContain("2027");
    expect(formatIn(at, "Europe/Berlin", now)).not.toContain("2026");
  });

  it("show the same clock when their offsets agree, not when their names do", () => {
    const winter = new Date("2026-12-01T12:00:00Z");
    const summer = new Date("2026-07-01T12:00:00Z");
    expect(sameClock(winter, "Europe/London", "UTC")).toBe(true);
    expect(sameClock(summer, "Europe/London", "UTC")).toBe(false);
    expect(sameClock(summer, "Europe/Berlin", "Europe/Paris")).toBe(true);
  });

  it("have today's names, each of which the browser understands", () => {
    const values = zoneOptions("Asia/Kolkata").map(({ value }) => value);
    expect(values).toContain("Asia/Kolkata");
    expect(values).toContain("Europe/Kyiv");
    expect(values).not.toContain("Asia/Calcutta");
    for (const zone of values) expect(() => wallOf(new Date(), zone), zone).not.toThrow();
  });

  it("can be chosen, also one that the browser does not list", () => {
    const values = zoneOptions("Etc/GMT-14").map(({ value }) => value);
    expect(values).toContain("Europe/Berlin");
    expect(values).toContain("Etc/GMT-14");
    expect(new Set(values).size).toBe(values.length);
  });
});
