import { expect, type Page, test } from "@playwright/test";

const MAIL_WITHIN_MS = 40_000;

/** What the Content-Security-Policy of the real server has kept from this page and its frames, as it happens. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.exposeBinding("kept", (_, what: string) => found.push(what));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      const told = `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`;
      (window as unknown as { kept(what: string): void }).kept(`${location.href}: ${told}`);
    });
  });
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) found.push(message.text());
  });
  return found;
}

test("the policy keeps nothing of ours from any page, and everything else", async ({ page }) => {
  test.setTimeout(180_000);
  const kept = await violations(page);
  await page.goto("/sign-in");
  await expect(page.getByRole("heading").first()).toBeVisible();

  await page.goto("/demo/admin");
  await expect(page).toHaveURL(/\/calls$/);
  const demo = await (await page.request.get("/api/v1/demo")).json();
  const sets = await (await page.request.get("/api/v1/question-sets")).json();
  const leads = await (await page.request.get("/api/v1/leads")).json();
  const booked = await page.request.post("/api/v1/calls", {
    data: {
      title: "A call with a mail",
      kind: "discovery",
      starts_now: true,
      question_set_id: sets.items[0].question_set_id,
      invitees: [{ name: "Nadia Brandt", email: "nadia@example.com" }],
    },
  });
  expect(booked.status()).toBe(201);
  const paths = [
    "/calls",
    `/calls/${demo.call.call_id}`,
    `/calls/${demo.call.call_id}/room`,
    "/leads",
    `/leads/${leads.items[0].lead_id}`,
    "/question-sets",
    "/question-sets/new",
    `/question-sets/${sets.items[0].question_set_id}`,
    "/people",
    "/audit",
    "/profile",
    "/settings",
    "/mailbox",
    "/nothing/here",
  ];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.locator("#root > :not(style)").first()).toBeVisible();
    await page.waitForLoadState("networkidle");
  }

  // A dialog and a list that opens: they write styles when they open.
  await page.goto("/calls/new");
  await page.getByRole("button", { name: "New lead" }).click();
  await expect(page.getByRole("dialog", { name: "New lead" })).toBeVisible();
  expect(
    await page.evaluate(() => getComputedStyle(document.body).overflow),
    "the page behind stands still",
  ).toBe("hidden");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Question set" }).click();
  await expect(page.getByRole("option").first()).toBeVisible();

  // A mail brings its own styles, which are still there.
  const row = page.getByTestId("mail-row").first();
  await expect(async () => {
    await page.goto("/mailbox");
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: MAIL_WITHIN_MS });
  await row.click();
  const mail = page.frameLocator("iframe");
  await expect(mail.locator("body")).toHaveCSS("background-color", "rgb(255, 255, 255)");
  const link = mail.locator("a").first();
  await expect(link).toBeVisible();
  expect(await link.evaluate((a) => (a as HTMLElement).style.length)).toBeGreaterThan(0);

  for (const link of [demo.join_link, demo.join_link.replace("/join#", "/manage#")]) {
    await page.goto(link);
    await expect(page.getByRole("heading").first()).toBeVisible();
    await page.waitForLoadState("networkidle");
  }
  expect(kept).toEqual([]);

  const refused = await page.evaluate(async () => {
    const style = document.createElement("style");
    style.textContent = "body { outline: 3px solid red }";
    document.head.append(style);
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    const elsewhere = await fetch("https://example.org/").then(
      () => "reached",
      () => "kept",
    );
    return { outline: getComputedStyle(document.body).outlineStyle, ran: "ran" in window, elsewhere };
  });
  expect(refused).toEqual({ outline: "none", ran: false, elsewhere: "kept" });
  expect(kept.length).toBeGreaterThanOrEqual(3);
});
