import { expect, type Page, test } from "@playwright/test";
import type { NewCall } from "../src/api/types";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

test.use({ timezoneId: "Europe/Berlin" });

const booked = made.call({ call_id: "call-9" });
const base = {
  "GET /me": made.json(made.me),
  "GET /users": made.json({
    items: [
      { user_id: "user-1", name: "Mara Chen", email: "mara@example.com", role: "manager" },
      { user_id: "user-2", name: "Ben Okafor", email: "ben@example.com", role: "rep" },
    ],
    next_cursor: null,
  }),
  "GET /leads": made.json({ items: data.leads, next_cursor: null }),
  "GET /question-sets": made.json({
    items: [
      data.questionSet,
      { ...data.questionSet, question_set_id: "set-2", title: "Empty one", questions: [] },
    ],
    next_cursor: null,
  }),
  "GET /calls/conflicts": made.json({ items: [] }),
  "POST /calls/recipients": made.json({ items: data.recipients }),
  "GET /calls/call-9": made.json(booked),
  "GET /calls/call-9/recipients": made.json({ items: data.recipients }),
  "GET /calls/call-9/emails": made.json({ items: [] }),
  "GET /calls/call-9/coverage": made.json({ items: [] }),
};

/** Answers POST /calls, and tells what was sent. */
async function book(page: Page, ...answers: Parameters<typeof made.json>[0][]) {
  const sent: { key: string | undefined; body: NewCall }[] = [];
  await page.route("**/api/v1/calls", (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    sent.push({ key: route.request().headers()["idempotency-key"], body: route.request().postDataJSON() });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    return route.fulfill(answer as ReturnType<typeof made.json>);
  });
  return sent;
}

