import { expect, type Page, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

test.use({ timezoneId: "Europe/Berlin" });

const about = {
  "GET /me": made.json(made.me),
  "GET /calls/call-1/emails": made.json({ items: data.emails }),
  "GET /calls/call-1/coverage": made.json({ items: data.coverage }),
  "GET /calls/call-1/nudges": made.json({ items: data.nudges }),
  "GET /calls/call-1/transcript": made.json({ items: data.segments }),
  "GET /calls/call-1/review": made.json(data.done),
  "GET /calls/call-1/recipients": made.json({ items: data.recipients }),
  "GET /users": made.json({
    items: [
      { user_id: "user-1", name: "Mara Chen", email: "mara@example.com", role: "manager" },
      { user_id: "user-2", name: "Ben Okafor", email: "ben@example.com", role: "rep" },
    ],
    next_cursor: null,
  }),
  "GET /question-sets": made.json({ items: [data.questionSet], next_cursor: null }),
  "GET /calls/conflicts": made.json({ items: [] }),
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
    calendar_answer: "declined" as const,
  };
  const ahead = made.call({ invitees: [...made.call().invitees, kenji] });

  test("shows its guests with their links and how their mail went", async ({ page }) => {
    await open(page, ahead);
    const guests = page.getByTestId("guests").getByRole("listitem");
    await expect(guests).toHaveCount(2);
    await expect(guests.first()).toContainText("Invitation sent");
    await expect(guests.last()).toContainText("Invitation not delivered: The server knows no such address.");
    await expect(guests.last()).toContainText("(GMT+9)");
    await expect(guests.last()).toContainText("Said no by calendar");
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

  test("says who is written to, each once", async ({ page }) => {
    await open(page, ahead);
    const people = page.getByTestId("recipients").getByRole("listitem");
    await expect(people).toHaveText([
      /Ana Lindqvist.*guest.*Invitation · Reminder/,
      /Kenji Ito.*Gets no mail: the address was dead/,
      /Ben Okafor.*owner.*Reminder · Summary/,
    ]);
  });

  test("is moved, after saying who is written to; a late form is told that somebody was faster", async ({
    page,
  }) => {
    const sent: unknown[] = [];
    await open(page, { ...ahead, revision: 2 });
    await page.route("**/api/v1/calls/call-1", (route) => {
      if (route.request().method() === "PATCH") sent.push(route.request().postDataJSON());
      else if (sent.length < 2) return route.fallback();
      return route.fulfill(
        sent.length === 1
          ? made.problem("call-changed", "Somebody else has changed this call", 409, "Look at it again.")
          : made.json({ ...ahead, revision: 3, title: "Renewal" }),
      );
    });
    await page.getByRole("button", { name: "Move or change" }).click();
    const form = page.getByRole("form", { name: "Move or change the call" });
    await expect(form.getByTestId("who-is-told")).toHaveText("Nothing is changed yet.");
    await expect(form.getByRole("button", { name: "Save the change" })).toBeDisabled();
    await form.getByLabel("Day").fill("2030-03-04");
    await form.getByLabel("Time", { exact: true }).fill("09:15");
    await expect(form.getByTestId("clocks")).toContainText("Kenji Ito");
    await expect(form.getByTestId("who-is-told")).toContainText("Ana Lindqvist and Kenji Ito get a mail");
    await look(page, "call-move");
    await form.getByRole("button", { name: "Move the call" }).click();
    await expect(form.getByText("Somebody else has changed this call")).toBeVisible();
    expect(sent[0]).toEqual({ starts_at: "2030-03-04T08:15:00.000Z", revision: 2 });
    await form.getByRole("button", { name: "See it as it is now" }).click();
    await page.getByRole("button", { name: "Move or change" }).click();
    await form.getByLabel("Title").fill("Renewal");
    await form.getByRole("button", { name: "Save the change" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Renewal" })).toBeVisible();
    await expect(page.getByText("The call is changed")).toBeVisible();
    expect(sent[1]).toEqual({ title: "Renewal", revision: 2 });
  });

  test("is cancelled with a reason", async ({ page }) => {
    const cancelled = { ...ahead, status: "cancelled", cancelled_at: made.inHours(0), cancel_reason: "Snow" };
    await open(page, ahead, { "PUT /calls/call-1/cancellation": made.json(cancelled) });
    await page.getByRole("button", { name: "Cancel the call" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText(
      "Ana Lindqvist and Kenji Ito get a mail that takes it off their calendar.",
    );
    await dialog.getByLabel("Reason").fill(" Snow ");
    await look(page, "call-cancel");
    const sent = page.waitForRequest((request) => request.method() === "PUT");
    await page.route("**/api/v1/calls/call-1", (route) => route.fulfill(made.json(cancelled)));
    await dialog.getByRole("button", { name: "Cancel the call" }).click();
    expect((await sent).postDataJSON()).toEqual({ reason: "Snow", revision: 0 });
    await expect(page.getByText("This call was cancelled")).toBeVisible();
  });

  test("is copied to another time", async ({ page }) => {
    const copy = made.call({ call_id: "call-2", title: "The copy" });
    await open(page, ahead, {
      "POST /calls/call-1/copies": made.json(copy, 201),
      "GET /calls/call-2": made.json(copy),
    });
    await page.getByRole("button", { name: "Copy the call" }).click();
    const form = page.getByRole("form", { name: "Copy the call" });
    await form.getByLabel("Day").fill("2030-03-04");
    await form.getByLabel(/^Time in/).fill("09:15");
    await look(page, "call-copy");
    const sent = page.waitForRequest((request) => request.method() === "POST");
    await form.getByRole("button", { name: "Book the copy" }).click();
    expect((await sent).postDataJSON()).toEqual({ starts_at: "2030-03-04T08:15:00.000Z" });
    expect((await sent).headers()["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
    await expect(page).toHaveURL(/\/calls\/call-2$/);
    await expect(page.getByText("The call is booked")).toBeVisible();
  });

  test("has each address once", async ({ page }) => {
    const there = made.problem("already-there", "This is there already", 409, "There is such an invitee.");
    await open(page, ahead, { "POST /calls/call-1/invitees": there });
    await page.getByRole("button", { name: "Add a guest" }).click();
    const form = page.getByRole("form", { name: "Add a guest" });
    await form.getByLabel("Name").fill("Kenji");
    await form.getByLabel("E-mail").fill("kenji@example.com");
    await form.getByRole("button", { name: "Add the guest" }).click();
    await expect(form.getByText("Somebody in this call has this address already.")).toBeVisible();
  });

  test("gets one more guest, and writes to one again", async ({ page }) => {
    const olga = { ...kenji, invitee_id: "invitee-3", name: "Olga Petrenko", email: "olga@example.com" };
    await open(page, ahead, {
      "POST /calls/call-1/invitees": made.json({ ...ahead, invitees: [...ahead.invitees, olga] }, 201),
      "POST /calls/call-1/invitees/invitee-2/mails": { status: 202, body: "" },
    });
    await page.getByRole("button", { name: "Send the mail to Kenji Ito again" }).click();
    await expect(page.getByText("Sent again")).toBeVisible();
    await page.getByRole("button", { name: "Add a guest" }).click();
    const form = page.getByRole("form", { name: "Add a guest" });
    await form.getByLabel("Name").fill("Olga Petrenko");
    await expect(form.getByRole("status")).toContainText("Without an address nothing is mailed.");
    await form.getByLabel("E-mail").fill("olga@example.com");
    await expect(form.getByRole("status")).toContainText("They get an invitation by mail");
    await look(page, "call-add-guest");
    const sent = page.waitForRequest((request) => request.url().endsWith("/invitees"));
    await form.getByRole("button", { name: "Add the guest" }).click();
    expect((await sent).postDataJSON()).toEqual({
      name: "Olga Petrenko",
      email: "olga@example.com",
      time_zone: null,
    });
    await expect(page.getByText("Olga Petrenko is invited")).toBeVisible();
  });

  test("tells what happened with each guest", async ({ page }) => {
    await open(page, ahead, {
      "GET /calls/call-1/invitees/invitee-1/timeline": made.json({ items: data.moments }),
    });
    await page.getByRole("button", { name: "What happened with Ana Lindqvist" }).click();
    const moments = page.getByTestId("timeline").getByRole("listitem");
    await expect(moments).toHaveText([
      /Invitation taken.*mx\.example: 250 2\.0\.0 Ok/,
      /Opened the link/,
      /Said yes by calendar/,
      /Reminder planned/,
    ]);
    await look(page, "call-timeline");
  });

  test("that was cancelled says so", async ({ page }) => {
    const cancelled_at = made.inHours(-1);
    await open(page, { ...ahead, status: "cancelled", cancelled_at, cancel_reason: "Ana is ill" });
    await expect(page.getByText("This call was cancelled")).toBeVisible();
    await expect(page.getByText("Ana is ill")).toBeVisible();
    await expect(page.getByRole("button", { name: /Move|Cancel the call/ })).toHaveCount(0);
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
