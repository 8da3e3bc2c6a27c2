import { expect, test } from "@playwright/test";
import type { Device } from "../src/api/identity";
import * as made from "./answers";
import { look } from "./look";

const device = (more: Partial<Device>): Device => ({
  device_id: "device-1",
  label: "Chrome on Linux",
  created_at: made.inHours(-50),
  last_seen_at: made.inHours(0),
  is_this: false,
  ...more,
});

const devices = [
  device({ device_id: "device-2", label: "Safari on an iPhone", last_seen_at: made.inHours(-0.2) }),
  device({ device_id: "device-1", is_this: true }),
  device({ device_id: "device-3", label: "Firefox on Windows", last_seen_at: made.inHours(-30) }),
];

const all = (more: Parameters<typeof made.answer>[1] = {}) => ({
  "GET /me": made.json(made.me),
  "GET /me/devices": made.json({ items: devices }),
  "GET /calls": made.json({ items: [], next_cursor: null }),
  ...more,
});

test("the profile is behind one's name, and is saved", async ({ page }) => {
  const changed = { ...made.me, title: "Head of sales", time_zone: "Asia/Tokyo" };
  await made.answer(page, all({ "PATCH /me": made.json(changed) }));
  await page.goto("/calls");
  await page.getByRole("link", { name: "Mara Chen" }).click();
  await expect(page).toHaveURL(/\/profile$/);
  const form = page.getByRole("form", { name: "About you" });
  await expect(form.getByLabel("Time zone")).toHaveValue("As the organization");
  await look(page, "profile");
  await form.getByLabel("Title").fill("Head of sales ");
  await form.getByLabel("Time zone").fill("Tokyo");
  await page.getByRole("option", { name: "Asia/Tokyo" }).click();
  const sent = page.waitForRequest((request) => request.method() === "PATCH");
  await form.getByRole("button", { name: "Save" }).click();
  expect((await sent).postDataJSON()).toEqual({
    name: "Mara Chen",
    title: "Head of sales",
    time_zone: "Asia/Tokyo",
  });
  await expect(form.getByText("Saved", { exact: true })).toBeVisible();
});

test("lists the devices, this one first, and ends another", async ({ page }) => {
  await made.answer(page, all({ "DELETE /me/devices/device-2": { status: 204 } }));
  await page.goto("/profile");
  const rows = page.getByRole("region", { name: "Signed-in devices" }).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("This device");
  await expect(rows.nth(1)).toContainText("Last seen: 12 min ago");
  await page.getByRole("button", { name: "End Safari on an iPhone" }).click();
  const question = page.getByRole("dialog", { name: "End Safari on an iPhone?" });
  await expect(question).toContainText("You can sign in there again.");
  await look(page, "profile-end");
  await page.route("**/api/v1/me/devices", (route) =>
    route.fulfill(made.json({ items: devices.filter(({ device_id }) => device_id !== "device-2") })),
  );
  const ended = page.waitForRequest((request) => request.method() === "DELETE");
  await question.getByRole("button", { name: "End it" }).click();
  expect(new URL((await ended).url()).pathname).toBe("/api/v1/me/devices/device-2");
  await expect(rows).toHaveCount(2);
});

test("says that a device could not be ended", async ({ page }) => {
  const away = made.problem("database-away", "The database does not answer", 503, "Try again in a moment.");
  await made.answer(page, all({ "DELETE /me/devices/device-3": away }));
  await page.goto("/profile");
  await page.getByRole("button", { name: "End Firefox on Windows" }).click();
  const question = page.getByRole("dialog", { name: "End Firefox on Windows?" });
  await question.getByRole("button", { name: "End it" }).click();
  await expect(question.getByRole("alert")).toContainText("The database does not answer");
  await look(page, "profile-problem");
});

test("signs out of this device", async ({ page }) => {
  await made.answer(page, all({ "DELETE /sign-in": { status: 204 } }));
  await page.goto("/profile");
  const row = page.getByRole("listitem").filter({ hasText: "This device" });
  await expect(row).toBeVisible();
  await page.route("**/api/v1/me", (route) => route.fulfill(made.signedOut));
  await row.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("admins see people, the audit log and the settings in the menu, others do not", async ({ page }) => {
  await made.answer(page, all());
  await page.goto("/calls");
  const places = page.getByRole("navigation", { name: "Pages" });
  await expect(places.getByRole("link", { name: "Calls" })).toBeVisible();
  for (const name of ["People", "Audit", "Settings"]) {
    await expect(places.getByRole("link", { name })).toHaveCount(0);
  }
  await page.route("**/api/v1/me", (route) => route.fulfill(made.json({ ...made.me, role: "admin" })));
  await page.reload();
  await expect(places.getByRole("link", { name: "People" })).toHaveAttribute("href", "/people");
  await expect(places.getByRole("link", { name: "Audit" })).toHaveAttribute("href", "/audit");
  await expect(places.getByRole("link", { name: "Settings" })).toHaveAttribute("href", "/settings");
});
