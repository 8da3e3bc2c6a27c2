import { describe, expect, it } from "vitest";
import type { JoinView } from "../../api/types";
import { calendarFile } from "./calendar";

const join = {
  call_id: "c1",
  title: "Prices; terms, and a very long title that has to be folded because it is too long for one line ü",
  starts_at: "2026-11-25T09:00:00+01:00",
  duration_minutes: 45,
  owner_name: "Ben",
  organization_name: "Northwind",
} as JoinView;

describe("the calendar file", () => {
  const file = calendarFile(join, "http://localhost/join#s3cret", new Date("2026-11-21T10:00:00Z"));

  it("has the instants in UTC", () => {
    expect(file).toContain("DTSTART:20261125T080000Z\r\n");
    expect(file).toContain("DTEND:20261125T084500Z\r\n");
  });

  it("escapes, and folds at 75 bytes without losing a letter", () => {
    for (const line of file.split("\r\n"))
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file.replaceAll("\r\n ", "")).toContain("SUMMARY:Prices\\; terms\\, and a very long title");
    expect(file.replaceAll("\r\n ", "")).toContain("http://localhost/join#s3cret");
  });
});
