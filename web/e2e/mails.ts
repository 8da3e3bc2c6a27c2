import { expect, type FrameLocator, type Page } from "@playwright/test";

/** Mails of the running product, opened in its mailbox page as whoever reads them would. */

const MAIL_WITHIN_MS = 40_000;

export interface Mail {
  /** The mail as it looks. */
  letter: FrameLocator;
  /** Of its calendar file; null without one. */
  calendar: Event | null;
}

export interface Event {
  method: string;
  sequence: number;
  uid: string;
  starts: string;
  status: string;
}

/** Opens the newest mail to that address with these words in its subject, when it has come. */
export async function openMail(page: Page, address: string, subject: RegExp): Promise<Mail> {
  const row = page.getByTestId("mail-row").filter({ hasText: subject }).first();
  await expect(async () => {
    await page.goto(`/mailbox?search=${encodeURIComponent(address)}`);
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: MAIL_WITHIN_MS });
  await row.click();
  await expect(page.getByTestId("mail")).toContainText(address);
  await expect(page.getByTestId("mail").getByRole("heading")).toHaveText(subject);
  const file = page.getByRole("list", { name: "Attachments" }).getByRole("link", { name: /\.ics$/ });
  return {
    letter: page.frameLocator("iframe"),
    calendar: (await file.count()) === 0 ? null : await eventIn(page, await file.getAttribute("href")),
  };
}

async function eventIn(page: Page, href: string | null): Promise<Event> {
  const text = await (await page.request.get(href ?? "")).text();
  // RFC 5545 §3.1: a line that is too long goes on behind a line break and a space.
  const lines = text.replaceAll(/\r\n[ \t]/g, "").split("\r\n");
  const event = lines.slice(lines.indexOf("BEGIN:VEVENT"), lines.indexOf("BEGIN:VALARM"));
  const value = (all: string[], name: string) =>
    all.find((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`))?.slice(name.length + 1) ??
    "";
  return {
    method: value(lines, "METHOD"),
    sequence: Number(value(event, "SEQUENCE")),
    uid: value(event, "UID"),
    starts: value(event, "DTSTART"),
    status: value(event, "STATUS"),
  };
}

/** What the clock on the wall shows there: `2026-11-25 16:30`. */
export function wall(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at);
}

/** The instant at which the wall shows that, away from nights in which the clocks change. */
export function instant(shown: string, timeZone: string): Date {
  const asUtc = Date.parse(`${shown.replace(" ", "T")}Z`);
  return new Date(2 * asUtc - Date.parse(`${wall(new Date(asUtc), timeZone).replace(" ", "T")}Z`));
}

/** As mails write it: "UTC+9", "UTC−5:30". */
export function offset(at: Date, timeZone: string): string {
  const minutes = (Date.parse(`${wall(at, timeZone).replace(" ", "T")}Z`) - at.getTime()) / 60_000;
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return minutes === 0 ? "UTC" : `UTC${minutes > 0 ? "+" : "−"}${hours}${rest ? `:${rest}` : ""}`;
}
