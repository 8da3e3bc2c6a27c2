import { type Browser, expect, type Page, test } from "@playwright/test";
import { look } from "./look";
import { heardEnergy, keptFromWire, recordWire, textStreams } from "./wire";

// The microphone of the prospect is a WAV that says this, over and over.
const SAID = /expensive/i;
const MAIL_WITHIN_MS = 40_000;
const REVIEW_WITHIN_MS = 90_000;

async function person(browser: Browser, viewport = { width: 1280, height: 800 }): Promise<Page> {
  return (await browser.newContext({ viewport })).newPage();
}

/** Opens the newest mail that has these words in its subject; the mailbox shows it when it has come. */
async function openMail(page: Page, subject: RegExp) {
  const row = page.getByTestId("mail-row").filter({ hasText: subject }).first();
  await expect(async () => {
    await page.goto("/mailbox");
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: MAIL_WITHIN_MS });
  await row.click();
  await expect(page.getByTestId("mail")).toBeVisible();
  return page.frameLocator("iframe");
}

test("from booking to the manager's mail: three people, one call", async ({ browser }) => {
  test.setTimeout(300_000);
  const company = `Brandt Logistics ${Date.now() % 100_000}`;

  const rep = await person(browser);
  await recordWire(rep);
  await rep.goto("/demo/rep");
  await expect(rep).toHaveURL(/\/calls$/);
  await look(rep, "journey-calls");
  await rep.goto("/calls/new");
  await rep.getByRole("button", { name: "New lead" }).click();
  const lead = rep.getByRole("dialog", { name: "New lead" });
  await lead.getByLabel("Name").fill("Nadia Brandt");
  await lead.getByLabel("Company").fill(company);
  await lead.getByLabel("E-mail").fill("nadia@example.com");
  await lead.locator("button[type=submit]").click();
  await expect(lead).toBeHidden();
  await expect(rep.getByLabel("E-mail")).toHaveValue("nadia@example.com");
  await rep.getByRole("combobox", { name: "Question set" }).click();
  await rep
    .getByRole("option")
    .filter({ hasText: /questions\)/ })
    .first()
    .click();
  await look(rep, "journey-booking");
  await rep.setViewportSize({ width: 1280, height: 800 });
  await rep.getByRole("button", { name: "Start now" }).dblclick();
  await expect(rep).toHaveURL(/\/calls\/[0-9a-f-]{36}/, { timeout: 15_000 });
  const callId = /calls\/([0-9a-f-]{36})/.exec(rep.url())?.[1] ?? "";
  const booked = await (await rep.request.get(`/api/v1/calls?search=${encodeURIComponent(company)}`)).json();
  expect(booked.items, "a double click books one call").toHaveLength(1);

  const manager = await person(browser);
  await manager.goto("/demo/manager");
  await expect(manager).toHaveURL(/\/calls$/);
  const invitation = await openMail(manager, /invit|call/i);
  await look(manager, "journey-invitation");
  const link = await invitation.getByRole("link", { name: /Join the call/ }).getAttribute("href");
  expect(link).toMatch(/\/join#/);

  await rep.goto(`/calls/${callId}/room`);
  await rep.getByTestId("rep-join-button").click();
  await expect(rep.getByTestId("agent-state")).toBeVisible({ timeout: 30_000 });

  const prospect = await person(browser, { width: 390, height: 844 });
  await recordWire(prospect);
  await prospect.goto(link ?? "");
  await expect(prospect.getByTestId("join-name")).toHaveValue("Nadia Brandt");
  await prospect.getByTestId("join-consent-record").click();
  await prospect.getByTestId("join-button").click();
  await expect(
    prospect.locator("[data-testid=caption][data-final=true]", { hasText: SAID }).first(),
  ).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => heardEnergy(prospect), { timeout: 30_000 }).toBeGreaterThan(0.001);

  await expect(rep.getByTestId("nudge-card")).toBeVisible({ timeout: 60_000 });
  if (process.env.PARLEY_SHOTS) {
    await rep.screenshot({ path: `${process.env.PARLEY_SHOTS}/journey-mail-room-rep.png` });
    await prospect.screenshot({ path: `${process.env.PARLEY_SHOTS}/journey-mail-room-prospect.png` });
  }
  await rep.getByTestId("nudge-done").click();
  await expect(prospect.getByTestId("nudge-card")).toHaveCount(0);
  expect(textStreams(await keptFromWire(rep)).topics).toContain("nudge");
  expect(new Set(textStreams(await keptFromWire(prospect)).topics)).toEqual(new Set(["lk.transcription"]));
  await expect
    .poll(async () => {
      const { items } = await (await rep.request.get(`/api/v1/calls/${callId}/nudges`)).json();
      return items.map(({ state }: { state: string }) => state);
    })
    .toContain("acted");

  await rep.getByTestId("end-call").click();
  await rep.getByTestId("end-call-confirm").click();
  await expect(prospect.getByText("The call has ended")).toBeVisible({ timeout: 15_000 });
  await expect
    .poll(async () => (await (await rep.request.get(`/api/v1/calls/${callId}/review`)).json()).status, {
      timeout: REVIEW_WITHIN_MS,
    })
    .toBe("done");

  const summary = await openMail(manager, new RegExp(company));
  await look(manager, "journey-summary");
  await manager.setViewportSize({ width: 1280, height: 800 });
  const opened = manager.context().waitForEvent("page");
  await summary.getByRole("link", { name: /Open the review/ }).click();
  const review = await opened;
  await expect(review).toHaveURL(new RegExp(`/calls/${callId}`));
  const evidence = review.getByTestId("evidence").first();
  await expect(evidence).toBeVisible({ timeout: 15_000 });
  const quote = (await evidence.locator("q").innerText()).trim();
  await evidence.click();
  const marked = review.getByTestId("transcript").locator("mark").first();
  await expect(marked).toBeInViewport();
  expect(quote.toLowerCase()).toContain((await marked.innerText()).trim().toLowerCase().slice(0, 20));
  await look(review, "journey-review");
});
