import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";

const demo = { call: made.call(), join_link: `http://127.0.0.1:4310/join#${made.LINK}` };

test.describe("signing in", () => {
  test("offers the demo people and the guest's link in local mode", async ({ page }) => {
    await made.answer(page, { "GET /me": made.signedOut, "GET /demo": made.json(demo) });
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Continue as the demo manager" })).toBeVisible();
    await expect(page.getByRole("link", { name: /join “Discovery/ })).toHaveAttribute("href", demo.join_link);
    await look(page, "sign-in");
  });

  test("says when there is no way in yet", async ({ page }) => {
    await made.answer(page, { "GET /me": made.signedOut });
    await page.goto("/");
    await expect(page.getByText("not set up on this server")).toBeVisible();
    await look(page, "sign-in-none");
  });

  test("signs in by address and goes to the calls", async ({ page }) => {
    await made.answer(page, {
      "POST /demo/sign-ins": made.json(made.me),
      "GET /me": made.json(made.me),
      "GET /calls": made.json({ items: made.calls, next_cursor: null }),
    });
    await page.goto("/demo/manager");
    await expect(page).toHaveURL(/\/calls$/);
  });

  test("sends whoever is signed out to sign in and back", async ({ page }) => {
    await made.answer(page, { "GET /me": made.signedOut });
    await page.goto("/calls/call-1/room");
    await expect(page).toHaveURL(/\?next=/);
    await page.unrouteAll();
    await made.answer(page, {
      "GET /me": made.json(made.me),
      "GET /calls/call-1": made.json(made.call()),
    });
    await page.reload();
    await expect(page).toHaveURL(/\/calls\/call-1\/room$/);
  });
});
