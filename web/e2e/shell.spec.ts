import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";

const demo = { call: made.call(), join_link: `http://127.0.0.1:4310/join#${made.LINK}` };
const signedIn = {
  "GET /me": made.json(made.me),
  "GET /demo": made.json(demo),
  "GET /calls": made.json({ items: made.calls, next_cursor: null }),
};

test.describe("the shell", () => {
  test("goes everywhere, on a phone by its menu", async ({ page }) => {
    await made.answer(page, signedIn);
    await page.goto("/calls");
    const places = page.getByRole("navigation", { name: "Pages" });
    await expect(places.getByRole("link")).toHaveText(["Calls", "Leads", "Question sets", "Mailbox"]);
    await expect(places.getByRole("link", { name: "Calls" })).toHaveAttribute("aria-current", "page");
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(places).toHaveCount(0);
    await page.getByRole("button", { name: "Menu" }).click();
    await expect(page.getByRole("dialog").getByText("Manager, Northwind Cooling")).toBeVisible();
    await look(page, "shell-menu");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("dialog").getByRole("link", { name: "Leads" }).click();
    await expect(page).toHaveURL(/\/leads$/);
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  test("has no mailbox outside local mode", async ({ page }) => {
    await made.answer(page, { ...signedIn, "GET /me": made.json({ ...made.me, local_mode: false }) });
    await page.goto("/calls");
    await expect(page.getByRole("link", { name: "Question sets" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Mailbox" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "New demo call" })).toHaveCount(0);
  });

  test("signs out", async ({ page }) => {
    await made.answer(page, { ...signedIn, "DELETE /sign-in": { status: 204 } });
    await page.goto("/calls");
    await expect(page.getByTestId("call-row").first()).toBeVisible();
    await page.route("**/api/v1/me", (route) => route.fulfill(made.signedOut));
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByText("Sign in to Parley")).toBeVisible();
  });

  test("is got past by the keyboard", async ({ page }) => {
    await made.answer(page, signedIn);
    await page.goto("/calls");
    await expect(page.getByTestId("call-row").first()).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Import" })).toBeFocused();
  });
});

test.describe("calls", () => {
  test("shows today first, live ones with their way in, then the week by day", async ({ page }) => {
    await page.clock.setFixedTime(new Date("2026-11-24T09:00:00"));
    const at = (day: string) => new Date(`2026-11-${day}`).toISOString();
    const all = [
      made.call({ call_id: "a", title: "Later today", starts_at: at("24T15:00:00") }),
      made.call({ call_id: "b", title: "Since last night", starts_at: at("23T23:50:00"), status: "live" }),
      made.call({ call_id: "c", title: "Thursday's", starts_at: at("26T10:00:00") }),
      made.call({ call_id: "d", title: "Next week's", starts_at: at("30T10:00:00") }),
    ];
    await made.answer(page, signedIn);
    await page.route("**/api/v1/calls?*", (route) => {
      const { searchParams } = new URL(route.request().url());
      const from = searchParams.get("starts_from") ?? "";
      const before = searchParams.get("starts_before") ?? "9";
      const status = searchParams.get("status");
      const items = all
        .filter(
          (one) => one.starts_at >= from && one.starts_at < before && (!status || one.status === status),
        )
        .sort((a, b) => a.starts_at.localeCompare(b.starts_at));
      return route.fulfill(made.json({ items, next_cursor: null }));
    });
    await page.goto("/calls");
    const today = page.getByRole("region", { name: "Today" });
    await expect(today.getByTestId("call-row")).toHaveCount(2);
    await expect(today.getByTestId("call-row").first()).toContainText("Since last night");
    await expect(today.getByTestId("call-row").first().getByRole("link", { name: "Join" })).toBeVisible();
    const week = page.getByRole("region", { name: /November/ });
    await expect(week.getByRole("heading", { level: 3 })).toHaveText([/Thursday/]);
    await look(page, "calls");
    await page.getByRole("link", { name: "Next week" }).click();
    await expect(page).toHaveURL(/week=2026-11-30/);
    await expect(page.getByText("Next week's")).toBeVisible();
    await page.getByRole("link", { name: "This week" }).click();
    await expect(page.getByText("Thursday's")).toBeVisible();
  });

  test("are searched for, and the address keeps the words", async ({ page }) => {
    await made.answer(page, signedIn);
    let asked = "";
    await page.route("**/api/v1/calls?*search=*", (route) => {
      asked = new URL(route.request().url()).searchParams.get("search") ?? "";
      return route.fulfill(
        made.json({ items: asked === "halden" ? made.calls.slice(1, 2) : [], next_cursor: null }),
      );
    });
    await page.goto("/calls");
    await page.getByRole("searchbox", { name: "Search calls" }).fill("halden");
    await expect(page.getByTestId("call-row")).toHaveCount(1);
    await expect(page).toHaveURL(/search=halden/);
    await look(page, "calls-search");
    await page.getByRole("searchbox").fill("zzz");
    await expect(page.getByText("No call has these words")).toBeVisible();
    await page.getByRole("button", { name: "Clear the search" }).click();
    await expect(page.getByRole("region", { name: "Today" })).toBeVisible();
  });

  test("say what will be here", async ({ page }) => {
    await made.answer(page, { ...signedIn, "GET /calls": made.json({ items: [], next_cursor: null }) });
    await page.goto("/calls");
    await expect(page.getByText("Nothing is booked for today")).toBeVisible();
    await look(page, "calls-empty");
  });

  test("show their shape while loading", async ({ page }) => {
    await made.answer(page, { ...signedIn, "GET /calls": "hang" });
    await page.goto("/calls");
    await expect(page.getByRole("status", { name: "Loading today's calls" })).toBeVisible();
    await look(page, "calls-loading");
  });

  test("say what went wrong and offer a retry", async ({ page }) => {
    const broken = made.problem(
      "broken",
      "The calls cannot be read",
      400,
      "The database is busy. Nothing is lost.",
    );
    await made.answer(page, { ...signedIn, "GET /calls": broken });
    await page.goto("/calls");
    await expect(page.getByRole("button", { name: "Try again" }).first()).toBeVisible();
    await look(page, "calls-error");
  });
});
