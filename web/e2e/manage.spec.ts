import { expect, type Page, test } from "@playwright/test";
import type { ManagementView } from "../src/api/generated";
import * as made from "./answers";
import { look } from "./look";

/** At 10:00, 10:30 and 11:00 of three days of the browser, which are no two of them the same. */
const free = [2, 3, 4].flatMap((days) =>
  [0, 30, 60].map((minutes) => {
    const start = new Date();
    start.setDate(start.getDate() + days);
    start.setHours(10, minutes, 0, 0);
    return start.toISOString();
  }),
);

const management = (more: Partial<ManagementView> = {}): ManagementView => ({
  ...made.join({
    may_join: false,
    why_not: "early",
    starts_at: made.inHours(50),
    opens_at: made.inHours(49),
  }),
  revision: 2,
  may_move: true,
  may_cancel: true,
  prefers_text: false,
  free,
  ...more,
});

const open = (page: Page, wanted = "") => page.goto(`/manage${wanted}#${made.LINK}`);

const sentTo = (page: Page, path: string) => page.waitForRequest((request) => request.url().endsWith(path));

test.describe("managing by the link of the mail", () => {
  test("moves the call to a time at which the host is free", async ({ page }) => {
    const addresses: string[] = [];
    const view = management();
    const start = view.free[4] ?? "";
    await made.answer(page, {
      "POST /joins/management": made.json(view),
      "POST /joins/moves": made.json({ ...made.join(), starts_at: start }),
    });
    page.on("request", (request) => addresses.push(request.url()));
    await open(page, "?do=move");
    await expect(page.getByTestId("free-day")).toHaveCount(3);
    await expect(page.getByTestId("free-time")).toHaveCount(3);
    await expect(page.getByTestId("move-button")).toBeDisabled();
    await look(page, "manage");
    await page.getByTestId("free-time").first().click();
    await expect(page.getByTestId("move-button")).toBeEnabled();
    await page.getByTestId("free-day").nth(1).click();
    await expect(page.getByTestId("move-button"), "a time belongs to its day").toBeDisabled();
    await page.getByTestId("free-time").nth(1).click();
    await look(page, "manage-chosen");
    const sent = sentTo(page, "/joins/moves");
    await page.getByTestId("move-button").click();
    expect((await sent).postDataJSON()).toEqual({ link: made.LINK, starts_at: start, revision: 2 });
    await expect(page.getByText("Your link stays the same.")).toBeVisible();
    await look(page, "manage-moved");
    expect(addresses.filter((url) => url.includes(made.LINK) && !url.includes(`#${made.LINK}`))).toEqual([]);
  });

  test("shows the newer state when the call was changed meanwhile", async ({ page }) => {
    let asked = 0;
    await made.answer(page, {
      "POST /joins/moves": made.problem("call-changed", "The call was changed", 409, "Look at it again."),
    });
    await page.route("**/api/v1/joins/management", (route) => {
      asked += 1;
      return route.fulfill(made.json(management({ revision: asked })));
    });
    await open(page);
    await page.getByTestId("free-time").first().click();
    await page.getByTestId("move-button").click();
    await expect(page.getByText("The call was changed")).toBeVisible();
    await expect.poll(() => asked).toBe(2);
    await expect(page.getByTestId("move-button")).toBeDisabled();
    await page.getByTestId("free-time").first().click();
    const sent = sentTo(page, "/joins/moves");
    await page.getByTestId("move-button").click();
    expect((await sent).postDataJSON()).toMatchObject({ revision: 2 });
  });

  test("says why it cannot be moved", async ({ page }) => {
    await made.answer(page, {
      "POST /joins/management": made.json(management({ may_move: false, may_cancel: false, free: [] })),
    });
    await open(page);
    await expect(page.getByText("Others come too, so it cannot be moved from here.")).toBeVisible();
    await expect(page.getByText("It cannot be given up from here any more.")).toBeVisible();
    await look(page, "manage-neither");
    await page.unrouteAll();
    const soon = management({ may_move: false, free: [], starts_at: made.inHours(0.5) });
    await made.answer(page, { "POST /joins/management": made.json(soon) });
    await page.reload();
    await expect(page.getByText("It begins within the hour, so it cannot be moved from here.")).toBeVisible();
  });

  test("gives up only when asked twice, with a reason", async ({ page }) => {
    await made.answer(page, {
      "POST /joins/management": made.json(management()),
      "POST /joins/cancellations": { status: 204 },
    });
    const changes: string[] = [];
    page.on("request", (request) => {
      if (/cancellations|moves|preferences/.test(request.url())) changes.push(request.url());
    });
    await open(page, "?do=cancel");
    await expect(page.getByTestId("give-up-button")).toBeVisible();
    await look(page, "manage-cancel");
    expect(changes).toEqual([]);
    await page.getByLabel("Why, if you want to say").fill("I am ill");
    const sent = sentTo(page, "/joins/cancellations");
    await page.getByTestId("give-up-button").click();
    expect((await sent).postDataJSON()).toEqual({ link: made.LINK, reason: "I am ill" });
    await expect(page.getByText("You are out of this call")).toBeVisible();
    await look(page, "manage-out");
  });

  test("says that one prefers text", async ({ page }) => {
    let prefers_text = false;
    await made.answer(page, {});
    await page.route("**/api/v1/joins/management", (route) =>
      route.fulfill(made.json(management({ prefers_text }))),
    );
    await page.route("**/api/v1/joins/preferences", (route) => {
      ({ prefers_text } = route.request().postDataJSON() as { prefers_text: boolean });
      return route.fulfill({ status: 204 });
    });
    await open(page, "?do=text");
    const preference = page.getByRole("switch", { name: "I prefer text" });
    await expect(preference).not.toBeChecked();
    await preference.click();
    await expect(preference).toBeChecked();
    expect(prefers_text).toBe(true);
    await page.reload();
    await expect(preference).toBeChecked();
  });

  test("has a page for a call that is over, and for a link that is none", async ({ page }) => {
    await made.answer(page, {
      "POST /joins/management": made.json(management({ why_not: "cancelled" })),
    });
    await open(page);
    await expect(page.getByText("This call was cancelled")).toBeVisible();
    await page.unrouteAll();
    await made.answer(page, {
      "POST /joins/management": made.problem("link-unknown", "Unknown", 404, "Ask for a new one."),
    });
    await page.reload();
    await expect(page.getByText("This link does not open a call")).toBeVisible();
  });
});
