import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { detail, html, messages } from "./answers-mailbox";
import { look } from "./look";

const signedIn = { "GET /me": made.json(made.me) };
const list = { "GET /mailbox": made.json({ items: messages, next_cursor: null }) };

test.describe("the mailbox", () => {
  test("lists what was sent", async ({ page }) => {
    await made.answer(page, { ...signedIn, ...list });
    await page.goto("/mailbox");
    await expect(page.getByTestId("mail-row")).toHaveCount(3);
    await look(page, "mailbox");
  });

  test("shows a mail as it looks, with its calendar entry, and runs nothing of it", async ({ page }) => {
    let tracked = false;
    await made.answer(page, {
      ...signedIn,
      ...list,
      "GET /mailbox/mail-1": made.json(detail()),
      "GET /mailbox/mail-1/html": html,
    });
    await page.route("https://tracker.example/**", (route) => {
      tracked = true;
      return route.abort();
    });
    await page.goto("/mailbox/mail-1");
    const mail = page.frameLocator("[data-testid=mail-frame]");
    await expect(mail.getByRole("heading", { name: "Ben Okafor invites you to a call" })).toBeVisible();
    await expect(mail.getByText("a script ran")).toHaveCount(0);
    expect(tracked, "the tracker is not asked").toBe(false);
    await expect(page.getByTestId("mail-calendar")).toContainText("In the entry: Wed");
    await expect(page.getByTestId("mail-calendar")).toContainText(/(18:00|\b6:00 PM) \(GMT\+9\)/);
    await expect(page.getByRole("link", { name: "invite.ics" })).toHaveAttribute(
      "href",
      "/api/v1/mailbox/mail-1/attachments/1",
    );
    // Nothing inside the frame scrolls: it is as high as the mail.
    await expect
      .poll(() =>
        page
          .getByTestId("mail-frame")
          .evaluate(
            (frame: HTMLIFrameElement) =>
              frame.clientHeight - (frame.contentDocument?.documentElement.scrollHeight ?? 0),
          ),
      )
      .toBe(0);
    await look(page, "mailbox-mail");
    await page.getByRole("tab", { name: "Text" }).click();
    await expect(page.getByTestId("mail-text")).toContainText("Join: http://127.0.0.1:8917/join#made-up");
    await look(page, "mailbox-text");
  });

  test("opens a mail by a click, and its links outside", async ({ page }) => {
    await made.answer(page, {
      ...signedIn,
      ...list,
      "GET /mailbox/mail-1": made.json(detail()),
      "GET /mailbox/mail-1/html": html,
    });
    await page.context().route("http://127.0.0.1:8917/join", (route) => route.fulfill({ body: "The call" }));
    await page.goto("/mailbox");
    await page.getByTestId("mail-row").last().click();
    await expect(page).toHaveURL(/\/mailbox\/mail-1$/);
    const mail = page.frameLocator("[data-testid=mail-frame]");
    const opened = page.context().waitForEvent("page");
    await mail.getByRole("link", { name: "Join the call" }).click();
    await (await opened).waitForURL(/\/join#made-up/);
    await expect(page).toHaveURL(/\/mailbox\/mail-1$/);
  });

  test("searches", async ({ page }) => {
    const asked: (string | null)[] = [];
    await made.answer(page, { ...signedIn });
    await page.route("**/api/v1/mailbox?**", (route) => {
      asked.push(new URL(route.request().url()).searchParams.get("search"));
      return route.fulfill(made.json({ items: [], next_cursor: null }));
    });
    await page.route("**/api/v1/mailbox", (route) =>
      route.fulfill(made.json({ items: messages, next_cursor: null })),
    );
    await page.goto("/mailbox");
    await page.getByRole("searchbox", { name: "Search the mails" }).fill("olga");
    await expect(page.getByText("No mail has these words")).toBeVisible();
    expect(asked[0]).toBe("olga");
    await look(page, "mailbox-nothing-found");
  });

  test("keeps the search while one reads what was found", async ({ page }) => {
    await made.answer(page, { ...signedIn, ...list, "GET /mailbox/mail-1": made.json(detail()) });
    await page.goto("/mailbox");
    await page.getByRole("searchbox", { name: "Search the mails" }).fill("ana");
    await expect(page).toHaveURL(/search=ana/);
    await page.getByTestId("mail-row").last().click();
    await expect(page.getByTestId("mail")).toBeVisible();
    await expect(page.getByRole("searchbox", { name: "Search the mails" })).toHaveValue("ana");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("link", { name: "All mails" }).click();
    await expect(page.getByRole("searchbox", { name: "Search the mails" })).toHaveValue("ana");
  });

  for (const [name, answer, words] of [
    ["empty", made.json({ items: [], next_cursor: null }), "No mail yet"],
    ["loading", "hang", ""],
    [
      "error",
      made.problem("broken", "The mails cannot be read", 400, "Try again."),
      "The mails cannot be read",
    ],
  ] as const) {
    test(`has a look for ${name}`, async ({ page }) => {
      await made.answer(page, { ...signedIn, "GET /mailbox": answer });
      await page.goto("/mailbox");
      await expect(page.getByText(words).first()).toBeVisible();
      await look(page, `mailbox-${name}`);
    });
  }

  test("says when a mail is not there any more", async ({ page }) => {
    await made.answer(page, { ...signedIn, ...list });
    await page.goto("/mailbox/gone");
    await expect(page.getByText("This is not here")).toBeVisible();
    await look(page, "mailbox-gone");
  });
});
