import { expect, test } from "@playwright/test";
import { heardEnergy, keptFromWire, recordWire, textStreams } from "./wire";

// The microphone of the prospect is a WAV that says this, over and over.
const SAID = /expensive/i;

test("a prospect talks with the agent, and only the rep sees the nudge", async ({ browser, request }) => {
  test.setTimeout(120_000);
  const demo = await (await request.get("/api/v1/demo")).json();

  const rep = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await recordWire(rep);
  await rep.goto("/demo/rep");
  await expect(rep).toHaveURL(/\/calls$/);
  await rep.goto(`/calls/${demo.call.call_id}/room`);
  await rep.getByTestId("rep-join-button").click();
  await expect(rep.getByTestId("agent-state")).toBeVisible({ timeout: 20_000 });

  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const prospect = await (await browser.newContext(phone)).newPage();
  await recordWire(prospect);
  await prospect.goto(demo.join_link);
  await expect(prospect.getByTestId("join-name")).toHaveValue("Robin Finch");
  await expect
    .poll(async () => Number(await prospect.getByTestId("mic-level").getAttribute("data-level")), {
      timeout: 15_000,
    })
    .toBeGreaterThan(0);
  await prospect.getByTestId("join-consent-record").click();
  await prospect.getByTestId("join-button").click();

  const own = prospect.locator("[data-testid=caption][data-final=true]", { hasText: SAID });
  await expect(own.first()).toBeVisible({ timeout: 45_000 });
  await expect.poll(() => heardEnergy(prospect), { timeout: 20_000 }).toBeGreaterThan(0.001);

  await expect(rep.locator("[data-testid=rep-segment]", { hasText: SAID }).first()).toBeVisible({
    timeout: 20_000,
  });
  const nudge = rep.getByTestId("nudge-card");
  await expect(nudge).toBeVisible({ timeout: 45_000 });
  await expect(nudge.getByTestId("nudge-title")).toHaveText(/\w{3}/);
  if (process.env.PARLEY_SHOTS) {
    await rep.screenshot({ path: `${process.env.PARLEY_SHOTS}/journey-rep.png` });
    await prospect.screenshot({ path: `${process.env.PARLEY_SHOTS}/journey-prospect.png` });
  }

  const reachedRep = textStreams(await keptFromWire(rep));
  expect(reachedRep.topics, "the recorder works: the rep's page was sent the nudge").toContain("nudge");
  const reachedProspect = textStreams(await keptFromWire(prospect));
  expect(reachedProspect.topics.length, "the recorder works: captions came").toBeGreaterThan(3);
  expect(new Set(reachedProspect.topics)).toEqual(new Set(["lk.transcription"]));
  expect(reachedProspect.streams, "no stream whose topic was not understood").toBe(
    reachedProspect.topics.length,
  );
  await expect(prospect.getByTestId("nudge-card")).toHaveCount(0);

  await rep.getByTestId("end-call").click();
  await rep.getByTestId("end-call-confirm").click();
  await expect(prospect.getByText("The call has ended")).toBeVisible({ timeout: 15_000 });
});

test("the same link in a second tab says where the call went on", async ({ browser, request }) => {
  const demo = await (await request.get("/api/v1/demo")).json();
  const context = await browser.newContext();
  const first = await context.newPage();
  const second = await context.newPage();
  for (const tab of [first, second]) {
    await tab.goto(demo.join_link);
    await tab.getByTestId("join-consent-text").click();
    await tab.getByTestId("join-button").click();
    await expect(tab.getByTestId("leave-button")).toBeVisible({ timeout: 20_000 });
  }
  await expect(first.getByRole("button", { name: "Use it here instead" })).toBeVisible({ timeout: 15_000 });
  await second.getByTestId("leave-button").click();
});

test("a link that is not ours says so, and so does one whose call is over", async ({ page, request }) => {
  await page.goto("/join#not-a-link-of-ours");
  await expect(page.getByText("This link does not open a call")).toBeVisible();
  await request.post("/api/v1/demo/sign-ins", { data: { as: "rep" } });
  const demo = await (await request.get("/api/v1/demo")).json();
  const ended = await request.put(`/api/v1/calls/${demo.call.call_id}/ending`, { data: {} });
  expect(ended.status()).toBe(204);
  await page.goto("about:blank");
  await page.goto(demo.join_link);
  await expect(page.getByText(/has ended/i).first()).toBeVisible();
});
