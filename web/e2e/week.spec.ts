import { expect, type Page, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";

test.use({ timezoneId: "Europe/Berlin", locale: "en-GB" });

const NOW = "2026-11-24T13:20:00+01:00"; // a Tuesday

const at = (start: string, more: object) => made.call({ starts_at: `2026-11-${start}:00+01:00`, ...more });
const days = [
  {
    day: "2026-11-23",
    calls: [at("23T09:00", { call_id: "a", title: "Kick-off", status: "ended", duration_minutes: 30 })],
  },
  {
    day: "2026-11-24",
    calls: [
      at("24T13:00", { call_id: "b", title: "Going on", status: "live", participants_present: 2 }),
      at("24T13:30", { call_id: "c", title: "At the same time" }),
      at("24T16:00", { call_id: "f", title: "One of three", duration_minutes: 30 }),
      at("24T16:00", { call_id: "g", title: "Two of three", duration_minutes: 30 }),
      at("24T16:15", { call_id: "h", title: "Three of three", duration_minutes: 30 }),
      at("24T15:00", { call_id: "d", title: "Called off", status: "cancelled", duration_minutes: 15 }),
    ],
  },
  {
    day: "2026-11-28",
    calls: [at("28T21:45", { call_id: "e", title: "Late on a Saturday", duration_minutes: 45 })],
  },
];

const open = async (page: Page, more: Parameters<typeof made.answer>[1] = {}, address = "view=grid") => {
  await page.clock.setFixedTime(new Date(NOW));
  await made.answer(page, {
    "GET /me": made.json(made.me),
    "GET /calls": made.json({ items: [], next_cursor: null }),
    "GET /calls/days": made.json({ items: days, next_cursor: null }),
    "GET /calls/a": made.json(days[0]?.calls[0]),
    ...more,
  });
  await page.goto(`/calls?${address}`);
};

const box = async (page: Page, title: string) => {
  const found = await page.getByTestId("week-call").filter({ hasText: title }).boundingBox();
  if (found === null) throw new Error(`${title} is not drawn`);
  return found;
};

test("a week stands as a grid of its days, calls at the same time beside each other, a line at now", async ({
  page,
}) => {
  const asked = page.waitForRequest((request) => request.url().includes("/calls/days?"));
  await open(page);
  expect(Object.fromEntries(new URL((await asked).url()).searchParams)).toEqual({
    starts_from: "2026-11-22T23:00:00.000Z",
    starts_before: "2026-11-29T23:00:00.000Z",
    time_zone: "Europe/Berlin",
  });
  const grid = page.getByTestId("week-grid");
  await expect(grid.getByRole("heading")).toHaveText([
    /Mon/,
    /Tue.*Today/,
    /Wed/,
    /Thu/,
    /Fri/,
    /Sat/,
    /Sun/,
  ]);
  await expect(page.getByText("Times in Europe/Berlin (GMT+1).")).toBeVisible();
  const [first, second, late] = [
    await box(page, "Going on"),
    await box(page, "At the same time"),
    await box(page, "Late on a Saturday"),
  ];
  expect(first.x + first.width).toBeLessThanOrEqual(second.x);
  expect(second.y).toBeGreaterThan(first.y);
  expect(late.x).toBeGreaterThan(second.x + second.width);
  const line = await page.getByTestId("now-line").boundingBox();
  expect(line?.y).toBeGreaterThan(first.y);
  expect(line?.y).toBeLessThan(second.y);
  await expect(page.getByTestId("week-call").filter({ hasText: "Called off" })).toContainText("Cancelled");
  const crowded = grid.getByTestId("week-call").filter({ hasText: "of three" });
  await expect(crowded.filter({ visible: true })).toHaveText([/One of three/]);
  await expect(grid.getByRole("link", { name: "2 more, in the list" })).toBeVisible();
  await look(page, "calls-grid");
});

test("the grid is reached from the list and gone through by keyboard, and its address can be shared", async ({
  page,
}) => {
  await open(page, {}, "");
  await page.getByText("Days", { exact: true }).click();
  await expect(page).toHaveURL(/view=grid/);
  await page.getByRole("link", { name: "Next week" }).focus();
  await page.keyboard.press("Tab");
  await expect(page.getByTestId("week-call").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/calls\/a$/);
  await page.goBack();
  await page.getByRole("link", { name: "Next week" }).click();
  await expect(page).toHaveURL(/view=grid.*week=2026-11-30|week=2026-11-30.*view=grid/);
  await page.getByText("List", { exact: true }).click();
  await expect(page).toHaveURL(/\/calls\?week=2026-11-30$/);
});

test("on a phone one day stands under another, without the empty ones", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await open(page);
  await expect(page.getByTestId("week-grid").getByRole("heading")).toHaveText([/Mon/, /Tue/, /Sat/]);
  const [monday, saturday] = [await box(page, "Kick-off"), await box(page, "Late on a Saturday")];
  expect(saturday.y).toBeGreaterThan(monday.y + monday.height);
  expect(monday.width).toBeGreaterThan(300);
  await expect(page.getByTestId("week-call").filter({ hasText: "of three", visible: true })).toHaveCount(3);
  await expect(page.getByRole("link", { name: "2 more, in the list" })).toBeHidden();
});

test("a week in which the clocks change says so, and an empty one what to do", async ({ page }) => {
  await open(
    page,
    { "GET /calls/days": made.json({ items: [], next_cursor: null }) },
    "view=grid&week=2026-10-19",
  );
  await expect(page.getByText(/^No calls in this week\./)).toContainText("Book a call");
  await expect(page.getByText("(GMT+2, from Sunday GMT+1)")).toBeVisible();
  await expect(page.getByTestId("now-line")).toHaveCount(0);
  await look(page, "calls-grid-empty");
});

test("a week that cannot be read says why, and one on its way shows its shape", async ({ page }) => {
  await open(page, {
    "GET /calls/days": made.problem("broken", "The week cannot be read", 400, "Nothing is lost."),
  });
  await expect(page.getByText("The week cannot be read")).toBeVisible();
  await page.unrouteAll();
  await open(page, { "GET /calls/days": "hang" });
  await expect(page.getByRole("status", { name: "Loading the week" })).toBeVisible();
  await look(page, "calls-grid-loading");
});
