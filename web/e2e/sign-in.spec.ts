import { expect, type Page, test } from "@playwright/test";
import type { LinkView, WaysIn } from "../src/api/identity";
import * as made from "./answers";
import { look } from "./look";

const demo = { call: made.call(), join_link: `http://127.0.0.1:4310/join#${made.LINK}` };
const SECRET = "c2VjcmV0LWxpbms";

const ways = (more: Partial<WaysIn> = {}): WaysIn => ({
  google: true,
  email_link: true,
  demo: false,
  ...more,
});

const linkView = (more: Partial<LinkView> = {}): LinkView => ({
  purpose: "sign_in",
  name: "Mara Chen",
  email: "mara@example.com",
  organization_name: "Northwind Cooling",
  needs_profile: false,
  next: "/",
  ...more,
});

type Answers = Parameters<typeof made.answer>[1];

const outside = (more: Answers = {}): Answers => ({
  "GET /me": made.signedOut,
  "POST /sign-in/refreshes": made.signedOut,
  "GET /sign-in": made.json(ways()),
  "GET /demo": made.json(demo),
  ...more,
});

const inside: Answers = {
  "GET /me": made.json(made.me),
  "GET /calls": made.json({ items: made.calls, next_cursor: null }),
};

const linkUnknown = made.problem("link-unknown", "This link is not known", 404, "It may be cut off.");
const sent = (page: Page, path: string) =>
  page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith(path));

test.describe("the ways in", () => {
  test("offers Google and a link by mail", async ({ page }) => {
    await made.answer(page, outside());
    await page.goto("/sign-in?next=/leads");
    await expect(page.getByRole("link", { name: "Sign in with Google" })).toHaveAttribute(
      "href",
      "/api/v1/sign-in/google?next=%2Fleads",
    );
    await expect(page.getByLabel("E-mail")).toBeVisible();
    await expect(page.getByText("demo")).toHaveCount(0);
    await look(page, "sign-in");
  });

  test("offers the demo people and the guest's link in local mode", async ({ page }) => {
    await made.answer(page, outside({ "GET /sign-in": made.json(ways({ google: false, demo: true })) }));
    await page.goto("/sign-in");
    await expect(page.getByRole("button", { name: /Continue as/ })).toHaveText([
      "Continue as the demo manager",
      "Continue as the demo rep",
      "Continue as the demo admin",
    ]);
    await expect(page.getByRole("link", { name: /join “Discovery/ })).toHaveAttribute("href", demo.join_link);
    await expect(page.getByRole("link", { name: "Sign in with Google" })).toHaveCount(0);
    await look(page, "sign-in-local");
    const request = sent(page, "/demo/sign-ins");
    await page.getByRole("button", { name: "Continue as the demo admin" }).click();
    expect((await request).postDataJSON()).toEqual({ as: "admin" });
  });

  test("says when there is none yet", async ({ page }) => {
    const none = ways({ google: false, email_link: false });
    await made.answer(page, outside({ "GET /sign-in": made.json(none) }));
    await page.goto("/sign-in");
    await expect(page.getByText("not set up on this server")).toBeVisible();
    await look(page, "sign-in-none");
  });

  test("says what went wrong and offers a retry", async ({ page }) => {
    await made.answer(page, outside({ "GET /sign-in": "abort" }));
    await page.goto("/sign-in");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 20_000 });
    await look(page, "sign-in-unreachable");
    await page.unrouteAll();
    await made.answer(page, outside());
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByLabel("E-mail")).toBeVisible();
  });

  for (const [problem, words] of [
    ["not-invited", "This Google account is not invited"],
    ["wrong-domain", "This is not your organization's Google account"],
    ["google-failed", "Google did not sign you in"],
  ] as const) {
    test(`says why Google did not open: ${problem}`, async ({ page }) => {
      await made.answer(page, outside());
      await page.goto(`/sign-in?problem=${problem}`);
      await expect(page.getByText(words)).toBeVisible();
      await expect(page.getByRole("link", { name: "Sign in with Google" })).toBeVisible();
      await look(page, `sign-in-${problem}`);
    });
  }
});

