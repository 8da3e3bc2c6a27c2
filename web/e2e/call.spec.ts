import { expect, type Page, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

const about = {
  "GET /me": made.json(made.me),
  "GET /calls/call-1/emails": made.json({ items: data.emails }),
  "GET /calls/call-1/coverage": made.json({ items: data.coverage }),
  "GET /calls/call-1/nudges": made.json({ items: data.nudges }),
  "GET /calls/call-1/transcript": made.json({ items: data.segments }),
  "GET /calls/call-1/review": made.json(data.done),
};

const open = async (page: Page, call: object, more: Parameters<typeof made.answer>[1] = {}) => {
  await made.answer(page, { ...about, "GET /calls/call-1": made.json(call), ...more });
  await page.goto("/calls/call-1");
};

test.describe("a call that is ahead", () => {
  const kenji = {
    invitee_id: "invitee-2",
    name: "Kenji Ito",
    email: "kenji@example.com",
    time_zone: "Asia/Tokyo",
    join_link: "http://127.0.0.1:4310/join#other",
    ...made.untouched,
  };
  const ahead = made.call({ invitees: [...made.call().invitees, kenji] });

  test("shows its guests with their links and how their mail went", async ({ page }) => {
    await open(page, ahead);
    const guests = page.getByTestId("guests").getByRole("listitem");
    await expect(guests).toHaveCount(2);
    await expect(guests.first()).toContainText("Invitation sent");
    await expect(guests.last()).toContainText("Invitation not delivered: The server knows no such address.");
    await expect(guests.last()).toContainText("(GMT+9)");
    await expect(page.getByRole("link", { name: "Open the room" })).toHaveAttribute(
      "href",
      "/calls/call-1/room",
    );
    await expect(page.getByText("What the agent will ask")).toBeVisible();
    await look(page, "call-ahead");
  });

  test("copies a guest's link", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, ahead);
    await page.getByRole("button", { name: "Copy guest link" }).first().click();
    await expect(page.getByText("Copied")).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(ahead.invitees[0]?.join_link);
  });

  test("offers the way in while it goes on", async ({ page }) => {
    await open(page, { ...ahead, status: "live", participants_present: 2 });
    await expect(page.getByRole("link", { name: "Join" })).toBeVisible();
    await expect(page.getByText("2 people are in the room.")).toBeVisible();
    await look(page, "call-live");
  });

  test("that was cancelled says so", async ({ page }) => {
    await open(page, { ...ahead, status: "cancelled" });
    await expect(page.getByText("This call was cancelled")).toBeVisible();
    await expect(page.getByRole("link", { name: /room|Join/ })).toHaveCount(0);
  });
});

test.describe("a call that is over", () => {
  test("says what it was, why it scored so, and leads to the words", async ({ page }) => {
    await open(page, data.over);
    await expect(page.getByTestId("summary").getByRole("heading")).toContainText("freezers of 42 stores");
    await expect(page.getByTestId("score")).toContainText("74 of 100");
    await expect(page.getByTestId("lead-status")).toHaveText("Lead: Call booked → Qualified");
    await expect(page.getByText("€400,000 – €500,000 a year")).toBeVisible();
    await expect(page.getByText("2 of 4 answered")).toBeVisible();
    await expect(page.getByText("1 of 2 done")).toBeVisible();
    await look(page, "call-over");
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByTestId("evidence").filter({ hasText: "simply too expensive" }).first().click();
    const said = page.getByTestId("transcript").locator("[data-here]");
    await expect(said).toContainText("Your offer last year");
    await expect(said.locator("mark")).toHaveText("simply too expensive");
    await expect(said).toBeInViewport();
    await expect(said).toBeFocused();
    await expect(page).toHaveURL(/at=segment-9/);
    await look(page, "call-over-quote");
    await page.reload();
    await expect(page.getByTestId("transcript").locator("[data-here]")).toContainText("Your offer last year");
  });

  test("goes to the words on a phone too", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, data.over);
    await page.getByRole("link", { name: "To the transcript" }).click();
    await expect(page.getByRole("heading", { name: "Transcript" })).toBeInViewport();
    await page.getByTestId("evidence").first().click();
    await expect(page.getByTestId("transcript").locator("[data-here] mark")).toBeInViewport();
  });

  test("has its transcript searched", async ({ page }) => {
    await open(page, data.over);
    await page.getByRole("searchbox", { name: "Search the transcript" }).fill("figures");
    await expect(page.getByText("1 of 1")).toBeVisible();
    await expect(page.getByTestId("transcript").locator("mark")).toHaveText(["figures"]);
    await page.getByRole("searchbox").fill("the");
    await page.getByRole("button", { name: "Next place" }).click();
    await expect(page.getByText(/^2 of \d$/)).toBeVisible();
  });

  test("shows the steps while the review is made, and then the review by itself", async ({ page }) => {
    await open(page, data.over, { "GET /calls/call-1/review": made.json(data.running) });
    const steps = page.getByTestId("review-steps").getByRole("listitem");
    await expect(steps).toHaveText(["Transcript", "Analysis", "Lead", "Mail"]);
    await expect(steps.nth(1)).toHaveAttribute("data-state", "running");
    await look(page, "call-review-running");
    await page.route("**/review", (route) => route.fulfill(made.json(data.done)));
    await expect(page.getByTestId("summary")).toBeVisible();
  });

  test("says why the review failed and runs it again", async ({ page }) => {
    await open(page, data.over, {
      "GET /calls/call-1/review": made.json(data.failed),
      "POST /calls/call-1/review/runs": made.json({}, 202),
    });
    await expect(page.getByText("ran out of time")).toBeVisible();
    await look(page, "call-review-failed");
    await page.route("**/review", (route) => route.fulfill(made.json(data.running)));
    await page.getByRole("button", { name: "Run again" }).click();
    await expect(page.getByText("The review is being made")).toBeVisible();
  });

  test("without a transcript says that there is nothing to review", async ({ page }) => {
    const off = { ...made.call().switches, transcript: false, coaching: false, sentiment: false };
    await open(
      page,
      { ...data.over, switches: off },
      { "GET /calls/call-1/review": made.json({ ...data.done, status: "none", steps: [], review: null }) },
    );
    await expect(page.getByText("There is no review")).toBeVisible();
    await look(page, "call-no-transcript");
  });
});

test("a call that is not there, and one that loads", async ({ page }) => {
  await made.answer(page, { "GET /me": made.json(made.me) });
  await page.goto("/calls/call-1");
  await expect(page.getByRole("heading", { name: "This call is not here" })).toBeVisible();
  await look(page, "call-unknown");
  await page.unrouteAll();
  await made.answer(page, { "GET /me": made.json(made.me), "GET /calls/call-1": "hang" });
  await page.reload();
  await expect(page.getByRole("status", { name: "Loading the call" })).toBeVisible();
  await look(page, "call-loading");
});
