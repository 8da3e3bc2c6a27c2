import { type Browser, expect, type Page, test } from "@playwright/test";
import { look } from "./look";
import { type Event, instant, type Mail, offset, openMail, wall } from "./mails";

const HOST_ZONE = "Europe/Berlin";
const MINUTES = 60;

interface GuestOf {
  name: string;
  email: string;
  zone: string;
}

async function person(browser: Browser, timezoneId: string, width = 1280): Promise<Page> {
  return (await browser.newContext({ timezoneId, viewport: { width, height: 800 } })).newPage();
}

/** At both widths: nothing wider than the window. Taken as pictures when somebody wants to look. */
async function seen(page: Page, name: string): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(tooWide, `${name} is too wide at ${width}`).toBeLessThanOrEqual(0);
    if (process.env.PARLEY_SHOTS)
      await page.screenshot({ path: `${process.env.PARLEY_SHOTS}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** "Wed 25 Nov" in the reader's zone, as subjects have it. */
function subjectDay(at: Date, timeZone: string): string {
  const day: Intl.DateTimeFormatOptions = { timeZone, weekday: "short", day: "numeric", month: "short" };
  const parts = new Intl.DateTimeFormat("en-GB", day).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("weekday")} ${of("day")} ${of("month").slice(0, 3)}`;
}

const time = (at: Date, zone: string) => wall(at, zone).slice(11);

/** The mail names the instant by the guest's clock and offset, and by the host's in brackets. */
async function namesBothClocks({ letter }: Mail, at: Date, zone: string) {
  const place = zone.replaceAll("_", " ");
  const words = letter.locator("body");
  await expect(words).toContainText(`${time(at, zone)}–`);
  await expect(words).toContainText(`(${place}, ${offset(at, zone)})`);
  const hostDay = new Intl.DateTimeFormat("en-GB", { timeZone: HOST_ZONE, weekday: "long" }).format(at);
  const isSameDay = wall(at, zone).slice(0, 10) === wall(at, HOST_ZONE).slice(0, 10);
  await expect(words).toContainText(
    `[${isSameDay ? "" : `${hostDay} `}${time(at, HOST_ZONE)} ${HOST_ZONE}, ${offset(at, HOST_ZONE)}]`,
  );
}

/** The guest's next mail, its words and its calendar file, as they must be at that revision. */
async function told(reader: Page, guest: GuestOf, what: string, at: Date, sequence: number): Promise<Mail> {
  const subject = new RegExp(`^${what}: .*, ${subjectDay(at, guest.zone)}, ${time(at, guest.zone)}`);
  const mail = await openMail(reader, guest.email, subject);
  await namesBothClocks(mail, at, guest.zone);
  const isOff = what === "Cancelled";
  expect(mail.calendar, `the calendar file of “${what}” to ${guest.name}`).toMatchObject({
    method: isOff ? "CANCEL" : "REQUEST",
    status: isOff ? "CANCELLED" : "CONFIRMED",
    sequence,
    starts: `TZID=${guest.zone}:${wall(at, guest.zone).replaceAll("-", "").replace(" ", "T").replace(":", "")}00`,
  } satisfies Partial<Event>);
  return mail;
}

const linkIn = async ({ letter }: Mail, name: string) =>
  (await letter.getByRole("link", { name, exact: true }).getAttribute("href")) ?? "";

async function writeGuest(page: Page, n: number, { name, email, zone }: GuestOf) {
  const fields = page.getByRole("group", { name: `Guest ${n}` });
  await fields.getByLabel("Name").fill(name);
  await fields.getByLabel("E-mail").fill(email);
  const place = zone.replaceAll("_", " ");
  await fields.getByRole("combobox", { name: "Time zone" }).fill(place);
  await page.getByRole("option", { name: place, exact: true }).click();
}

async function move(page: Page, at: Date) {
  await page.getByRole("button", { name: "Move or change" }).click();
  const form = page.getByRole("form", { name: "Move or change the call" });
  await form.getByLabel("Day").fill(wall(at, HOST_ZONE).slice(0, 10));
  await form.getByLabel("Time", { exact: true }).fill(time(at, HOST_ZONE));
  await expect(form.getByTestId("who-is-told")).toContainText("get a mail");
  await form.getByRole("button", { name: "Move the call" }).click();
  await expect(page.getByText("The call is moved")).toBeVisible();
}

/** That many days ahead, at that time in the host's zone. */
function ahead(days: number, clock: string): Date {
  const day = wall(new Date(Date.now() + days * 86_400_000), HOST_ZONE).slice(0, 10);
  return instant(`${day} ${clock}`, HOST_ZONE);
}

test("a call is booked, moved twice and cancelled, and its guests in other zones can trust their mail", async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const stamp = Date.now() % 1_000_000;
  const title = `Cold stores ${stamp}`;
  const kenji: GuestOf = { name: "Kenji Itō", email: `kenji-${stamp}@example.com`, zone: "Asia/Tokyo" };
  const ana: GuestOf = { name: "Ana Ruiz", email: `ana-${stamp}@example.com`, zone: "America/New_York" };
  const guests = [kenji, ana];
  const [booked, moved, movedAgain] = [ahead(10, "15:30"), ahead(11, "17:00"), ahead(11, "08:15")];

  const rep = await person(browser, HOST_ZONE);
  await rep.goto("/demo/rep");
  await expect(rep).toHaveURL(/\/calls$/);
  await rep.goto("/calls/new");
  await rep.getByLabel("Title").fill(title);
  const set = rep.getByRole("combobox", { name: "Question set" });
  await set.click();
  await rep
    .getByRole("option", { name: /\d questions\)/ })
    .first()
    .click();
  await writeGuest(rep, 1, kenji);
  await rep.getByRole("button", { name: "Add a guest" }).click();
  await writeGuest(rep, 2, ana);
  await rep.getByLabel("Day").fill(wall(booked, HOST_ZONE).slice(0, 10));
  await rep.getByLabel("Time", { exact: true }).fill(time(booked, HOST_ZONE));
  await expect(rep.getByTestId("recipients")).toContainText(`${kenji.email})Invitation · Reminder`);
  await seen(rep, "scheduling-booking");
  await rep.getByRole("button", { name: "Book the call" }).click();
  await expect(rep.getByText("The call is booked")).toBeVisible({ timeout: 15_000 });
  const callPage = rep.url();

  const reader = await person(browser, kenji.zone);
  await reader.goto("/demo/rep");
  await expect(reader).toHaveURL(/\/calls$/);
  const first = new Map<GuestOf, { link: string; uid: string }>();
  for (const guest of guests) {
    const mail = await told(reader, guest, "Invitation", booked, 0);
    await seen(reader, `scheduling-invitation-${guest.zone.replace("/", "-")}`);
    first.set(guest, { link: await linkIn(mail, "Join the call"), uid: mail.calendar?.uid ?? "" });
  }
  expect(new Set([...first.values()].map(({ link }) => link)).size, "each has a link of their own").toBe(2);

  for (const [at, revision] of [
    [moved, 1],
    [movedAgain, 2],
  ] as const) {
    await move(rep, at);
    await seen(rep, `scheduling-moved-${revision}`);
    for (const guest of guests) {
      const mail = await told(reader, guest, "Changed", at, revision);
      await expect(mail.letter.locator("body")).toContainText("It was planned for");
      expect(mail.calendar?.uid, "the same event").toBe(first.get(guest)?.uid);
      expect(await linkIn(mail, "Join the call"), "the same link").toBe(first.get(guest)?.link);
    }
    await seen(reader, `scheduling-change-${revision}`);
  }

  const prospect = await person(browser, kenji.zone, 360);
  await prospect.goto(first.get(kenji)?.link ?? "");
  await expect(prospect.getByRole("heading", { name: title })).toBeVisible();
  await expect(
    prospect.locator(`time[datetime^="${movedAgain.toISOString().slice(0, 16)}"]`).first(),
  ).toBeVisible();
  await seen(prospect, "scheduling-link-after-moves");

  await rep.goto(`/calls?view=grid&week=${wall(movedAgain, HOST_ZONE).slice(0, 10)}`);
  await expect(rep.getByTestId("week-call").filter({ hasText: title })).toBeVisible();
  await look(rep, "scheduling-week");

  await rep.goto(callPage);
  await rep.setViewportSize({ width: 1280, height: 800 });
  await rep.getByRole("button", { name: "Cancel the call" }).click();
  const question = rep.getByRole("dialog");
  await question.getByLabel("Reason").fill("Snow on all roads");
  await seen(rep, "scheduling-cancel");
  await question.getByRole("button", { name: "Cancel the call" }).click();
  await expect(rep.getByText("This call was cancelled")).toBeVisible();
  for (const guest of guests) {
    const mail = await told(reader, guest, "Cancelled", movedAgain, 3);
    await expect(mail.letter.locator("body")).toContainText("Snow on all roads");
    expect(mail.calendar?.uid).toBe(first.get(guest)?.uid);
    await prospect.goto("about:blank");
    await prospect.goto(first.get(guest)?.link ?? "");
    await expect(prospect.getByRole("heading", { name: "This call was cancelled" })).toBeVisible();
  }
  await look(reader, "scheduling-cancellation");
  await seen(prospect, "scheduling-link-after-cancellation");

  await rep.getByRole("button", { name: `What happened with ${kenji.name}` }).click();
  const timeline = rep.getByTestId("timeline");
  await expect(timeline.locator("[data-what=mail_sent]")).toHaveText([
    /Invitation taken.*250/,
    /Change of the call taken.*250/,
    /Change of the call taken.*250/,
    /Cancellation taken.*250/,
  ]);
  await expect(timeline.locator("[data-what=link_opened]")).toHaveCount(1);
  await look(rep, "scheduling-timeline");
});