test.describe("a link by mail", () => {
  test("is asked for, and asked for again after a while", async ({ page }) => {
    await page.clock.install();
    await made.answer(page, outside({ "POST /sign-in/links": made.json({}, 202) }));
    await page.goto("/sign-in?next=/leads");
    await page.getByLabel("E-mail").fill("mara");
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page.getByText("Write your address")).toBeVisible();
    await page.getByLabel("E-mail").fill(" mara@example.com ");
    const first = sent(page, "/sign-in/links");
    await page.getByRole("button", { name: "Send me a link" }).click();
    expect((await first).postDataJSON()).toEqual({ email: "mara@example.com", next: "/leads" });
    await expect(page.getByText("We have sent a link, if that address is known here")).toBeVisible();
    await expect(page.getByRole("button", { name: /Send again in/ })).toBeDisabled();
    await look(page, "sign-in-sent");
    await page.clock.runFor(31_000);
    const second = sent(page, "/sign-in/links");
    await page.getByRole("button", { name: "Send again", exact: true }).click();
    expect((await second).postDataJSON()).toEqual({ email: "mara@example.com", next: "/leads" });
    await expect(page.getByRole("button", { name: /Send again in/ })).toBeDisabled();
    await page.getByRole("button", { name: "Use another address" }).click();
    await expect(page.getByLabel("E-mail")).toBeVisible();
  });

  test("says where mails are on a local copy", async ({ page }) => {
    await made.answer(
      page,
      outside({
        "GET /sign-in": made.json(ways({ google: false, demo: true })),
        "POST /sign-in/links": made.json({}, 202),
      }),
    );
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill("mara@example.com");
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page.getByRole("link", { name: "the mailbox" })).toHaveAttribute("href", "/mailbox");
    await look(page, "sign-in-sent-local");
  });

  test("asked for too often says so and keeps the address", async ({ page }) => {
    const often = made.problem(
      "too-many-requests",
      "That was too often",
      429,
      "Wait a minute, then try again.",
    );
    await made.answer(page, outside({ "POST /sign-in/links": often }));
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill("mara@example.com");
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page.getByText("That was too often")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue("mara@example.com");
    await look(page, "sign-in-too-often");
  });

  test("says for whom it is, and signs in when told to, not before", async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await made.answer(
      page,
      outside({
        "POST /sign-in/link-views": made.json(linkView()),
        "POST /sign-in/link-uses": made.json(made.me),
        "GET /calls": inside["GET /calls"] ?? "abort",
      }),
    );
    await page.goto(`/sign-in#${SECRET}`);
    await expect(page.getByText("Mara Chen")).toBeVisible();
    await expect(page.getByText("Northwind Cooling")).toBeVisible();
    await look(page, "link");
    expect(asked.filter((path) => path.endsWith("/link-uses"))).toEqual([]);
    const use = sent(page, "/sign-in/link-uses");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect((await use).postDataJSON()).toEqual({ link: SECRET, name: null, time_zone: null });
    await expect(page).toHaveURL(/\/calls$/);
    await expect(page.getByTestId("call-row").first()).toBeVisible();
    expect(asked.join(" ")).not.toContain(SECRET);
  });

  test("goes to the page that was asked for before it was sent", async ({ page }) => {
    await made.answer(
      page,
      outside({
        "POST /sign-in/link-views": made.json(linkView({ next: "/leads?search=halden" })),
        "POST /sign-in/link-uses": made.json(made.me),
        "GET /leads": made.json({ items: [], next_cursor: null }),
      }),
    );
    await page.goto(`/sign-in#${SECRET}`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/leads\?search=halden$/);
  });

  test("says who is signed in on this device now", async ({ page }) => {
    const other = linkView({ name: "Ben Okafor", email: "ben@example.com" });
    await made.answer(page, { ...inside, "POST /sign-in/link-views": made.json(other) });
    await page.goto(`/sign-in#${SECRET}`);
    await expect(page.getByText("Mara Chen is signed in now")).toBeVisible();
    await look(page, "link-instead");
  });

  test("of an invitation asks for a short profile", async ({ page }) => {
    const invitation = linkView({ purpose: "invitation", name: "Ben", needs_profile: true });
    await made.answer(
      page,
      outside({
        "POST /sign-in/link-views": made.json(invitation),
        "POST /sign-in/link-uses": made.json(made.me),
        "GET /calls": inside["GET /calls"] ?? "abort",
      }),
    );
    await page.goto(`/sign-in#${SECRET}`);
    await expect(
      page.getByRole("heading", { name: "Northwind Cooling invites you to Parley" }),
    ).toBeVisible();
    await look(page, "invitation");
    await page.getByLabel("Your name").fill("");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("Write your name")).toBeVisible();
    await page.getByLabel("Your name").fill("Ben Okafor");
    const zone = await page.evaluate(() => new Intl.DateTimeFormat().resolvedOptions().timeZone);
    const use = sent(page, "/sign-in/link-uses");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect((await use).postDataJSON()).toEqual({ link: SECRET, name: "Ben Okafor", time_zone: zone });
    await expect(page).toHaveURL(/\/calls$/);
  });

  test("that is dead says so and offers a new one", async ({ page }) => {
    await made.answer(page, outside({ "POST /sign-in/link-views": linkUnknown }));
    await page.goto(`/sign-in#${SECRET}`);
    await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
    await expect(page.getByLabel("E-mail")).toBeVisible();
    await look(page, "link-dead");
    await page.getByRole("link", { name: "See all ways to sign in" }).click();
    await expect(page.getByRole("link", { name: "Sign in with Google" })).toBeVisible();
  });

  test("that was used meanwhile is dead, too", async ({ page }) => {
    await made.answer(
      page,
      outside({
        "POST /sign-in/link-views": made.json(linkView()),
        "POST /sign-in/link-uses": linkUnknown,
      }),
    );
    await page.goto(`/sign-in#${SECRET}`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  });
});

