import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

test.use({ timezoneId: "Europe/Berlin" });

const line = (n: number, more: object) => ({
  line: n,
  name: "Ana Lindqvist",
  email: "ana@example.com",
  result: "checked",
  problem: null,
  warning: null,
  call_id: null,
  ...more,
});
const bad = line(3, { name: "Kenji Ito", email: "kenji@", result: "problem", problem: "email: no address." });

test("a table is looked through line by line before its calls are booked", async ({ page }) => {
  await made.answer(page, {
    "GET /me": made.json(made.me),
    "GET /users": made.json({
      items: [{ user_id: "user-1", name: "Mara Chen", email: "mara@example.com", role: "manager" }],
      next_cursor: null,
    }),
    "GET /calls": made.json({ items: [], next_cursor: null }),
    "GET /calls/conflicts": made.json({ items: [] }),
    "GET /question-sets": made.json({ items: [data.questionSet], next_cursor: null }),
  });
  const sent: { check: string | null; key: string | undefined; body: Record<string, unknown> }[] = [];
  await page.route("**/api/v1/call-imports?*", (route) => {
    const request = route.request();
    const check = new URL(request.url()).searchParams.get("check");
    sent.push({ check, key: request.headers()["idempotency-key"], body: request.postDataJSON() });
    const first = check === "true" ? line(2, {}) : line(2, { result: "booked", call_id: "call-9" });
    return route.fulfill(made.json({ lines: [first, bad], booked: check === "true" ? 0 : 1, problems: 1 }));
  });
  await page.goto("/calls");
  await page.getByRole("button", { name: "Import" }).click();
  const form = page.getByRole("form", { name: "Book calls from a table" });
  await expect(form.getByRole("button", { name: "Look through it" })).toBeDisabled();
  await page.locator('input[type="file"]').setInputFiles({
    name: "guests.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("name,email\nAna Lindqvist,ana@example.com\nKenji Ito,kenji@\n"),
  });
  await form.getByLabel("Title of each call").fill("Renewal");
  await form.getByLabel("Day").fill("2030-03-04");
  await form.getByLabel("Time", { exact: true }).fill("09:15");
  await form.getByRole("button", { name: "Look through it" }).click();
  await expect(form.getByText("The agent needs a question set to lead the calls.")).toBeVisible();
  await page.getByRole("combobox", { name: "Question set" }).click();
  await page.getByRole("option", { name: /Refrigeration discovery/ }).click();
  await form.getByRole("button", { name: "Look through it" }).click();
  await expect(form.getByText("1 call to book, 1 line left out. Nothing is booked yet")).toBeVisible();
  await expect(form.getByTestId("import-line")).toHaveText([/2.*Ana.*Can be booked/, /3.*Kenji.*no address/]);
  await look(page, "calls-import");
  await form.getByLabel("Title of each call").fill("Renewal 2030");
  await expect(form.getByRole("button", { name: "Book them" })).toHaveCount(0);
  await form.getByRole("button", { name: "Look through it" }).click();
  await form.getByRole("button", { name: "Book them" }).click();
  await expect(form.getByText("1 call booked, 1 line left out")).toBeVisible();
  await expect(form.getByRole("link", { name: "Ana Lindqvist" })).toHaveAttribute("href", "/calls/call-9");
  expect(sent.map(({ check }) => check)).toEqual(["true", "true", "false"]);
  expect(sent[2]?.body).toEqual(sent[1]?.body);
  expect(sent[2]?.key).toBe(sent[1]?.key);
  expect(sent[2]?.body).toMatchObject({
    title: "Renewal 2030",
    first_starts_at: "2030-03-04T08:15:00.000Z",
    gap_minutes: 60,
    question_set_id: "set-1",
  });
});