test("a guest who is alone with the host moves the call, and gives it up, by the links of the mail", async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const stamp = Date.now() % 1_000_000;
  const title = `Rooftop units ${stamp}`;
  const kenji: GuestOf = { name: "Kenji Itō", email: `kenji-${stamp}@example.com`, zone: "Asia/Kolkata" };
  const booked = ahead(9, "11:00");

  const rep = await person(browser, HOST_ZONE);
  await rep.goto("/demo/rep");
  await expect(rep).toHaveURL(/\/calls$/);
  const answer = await rep.request.post("/api/v1/calls", {
    data: {
      title,
      kind: "assisted",
      starts_at: booked.toISOString(),
      time_zone: HOST_ZONE,
      duration_minutes: MINUTES,
      invitees: [{ name: kenji.name, email: kenji.email, time_zone: kenji.zone }],
    },
  });
  expect(answer.status()).toBe(201);
  const call = await answer.json();

  const invitation = await told(rep, kenji, "Invitation", booked, 0);
  const join = await linkIn(invitation, "Join the call");
  const guest = await person(browser, kenji.zone, 360);
  await guest.goto(await linkIn(invitation, "Another time"));
  await guest.getByTestId("free-day").nth(1).click();
  await guest.getByTestId("free-time").first().click();
  await seen(guest, "scheduling-manage");
  await guest.getByTestId("move-button").click();
  await expect(guest.getByText("Your link stays the same.")).toBeVisible();

  const now = await (await rep.request.get(`/api/v1/calls/${call.call_id}`)).json();
  const movedTo = new Date(now.starts_at);
  expect(now.revision).toBe(1);
  expect(movedTo.getTime()).not.toBe(booked.getTime());
  const giveUp = await linkIn(await told(rep, kenji, "Changed", movedTo, 1), "Cancel");
  const me = await (await rep.request.get("/api/v1/me")).json();
  const ownersMail = await openMail(rep, me.email, new RegExp(`^${kenji.name} has moved the call: ${title}`));
  await expect(ownersMail.letter.locator("body")).toContainText(`${time(movedTo, HOST_ZONE)}–`);
  await seen(rep, "scheduling-owner-is-told");

  await guest.goto("about:blank");
  await guest.goto(giveUp);
  await guest.getByLabel("Why, if you want to say").fill("The project is stopped");
  await guest.getByTestId("give-up-button").click();
  await expect(guest.getByText("You are out of this call")).toBeVisible();
  await seen(guest, "scheduling-given-up");
  await told(rep, kenji, "Cancelled", movedTo, 2);
  const last = await openMail(rep, me.email, new RegExp(`^${kenji.name} has cancelled the call: ${title}`));
  await expect(last.letter.locator("body")).toContainText("The project is stopped");
  await guest.goto("about:blank");
  await guest.goto(join);
  await expect(guest.getByRole("heading", { name: "This call was cancelled" })).toBeVisible();
});