async function choose(page: Page, label: string, option: string | RegExp) {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

test.describe("booking a call", () => {
  test.beforeEach(async ({ page }) => {
    await page.clock.setFixedTime(new Date("2026-11-24T09:10:00+01:00"));
    await made.answer(page, base);
  });

  test("books with a lead, both clocks in sight, and shows the links", async ({ page }) => {
    const sent = await book(page, made.json(booked, 201));
    await page.goto("/calls/new");
    await expect(page.getByRole("combobox", { name: "Owner" })).toHaveValue("Mara Chen");
    await look(page, "booking");
    await choose(page, "Lead", /Ana Lindqvist/);
    await expect(page.getByLabel("E-mail")).toHaveValue("ana@example.com");
    await expect(page.getByLabel("Title")).toHaveAttribute(
      "placeholder",
      "Discovery call with Brightside Foods",
    );
    await choose(page, "Question set", /Refrigeration discovery \(3 questions\)/);
    await page.getByLabel("Day").fill("2026-11-27");
    await page.getByLabel("Time", { exact: true }).fill("10:30");
    await page.getByRole("combobox", { name: "Time zone" }).first().fill("Tokyo");
    await page.getByRole("option", { name: "Asia/Tokyo" }).click();
    await expect(page.getByTestId("clocks")).toContainText(/You.*10:30( AM)? \(GMT\+1\), Europe\/Berlin/);
    await expect(page.getByTestId("clocks")).toContainText(
      /Ana Lindqvist.*(18:30|6:30 pm).*\(GMT\+9\), Asia\/Tokyo/i,
    );
    await page.getByRole("switch", { name: /^Recording/ }).click({ force: true });
    await expect(page.getByTestId("recipients")).toContainText("Invitation · Reminder");
    await look(page, "booking-filled");
    await page.getByRole("button", { name: "Book the call" }).dblclick();
    await expect(page).toHaveURL(/\/calls\/call-9$/);
    await expect(page.getByText("The call is booked")).toBeVisible();
    await expect(page.getByRole("button", { name: "Copy guest link" })).toBeVisible();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(sent[0]?.body).toEqual({
      title: "Discovery call with Brightside Foods",
      kind: "discovery",
      starts_at: "2026-11-27T09:30:00.000Z",
      time_zone: "Europe/Berlin",
      duration_minutes: 60,
      owner_id: "user-1",
      question_set_id: "set-1",
      lead_id: "lead-1",
      most_participants: 10,
      invitees: [{ name: "Ana Lindqvist", email: "ana@example.com", time_zone: "Asia/Tokyo" }],
      switches: { recording: false, transcript: true, coaching: true, sentiment: true, mail: true },
      starts_now: false,
    });
  });

  test("shows what is wrong at the field, keeps everything, and sends the same key again", async ({
    page,
  }) => {
    const refusal = made.problem(
      "malformed-request",
      "Something in the form is not right",
      422,
      "See what is marked.",
      {
        errors: [{ pointer: "/body/invitees/0/email", detail: "This address takes no mail." }],
      },
    );
    const sent = await book(page, refusal, made.json(booked, 201));
    await page.goto("/calls/new");
    await page.getByText("Assisted", { exact: true }).click();
    await page.getByLabel("Title").fill("Renewal");
    await page.getByLabel("Name").fill("Kenji");
    await page.getByLabel("E-mail").fill("kenji@nowhere");
    await page.getByRole("button", { name: "Book the call" }).click();
    await expect(page.getByText("This is not an e-mail address.")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toBeFocused();
    await page.getByLabel("E-mail").fill("kenji@example.com");
    await page.getByRole("button", { name: "Book the call" }).click();
    await expect(page.getByText("This address takes no mail.", { exact: true })).toBeVisible();
    await expect(page.getByRole("alert")).toContainText("What you entered is kept.");
    await expect(page.getByLabel("Title")).toHaveValue("Renewal");
    await look(page, "booking-refused");
    await page.getByLabel("E-mail").fill("kenji@example.org");
    await page.getByRole("button", { name: "Book the call" }).click();
    await expect(page).toHaveURL(/\/calls\/call-9$/);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  test("warns of what the owner has already, and books all the same", async ({ page }) => {
    await page.unrouteAll();
    await made.answer(page, {
      ...base,
      "GET /calls/conflicts": made.json({ items: [made.call({ title: "Quarterly with Halden" })] }),
    });
    await page.goto("/calls/new");
    await expect(page.getByText("has another call at that time")).toBeVisible();
    await expect(page.getByRole("button", { name: "Book the call" })).toBeEnabled();
    await look(page, "booking-conflict");
  });

  test("says what off means, and that coaching needs the transcript", async ({ page }) => {
    await page.goto("/calls/new");
    await page.getByRole("switch", { name: /^Transcript/ }).click({ force: true });
    await expect(page.getByText("the agent hears nobody")).toBeVisible();
    await expect(page.getByRole("switch", { name: /^Coaching/ })).toBeDisabled();
    await expect(page.getByRole("switch", { name: /^Coaching/ })).not.toBeChecked();
  });

  test("makes a lead on the way", async ({ page }) => {
    await page.unrouteAll();
    const fresh = { ...data.leads[1], lead_id: "lead-8", name: "Olga Petrenko", email: "olga@example.com" };
    await made.answer(page, { ...base, "POST /leads": made.json(fresh, 201) });
    await page.goto("/calls/new");
    await page.getByRole("button", { name: "New lead" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Olga Petrenko");
    await dialog.getByRole("button", { name: "Add the lead" }).click();
    await expect(dialog.getByText("Write the company.")).toBeVisible();
    await look(page, "booking-new-lead");
    await dialog.getByLabel("Company").fill("Halden & Sons");
    await dialog.getByRole("button", { name: "Add the lead" }).click();
    await expect(page.getByRole("combobox", { name: "Lead", exact: true })).toHaveValue(/Olga Petrenko/);
    await expect(page.getByLabel("E-mail")).toHaveValue("olga@example.com");
  });

  test("starts now, with the room at once", async ({ page }) => {
    const sent = await book(page, made.json(booked, 201));
    await page.goto("/calls/new");
    await page.getByText("Assisted", { exact: true }).click();
    await page.getByRole("button", { name: "Start now" }).click();
    await expect(page.getByText("A call needs a guest.")).toBeVisible();
    await expect(page.getByLabel("Name")).toBeFocused();
    await page.getByLabel("Name").fill("Kenji");
    await page.getByRole("button", { name: "Start now" }).click();
    await expect(page).toHaveURL(/\/calls\/call-9\/room$/);
    expect(sent[0]?.body).toMatchObject({
      starts_now: true,
      kind: "assisted",
      question_set_id: null,
      invitees: [{ name: "Kenji", email: null, time_zone: null }],
    });
  });

  test("has the default question set chosen, which is no work to be lost", async ({ page }) => {
    const usual = { ...data.questionSet, question_set_id: "set-3", title: "The usual one", is_default: true };
    await page.unrouteAll();
    await made.answer(page, {
      ...base,
      "GET /question-sets": made.json({ items: [data.questionSet, usual], next_cursor: null }),
    });
    await page.goto("/calls/new");
    await expect(page.getByRole("combobox", { name: "Question set" })).toHaveValue(/The usual one/);
    await page.getByRole("link", { name: "Leads" }).click();
    await expect(page).toHaveURL(/\/leads$/);
  });

  test("asks before unsaved work is left", async ({ page }) => {
    await page.goto("/calls/new");
    await page.getByLabel("Title").fill("Renewal");
    await page.getByRole("link", { name: "Leads" }).click();
    await expect(page.getByText("Leave without saving?")).toBeVisible();
    await page.getByRole("button", { name: "Stay here" }).click();
    await expect(page.getByLabel("Title")).toHaveValue("Renewal");
    await page.getByRole("link", { name: "Leads" }).click();
    await page.getByRole("button", { name: "Leave without saving" }).click();
    await expect(page).toHaveURL(/\/leads$/);
  });
});