test.describe("the session", () => {
  test("signs in by address and goes to the calls", async ({ page }) => {
    await made.answer(page, { ...inside, "POST /demo/sign-ins": made.json(made.me) });
    await page.goto("/demo/manager");
    await expect(page).toHaveURL(/\/calls$/);
  });

  test("sends whoever is signed out to sign in and back", async ({ page }) => {
    await made.answer(page, outside());
    await page.goto("/calls?week=2026-11-30");
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fcalls%3Fweek%3D2026-11-30$/);
    await expect(page.getByLabel("E-mail")).toBeVisible();
    await expect(page.getByText("You were signed out")).toHaveCount(0);
    await page.unrouteAll();
    await made.answer(page, inside);
    await page.reload();
    await expect(page).toHaveURL(/\/calls\?week=2026-11-30$/);
  });

  test("that was ended elsewhere leads to the sign-in page with the next click", async ({ page }) => {
    await made.answer(page, inside);
    await page.goto("/calls");
    await expect(page.getByTestId("call-row").first()).toBeVisible();
    await page.unrouteAll();
    await made.answer(page, outside({ "GET /leads": made.signedOut }));
    await page.getByRole("link", { name: "Leads" }).click();
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fleads/);
    await expect(page.getByRole("heading", { name: "Sign in to Parley" })).toBeVisible();
    await expect(page.getByText("You were signed out")).toBeVisible();
    await look(page, "sign-in-signed-out");
  });

  test("is renewed in time while one only reads", async ({ page }) => {
    await page.clock.install();
    await made.answer(page, { ...inside, "POST /sign-in/refreshes": { status: 204 } });
    let renewals = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/sign-in/refreshes")) renewals += 1;
    });
    await page.goto("/calls");
    await expect(page.getByTestId("call-row").first()).toBeVisible();
    await expect.poll(() => renewals, { message: "nothing is known of the cookie yet" }).toBe(1);
    await page.clock.runFor("03:30");
    expect(renewals).toBe(1);
    await page.clock.runFor("01:00");
    await expect.poll(() => renewals).toBe(2);
  });

  test("is renewed once for two tabs, and neither notices", async ({ context }) => {
    const tabs = [await context.newPage(), await context.newPage()] as const;
    const waiting = async () => (await navigator.locks.query()).pending?.length;
    for (const tab of tabs) {
      await made.answer(tab, inside);
      await tab.goto("/calls");
      await expect(tab.getByTestId("call-row").first()).toBeVisible();
      await tab.unrouteAll();
    }
    // Both are told that the session is over before either has renewed it.
    let refused = 0;
    let renewals = 0;
    let bothRefused: () => void = () => undefined;
    const bothWaiting = new Promise<void>((resolve) => {
      bothRefused = resolve;
    });
    await context.route("**/api/v1/**", async (route) => {
      if (route.request().url().endsWith("/sign-in/refreshes")) {
        await expect
          .poll(() => tabs[0].evaluate(waiting), { message: "the other tab waits its turn", timeout: 20_000 })
          .toBe(1);
        renewals += 1;
        return route.fulfill({ status: 204 });
      }
      if (renewals > 0) return route.fulfill(made.json({ items: [], next_cursor: null }));
      refused += 1;
      if (refused === tabs.length) bothRefused();
      await bothWaiting;
      return route.fulfill(made.signedOut);
    });
    for (const tab of tabs) {
      await tab.bringToFront(); // a tab that lies behind takes its time with a click
      await tab.getByRole("link", { name: "Leads" }).click();
    }
    for (const tab of tabs) await expect(tab.getByText("No leads yet")).toBeVisible({ timeout: 30_000 });
    expect(renewals).toBe(1);
  });
});
