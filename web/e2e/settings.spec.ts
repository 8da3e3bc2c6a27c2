import { expect, type Page, test } from "@playwright/test";
import * as made from "./answers";
import { inbox, installation, organization, own, providers, server, suppressed } from "./answers-settings";
import { look } from "./look";

const all = (more: Parameters<typeof made.answer>[1] = {}) => ({
  "GET /me": made.json({ ...made.me, role: "admin" }),
  "GET /settings/organization": made.json(organization),
  "GET /settings/providers": made.json(providers),
  "GET /settings/mail-servers": made.json({ items: [server()] }),
  "GET /settings/inbox": made.json(null),
  "GET /suppressed-addresses": made.json({ items: [] }),
  "GET /calls": made.json({ items: [], next_cursor: null }),
  "GET /demo": made.problem("not-found", "This is not here", 404, "Nothing."),
  ...more,
});

const put = (page: Page) => page.waitForRequest((request) => request.method() === "PUT");

test.describe("settings", () => {
  test("shows what holds for the organization", async ({ page }) => {
    await made.answer(page, all());
    await page.goto("/settings");
    await expect(page.getByTestId("in-use").first()).toHaveText("In use: Deepgram, nova-3");
    await expect(page.getByTestId("last-server")).toContainText("do not leave this installation");
    await look(page, "settings");
  });

  test("saves the organization and says so", async ({ page }) => {
    const changed = { ...organization, retention_days: 30 };
    await made.answer(page, all({ "PUT /settings/organization": made.json(changed) }));
    await page.goto("/settings");
    const form = page.getByRole("form", { name: "Organization" });
    await expect(form.getByRole("button", { name: "Save" })).toBeDisabled();
    await form.getByLabel("Keep what was said for").fill("30");
    await expect(form.getByText("Not saved yet")).toBeVisible();
    const sent = put(page);
    await form.getByRole("button", { name: "Save" }).click();
    expect((await sent).postDataJSON()).toEqual(changed);
    await expect(form.getByText("Saved", { exact: true })).toBeVisible();
    await expect(form.getByRole("button", { name: "Save" })).toBeDisabled();
  });

  test("keeps what was typed when the server says no, and shows it at the field", async ({ page }) => {
    const errors = [{ pointer: "/body/name", detail: "Another organization has this name." }];
    await made.answer(
      page,
      all({
        "PUT /settings/organization": made.problem("malformed-request", "No", 422, "Nothing was changed.", {
          errors,
        }),
      }),
    );
    await page.goto("/settings");
    const form = page.getByRole("form", { name: "Organization" });
    await form.getByLabel("Keep what was said for").fill("0");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form.getByText("Write a whole number of days")).toBeVisible();
    await form.getByLabel("Keep what was said for").fill("30");
    await form.getByRole("textbox", { name: "Name" }).fill("Southwind");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form.getByText("Another organization has this name.")).toBeVisible();
    await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue("Southwind");
    await look(page, "settings-refused");
  });

  test("asks before unsaved changes are left", async ({ page }) => {
    await made.answer(page, all());
    await page.goto("/settings");
    await page
      .getByRole("form", { name: "Organization" })
      .getByRole("textbox", { name: "Name" })
      .fill("Other");
    await page.getByRole("link", { name: "Calls" }).first().click();
    await expect(page.getByRole("dialog", { name: "Leave without saving?" })).toBeVisible();
    await page.getByRole("button", { name: "Stay here" }).click();
    await expect(page).toHaveURL(/\/settings$/);
  });

  test("chooses and tests providers", async ({ page }) => {
    await made.answer(
      page,
      all({
        "PUT /settings/providers": made.json({
          ...providers,
          language_model: { ...providers.language_model, choice: "gemini", model: "gemini-flash" },
        }),
        "POST /settings/providers/tests": made.json({ ok: true, detail: "Heard: hello.", took_ms: 412 }),
      }),
    );
    await page.goto("/settings");
    await page.getByTestId("test-speech_to_text").click();
    await expect(page.getByText("It works, in 412 ms. Heard: hello.")).toBeVisible();
    await page.getByRole("combobox", { name: "Language: provider" }).click();
    await page.getByRole("option", { name: "Gemini" }).click();
    await page.getByLabel("Language: model").fill("gemini-flash");
    await expect(page.getByTestId("test-language_model")).toBeDisabled();
    await look(page, "settings-provider");
    const sent = put(page);
    await page
      .getByRole("form", { name: "Voice and language" })
      .getByRole("button", { name: "Save" })
      .click();
    expect((await sent).postDataJSON()).toEqual({
      speech_to_text: { choice: "auto", model: null },
      language_model: { choice: "gemini", model: "gemini-flash" },
    });
    await expect(page.getByTestId("test-language_model")).toBeEnabled();
  });

  test("takes an own mail server before the installation's, and tests it", async ({ page }) => {
    await made.answer(
      page,
      all({
        "GET /settings/mail-servers": made.json({ items: [installation] }),
        "PUT /settings/mail-servers": made.json({ items: [own, installation] }),
        "POST /settings/mail-servers/server-1/tests": made.json({
          test_id: "test-1",
          ok: null,
          detail: "The mail could not be sent within 20 s.",
        }),
        "GET /settings/mail-servers/server-1/tests/test-1": made.json({
          test_id: "test-1",
          ok: false,
          detail: "The server refused the password (535).",
        }),
      }),
    );
    await page.goto("/settings");
    await expect(page.getByTestId("last-server")).toContainText("mail.example:587 sends your mails");
    await page.getByRole("button", { name: "Use our own mail server" }).click();
    const form = page.getByRole("form", { name: "Mail servers" });
    await form.getByLabel("Server", { exact: true }).fill("smtp.northwind.example");
    await form.getByLabel("User name").fill("calls");
    await form.getByLabel("Password", { exact: true }).fill("s3cret");
    await form.getByLabel("Sender's name").fill("Northwind");
    await form.getByLabel("Sender's address").fill("nobody");
    await form.getByLabel("Mails in a minute").fill("120");
    await expect(page.getByTestId("mail-test")).toBeDisabled();
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form.getByText("Write an address")).toBeVisible();
    await look(page, "settings-mail-server");
    await form.getByLabel("Sender's address").fill("calls@northwind.example");
    const sent = put(page);
    await form.getByRole("button", { name: "Save" }).click();
    expect((await sent).postDataJSON()).toEqual({
      items: [
        {
          server_id: null,
          host: "smtp.northwind.example",
          port: 587,
          security: "starttls",
          user_name: "calls",
          password: "s3cret",
          sender_name: "Northwind",
          sender_email: "calls@northwind.example",
          mails_a_minute: 120,
        },
      ],
    });
    await expect(page.getByTestId("last-server")).toContainText("At last the installation's server");
    await page.getByTestId("mail-test").first().click();
    await expect(page.getByText("could not be sent within 20 s")).toBeVisible();
    await page.getByRole("button", { name: "Look again" }).click();
    await expect(
      page.getByText("It could not be sent. The server refused the password (535)."),
    ).toBeVisible();
  });

  test("says that a mail server does not let us in, until it does", async ({ page }) => {
    const problem = "The mail server smtp.northwind.example refused the user name or password: 535 5.7.8";
    const refused = { ...own, problem, problem_at: "2026-11-21T09:00:00Z" };
    let asked = 0;
    await made.answer(
      page,
      all({
        "POST /settings/mail-servers/server-1/tests": made.json({
          test_id: "test-1",
          ok: true,
          detail: "smtp.northwind.example took a mail.",
        }),
      }),
    );
    await page.route("**/api/v1/settings/mail-servers", (route) => {
      asked += 1;
      return route.fulfill(made.json({ items: [asked === 1 ? refused : own] }));
    });
    await page.goto("/settings");
    const told = page.getByRole("status").filter({ hasText: "This server does not let us in" });
    await expect(told).toContainText(problem);
    await look(page, "settings-mail-refused");
    await page.getByTestId("mail-test").first().click();
    await expect(page.getByText("It works. smtp.northwind.example took a mail.")).toBeVisible();
    await expect(told).toHaveCount(0);
  });

  test("puts the mail servers in another order, keeps their passwords and removes one", async ({ page }) => {
    const second = { ...own, server_id: "server-2", host: "backup.northwind.example" };
    await made.answer(
      page,
      all({
        "GET /settings/mail-servers": made.json({ items: [own, second] }),
        "PUT /settings/mail-servers": made.json({ items: [second, own] }),
      }),
    );
    await page.goto("/settings");
    const form = page.getByRole("form", { name: "Mail servers" });
    await form.getByRole("button", { name: "Try server 2 earlier" }).click();
    await look(page, "settings-mail-servers");
    const moved = put(page);
    await form.getByRole("button", { name: "Save" }).click();
    expect((await moved).postDataJSON().items).toMatchObject([
      { server_id: "server-2", password: null },
      { server_id: "server-1", password: null },
    ]);
    await expect(form.getByText("Saved", { exact: true })).toBeVisible();
    await form.getByRole("button", { name: "Remove server 2" }).click();
    const removed = put(page);
    await form.getByRole("button", { name: "Save" }).click();
    expect((await removed).postDataJSON().items).toMatchObject([{ server_id: "server-2" }]);
  });

  test("reads an inbox for answers, and none any more", async ({ page }) => {
    await made.answer(
      page,
      all({
        "PUT /settings/inbox": made.json(inbox),
        "DELETE /settings/inbox": { status: 204 },
      }),
    );
    await page.goto("/settings");
    await page.getByRole("button", { name: "Read an inbox" }).click();
    const form = page.getByRole("form", { name: "Inbox for answers" });
    await form.getByLabel("Server", { exact: true }).fill("imap.northwind.example");
    await form.getByLabel("User name").fill("calls");
    await form.getByLabel("Password", { exact: true }).fill("s3cret");
    const sent = put(page);
    await form.getByRole("button", { name: "Save" }).click();
    const { problem: _, ...entered } = inbox;
    expect((await sent).postDataJSON()).toEqual({ ...entered, password: "s3cret" });
    await expect(form.getByText("Saved", { exact: true })).toBeVisible();
    await look(page, "settings-inbox");
    await page.getByRole("button", { name: "Read no inbox any more" }).click();
    await expect(page.getByRole("dialog")).toContainText("its password are deleted here");
    await page.getByRole("button", { name: "Read it no more" }).click();
    await expect(page.getByText("Answers to invitations are not read.")).toBeVisible();
  });

  test("says why an inbox cannot be read", async ({ page }) => {
    const problem = "The mailbox at imap.northwind.example refused: [AUTHENTICATIONFAILED] wrong password";
    await made.answer(page, all({ "GET /settings/inbox": made.json({ ...inbox, problem }) }));
    await page.goto("/settings");
    await expect(page.getByRole("status").filter({ hasText: "It cannot be read now" })).toContainText(
      problem,
    );
    await look(page, "settings-inbox-problem");
  });

  test("lists who gets no mail, and lets one be written to again", async ({ page }) => {
    await made.answer(
      page,
      all({
        "GET /suppressed-addresses": made.json({ items: suppressed }),
        "DELETE /suppressed-addresses/olga%40example.com/everything": { status: 204 },
      }),
    );
    await page.goto("/settings");
    await expect(page.getByTestId("suppressed").getByRole("listitem")).toHaveCount(2);
    await expect(page.getByText("550 5.1.1 No such user")).toBeVisible();
    await page.getByRole("button", { name: "Write to olga@example.com again" }).click();
    await expect(page.getByRole("dialog")).toContainText("the next mail bounces");
    await look(page, "settings-suppressed");
    await made.answer(
      page,
      all({
        "GET /suppressed-addresses": made.json({ items: suppressed.slice(1) }),
        "DELETE /suppressed-addresses/olga%40example.com/everything": { status: 204 },
      }),
    );
    await page.getByRole("button", { name: "Write again", exact: true }).click();
    await expect(page.getByTestId("suppressed").getByRole("listitem")).toHaveCount(1);
  });

  for (const role of ["manager", "rep"] as const) {
    test(`are not for a ${role}, who is told whom to ask`, async ({ page }) => {
      await made.answer(page, all({ "GET /me": made.json({ ...made.me, role }) }));
      const asked: string[] = [];
      page.on("request", (request) => {
        if (request.url().includes("/api/v1/settings")) asked.push(request.url());
      });
      await page.goto("/settings");
      await expect(page.getByText("Settings are for admins")).toBeVisible();
      await expect(page.getByText("Ask an admin of Northwind Cooling")).toBeVisible();
      await expect(page.getByRole("link", { name: "Settings" })).toHaveCount(0);
      expect(asked).toEqual([]);
      await look(page, `settings-${role}`);
    });
  }

  for (const [name, answer] of [
    ["loading", "hang"],
    ["error", made.problem("broken", "The settings cannot be read", 400, "Try again.")],
  ] as const) {
    test(`has a look for ${name}`, async ({ page }) => {
      const broken = {
        "GET /settings/organization": answer,
        "GET /settings/providers": answer,
        "GET /settings/mail-servers": answer,
        "GET /settings/inbox": answer,
        "GET /suppressed-addresses": answer,
      };
      await made.answer(page, all(broken));
      await page.goto("/settings");
      await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
      if (name === "error") await expect(page.getByText("The settings cannot be read").first()).toBeVisible();
      await look(page, `settings-${name}`);
    });
  }
});
