import { expect, type Page, test } from "@playwright/test";
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
});

test.describe("calls", () => {
  const signedIn = { "GET /me": made.json(made.me), "GET /demo": made.json(demo) };

  test("lists what there is", async ({ page }) => {
    await made.answer(page, {
      ...signedIn,
      "GET /calls": made.json({ items: made.calls, next_cursor: null }),
    });
    await page.goto("/calls");
    await expect(page.getByTestId("call-row")).toHaveCount(3);
    await look(page, "calls");
    await page.getByRole("button", { name: "New demo call" }).click();
    await expect(page.getByText("is ready")).toBeVisible();
  });

  test("says what will be here", async ({ page }) => {
    await made.answer(page, { ...signedIn, "GET /calls": made.json({ items: [], next_cursor: null }) });
    await page.goto("/calls");
    await expect(page.getByText("No calls yet")).toBeVisible();
    await look(page, "calls-empty");
  });

  test("shows the shape while loading", async ({ page }) => {
    await made.answer(page, { ...signedIn, "GET /calls": "hang" });
    await page.goto("/calls");
    await expect(page.getByRole("status", { name: "Loading calls" })).toBeVisible();
    await look(page, "calls-loading");
  });

  test("says what went wrong and offers a retry", async ({ page }) => {
    await made.answer(page, {
      ...signedIn,
      "GET /calls": made.problem(
        "broken",
        "The calls cannot be read",
        400,
        "The database is busy. Nothing is lost.",
      ),
    });
    await page.goto("/calls");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
    await look(page, "calls-error");
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

test.describe("joining", () => {
  const open = (page: Page) => page.goto(`/join#${made.LINK}`);

  test("is ready with one button", async ({ page }) => {
    const bodies: string[] = [];
    await made.answer(page, { "POST /joins": made.json(made.join()) });
    page.on("request", (request) => bodies.push(request.url()));
    await open(page);
    await expect(page.getByTestId("join-name")).toHaveValue("Ana Lindqvist");
    await expect(page.getByTestId("join-button")).toBeEnabled();
    await expect(page.getByTestId("mic-level")).toBeAttached();
    await expect.poll(() => page.getByTestId("mic-level").getAttribute("data-level")).not.toBe("0.00");
    expect(bodies.filter((url) => url.includes(made.LINK) && !url.includes(`#${made.LINK}`))).toEqual([]);
    await look(page, "join");
    await page.getByTestId("join-consent-unheard").click();
    await look(page, "join-unheard");
    await page.getByTestId("join-consent-text").click();
    await expect(page.getByTestId("mic-level")).toHaveCount(0);
    await look(page, "join-text");
  });

  for (const [name, trouble] of [
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
  ]) {
    test(`says what to do when the microphone is ${trouble}`, async ({ page }) => {
      await page.addInitScript((error) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", error));
      }, name);
      await made.answer(page, { "POST /joins": made.json(made.join()) });
      await open(page);
      await expect(page.locator(`[data-trouble=${trouble}]`)).toBeVisible();
      await look(page, `join-microphone-${trouble}`);
      await expect(page.getByTestId("join-button")).toHaveText("Join by text");
    });
  }

  const closed: [string, Parameters<typeof made.answer>[1][string], string][] = [
    ["early", made.json(made.early()), "The room opens"],
    ["ended", made.json(made.join({ may_join: false, why_not: "ended" })), "This call has ended"],
    ["cancelled", made.json(made.join({ may_join: false, why_not: "cancelled" })), "This call was cancelled"],
    [
      "expired",
      made.json(made.join({ may_join: false, why_not: "expired" })),
      "This link is no longer valid",
    ],
    [
      "unknown",
      made.problem("link-unknown", "This link is unknown", 404, "Ask for a new one."),
      "does not open a call",
    ],
    ["unreachable", "abort", "The server cannot be reached"],
    ["loading", "hang", ""],
  ];
  for (const [name, answer, words] of closed) {
    test(`has a page for ${name}`, async ({ page }) => {
      await made.answer(page, { "POST /joins": answer });
      await open(page);
      await expect(page.getByText(words).first()).toBeVisible();
      await look(page, `join-${name}`);
    });
  }

  test("says that the call is full and keeps the form", async ({ page }) => {
    await made.answer(page, {
      "POST /joins": made.json(made.join()),
      "POST /joins/room-tokens": made.problem(
        "call-full",
        "This call is full",
        409,
        "Ten people are in it. Try again when somebody has left.",
      ),
    });
    await open(page);
    await page.getByTestId("join-button").click();
    await expect(page.getByText("This call is full")).toBeVisible();
    await expect(page.getByTestId("join-button")).toBeEnabled();
    await look(page, "join-full");
  });
});
