import { expect, type Page, test } from "@playwright/test";
import * as made from "./answers";
import * as data from "./answers-people";
import { look } from "./look";

const sending = (page: Page, method: string) => page.waitForRequest((request) => request.method() === method);
const list = (items: readonly unknown[]) => made.json({ items, next_cursor: null });
const malformed = (pointer: string, detail: string) =>
  made.problem("malformed-request", "Something is not right", 422, "See what is marked.", {
    errors: [{ pointer, detail }],
  });

/** From now on the server lists these people. */
const nowThere = (page: Page, users: readonly unknown[]) =>
  page.route("**/api/v1/users", (route) =>
    route.request().method() === "GET" ? route.fulfill(list(users)) : route.fallback(),
  );

test.describe("people", () => {
  test("are listed with role, status, teams and who answers for them", async ({ page }) => {
    await made.answer(page, data.signedIn());
    await page.goto("/people");
    const rows = page.getByTestId("person-row");
    await expect(rows).toHaveCount(7);
    await expect(rows.filter({ hasText: "Tom Okafor" }).getByRole("cell")).toHaveText([
      /^Tom Okafor/,
      "Rep",
      "Active",
      "Sales",
      "Olga Petrenko and Maya Lindqvist",
    ]);
    await expect(rows.filter({ hasText: "Kenji Ito" })).toContainText("Invited");
    await look(page, "people");
  });

  test("are searched, and the address keeps it", async ({ page }) => {
    await made.answer(page, data.signedIn());
    await page.goto("/people");
    await page.getByRole("searchbox", { name: "Search people" }).fill("sales rep");
    await expect(page.getByTestId("person-row")).toHaveCount(2);
    await expect(page).toHaveURL(/search=sales/);
    await page.reload();
    await expect(page.getByTestId("person-row")).toHaveCount(2);
    await page.getByRole("searchbox").fill("zzz");
    await expect(page.getByText("Nobody fits")).toBeVisible();
    await page.getByRole("button", { name: "Clear the search" }).click();
    await expect(page.getByTestId("person-row")).toHaveCount(7);
  });

  test("are invited after it was said what the mail does", async ({ page }) => {
    await made.answer(page, data.signedIn());
    await page.goto("/people");
    await page.getByRole("button", { name: "Invite a person" }).click();
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await expect(page.getByText("Write an e-mail address.")).toBeVisible();
    await page.getByRole("textbox", { name: "Name" }).fill("Cleo Marsh");
    await page.getByRole("textbox", { name: "E-mail" }).fill("cleo@northwind.example");
    await page.getByRole("combobox", { name: "Role" }).click();
    await page.getByRole("option", { name: "Manager" }).click();
    await page.getByRole("combobox", { name: "Teams" }).click();
    await page.getByRole("option", { name: "Sales" }).click();
    await page.getByRole("textbox", { name: "Name" }).click();
    const effect = page.getByTestId("mail-effect");
    await expect(effect).toContainText("Cleo Marsh gets a mail at cleo@northwind.example");
    await expect(effect).toContainText("as a manager in Sales");
    await expect(effect).toContainText("The mail comes from calls@northwind.example.");
    await look(page, "people-invite");
    const cleo = data.person("user-8", "Cleo Marsh", {
      role: "manager",
      status: "invited",
      team_ids: ["team-1"],
    });
    await page.route("**/api/v1/users", (route) =>
      route.request().method() === "POST" ? route.fulfill(made.json(cleo, 201)) : route.fallback(),
    );
    await nowThere(page, [...data.users, cleo]);
    const sent = sending(page, "POST");
    await page.getByRole("button", { name: "Send the invitation" }).click();
    expect((await sent).postDataJSON()).toEqual({
      name: "Cleo Marsh",
      email: "cleo@northwind.example",
      role: "manager",
      team_ids: ["team-1"],
    });
    await expect(page.getByText("Cleo Marsh is invited")).toBeVisible();
    await expect(page.getByTestId("person-row")).toHaveCount(8);
  });

  test("that are here already are not invited twice", async ({ page }) => {
    const taken = made.problem("already-there", "This is there already", 409, "Nothing was changed.");
    await made.answer(page, data.signedIn({ "POST /users": taken }));
    await page.goto("/people");
    await page.getByRole("button", { name: "Invite a person" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Tom Okafor");
    await page.getByRole("textbox", { name: "E-mail" }).fill("tom@northwind.example");
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await expect(page.getByText("Somebody with this address is here already.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Tom Okafor");
    await look(page, "people-invite-refused");
  });

  test("say what will be here to whoever is alone", async ({ page }) => {
    await made.answer(page, data.signedIn({ "GET /users": list([data.ada]), "GET /teams": list([]) }));
    await page.goto("/people");
    await expect(page.getByText("You are alone here")).toBeVisible();
    await look(page, "people-alone");
  });

  for (const [name, answer] of [
    ["loading", "hang"],
    ["error", made.problem("broken", "The people cannot be read", 400, "Nothing is lost.")],
  ] as const) {
    test(`have a look for ${name}`, async ({ page }) => {
      await made.answer(page, data.signedIn({ "GET /users": answer }));
      await page.goto("/people");
      const shown =
        name === "error"
          ? page.getByRole("button", { name: "Try again" })
          : page.getByRole("status", { name: "Loading people" });
      await expect(shown).toBeVisible();
      await look(page, `people-${name}`);
    });
  }

  test("are for admins", async ({ page }) => {
    await made.answer(page, data.signedIn({ "GET /me": made.json({ ...data.me, role: "manager" }) }));
    await page.goto("/people?person=user-5");
    await expect(page.getByText("People and teams are for admins")).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Invite a person" })).toHaveCount(0);
    await look(page, "people-not-yours");
    const pages = page.getByRole("navigation", { name: "Pages" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect(pages.getByRole("link", { name: "People" })).toHaveCount(0);
  });
});

test.describe("a person", () => {
  const open = async (page: Page, name: string, more: Parameters<typeof data.signedIn>[0] = {}) => {
    await made.answer(page, data.signedIn(more));
    await page.goto("/people");
    await page.getByTestId("person-row").getByRole("link", { name }).click();
    return page.getByRole("dialog", { name });
  };

  test("is opened by a link that can be shared, and closed by Escape", async ({ page }) => {
    const drawer = await open(page, "Tom Okafor");
    await expect(page).toHaveURL(/person=user-5/);
    await expect(drawer.getByTestId("devices").getByRole("listitem")).toHaveCount(2);
    await expect(drawer).toContainText("Through a team already: Maya Lindqvist (Sales).");
    await look(page, "person");
    await page.keyboard.press("Escape");
    await expect(drawer).toHaveCount(0);
    await expect(page).not.toHaveURL(/person/);
    await page.goto("/people?person=nobody");
    await expect(page.getByRole("dialog", { name: "This person is not here" })).toBeVisible();
  });

  test("gets another role, and is told what follows", async ({ page }) => {
    const drawer = await open(page, "Tom Okafor", {
      "PATCH /users/user-5": made.json({ ...data.tom, role: "manager", manager_ids: [] }),
    });
    await drawer.getByRole("combobox", { name: "Role" }).click();
    await page.getByRole("option", { name: "Manager" }).click();
    await expect(drawer).toContainText("Tom Okafor becomes a manager in all their teams");
    await look(page, "person-role");
    const sent = sending(page, "PATCH");
    await drawer.getByRole("button", { name: "Save" }).click();
    expect((await sent).postDataJSON()).toEqual({ role: "manager" });
    await expect(drawer.getByText("Saved", { exact: true })).toBeVisible();
    // The button that was pressed is switched off; the browser takes the focus from it with its next frame.
    await expect(page.locator(":focus")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(drawer).toHaveCount(0);
  });

  test("gets managers; a refusal is shown at its field and what was chosen stays", async ({ page }) => {
    const drawer = await open(page, "Tom Okafor", {
      "PATCH /users/user-5": malformed("/body/manager_ids/1", "There is no such manager."),
    });
    await drawer.getByRole("combobox", { name: "Managers who answer for them" }).click();
    await page.getByRole("option", { name: "Ada Brandt" }).click();
    await expect(page.getByRole("listbox"), "more can be chosen").toBeVisible();
    const sent = sending(page, "PATCH");
    await drawer.getByRole("button", { name: "Save" }).click();
    expect((await sent).postDataJSON()).toEqual({ manager_ids: ["user-3", "user-1"] });
    await expect(drawer.getByText("There is no such manager.")).toBeVisible();
    await expect(drawer.getByText("Not saved yet")).toBeVisible();
  });

  test("is not left with unsaved changes without a question", async ({ page }) => {
    const drawer = await open(page, "Tom Okafor");
    await drawer.getByRole("combobox", { name: "Role" }).click();
    await page.getByRole("option", { name: "Manager" }).click();
    await page.keyboard.press("Escape");
    const question = page.getByRole("dialog", { name: "Leave without saving?" });
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Stay here" }).click();
    await expect(question).toHaveCount(0);
    await expect(drawer).toBeVisible();
    await page.keyboard.press("Escape");
    await question.getByRole("button", { name: "Leave without saving" }).click();
    await expect(drawer).toHaveCount(0);
    await expect(page.getByTestId("person-row")).toHaveCount(7);
  });

  test("who is the only admin stays one", async ({ page }) => {
    const drawer = await open(page, "Ada Brandt", { "GET /users/user-1/devices": list([]) });
    await expect(drawer).toContainText("You are the only admin. Make somebody else an admin first.");
    await expect(drawer.getByRole("combobox", { name: "Role" })).toBeDisabled();
    await expect(drawer).toContainText("You cannot disable yourself.");
    await look(page, "person-only-admin");
  });

  test("who has become the last admin meanwhile stays one, in the server's words", async ({ page }) => {
    const last = made.problem(
      "last-admin",
      "Somebody must stay an admin",
      409,
      "This is the last admin of your organization. Make somebody else one first. Nothing was changed.",
    );
    const eve = data.person("user-9", "Eve Moran", { role: "admin" });
    const drawer = await open(page, "Eve Moran", {
      "GET /users": list([...data.users, eve]),
      "GET /users/user-9/devices": list([]),
      "PATCH /users/user-9": last,
      "PUT /users/user-9/disabling": last,
    });
    await drawer.getByRole("combobox", { name: "Role" }).click();
    await page.getByRole("option", { name: "Rep" }).click();
    await drawer.getByRole("button", { name: "Save" }).click();
    await expect(drawer.getByRole("alert")).toContainText("Somebody must stay an admin");
    await drawer.getByRole("button", { name: "Disable Eve Moran" }).click();
    const question = page.getByRole("dialog", { name: "Disable Eve Moran?" });
    await question.getByRole("button", { name: "Disable" }).click();
    await expect(question.getByRole("alert")).toContainText("Somebody must stay an admin");
    await look(page, "person-last-admin");
  });

  test("is disabled after it was said what that does, and enabled again", async ({ page }) => {
    const drawer = await open(page, "Tom Okafor", {
      "PUT /users/user-5/disabling": { status: 204 },
      "DELETE /users/user-5/disabling": { status: 204 },
    });
    await drawer.getByRole("button", { name: "Disable Tom Okafor" }).click();
    const question = page.getByRole("dialog", { name: "Disable Tom Okafor?" });
    await expect(question).toContainText("out of everything within seconds, live calls included");
    await look(page, "person-disable");
    await page.keyboard.press("Escape");
    await expect(question).toHaveCount(0);
    await expect(drawer).toBeVisible();
    await drawer.getByRole("button", { name: "Disable Tom Okafor" }).click();
    await nowThere(
      page,
      data.users.map((user) => (user === data.tom ? { ...user, status: "disabled" } : user)),
    );
    await page.route("**/api/v1/users/user-5/devices", (route) => route.fulfill(list([])));
    const sent = sending(page, "PUT");
    await question.getByRole("button", { name: "Disable" }).click();
    expect((await sent).postDataJSON()).toEqual({});
    await expect(drawer.getByText("Cannot sign in. Their calls are kept.")).toBeVisible();
    await expect(drawer.getByText("Not signed in anywhere.")).toBeVisible();
    await look(page, "person-disabled");
    await nowThere(page, data.users);
    await drawer.getByRole("button", { name: "Enable Tom Okafor" }).click();
    await expect(drawer.getByRole("button", { name: "Disable Tom Okafor" })).toBeVisible();
  });

  test("who has not come yet gets the invitation again", async ({ page }) => {
    const drawer = await open(page, "Kenji Ito", { "POST /users/user-6/invitations": made.json({}, 202) });
    await expect(drawer).toContainText("A mail with a new link goes to kenji@northwind.example.");
    await look(page, "person-invited");
    await drawer.getByRole("button", { name: "Send the invitation again" }).click();
    await expect(drawer.getByText("On its way to kenji@northwind.example.")).toBeVisible();
  });

  test("is signed out of a device after a question", async ({ page }) => {
    const drawer = await open(page, "Tom Okafor", {
      "DELETE /users/user-5/devices/device-2": { status: 204 },
    });
    await drawer.getByRole("button", { name: "End Firefox on Windows" }).click();
    const question = page.getByRole("dialog", { name: "End Firefox on Windows?" });
    await expect(question).toContainText("Tom Okafor is signed out there within seconds");
    await page.route("**/api/v1/users/user-5/devices", (route) => route.fulfill(list(data.devices.slice(1))));
    await question.getByRole("button", { name: "End it" }).click();
    await expect(drawer.getByTestId("devices").getByRole("listitem")).toHaveCount(1);
  });
});

test.describe("teams", () => {
  const open = async (page: Page, more: Parameters<typeof data.signedIn>[0] = {}) => {
    await made.answer(page, data.signedIn(more));
    await page.goto("/people");
    await page.getByRole("tab", { name: "Teams" }).click();
  };

  test("are listed with who answers for whom", async ({ page }) => {
    await open(page);
    await expect(page).toHaveURL(/part=teams/);
    const sales = page.getByTestId("team-row").filter({ hasText: "Sales" });
    await expect(sales.getByRole("cell")).toHaveText(["Sales", "Maya Lindqvist", "Iris Vale and Tom Okafor"]);
    await look(page, "teams");
  });

  test("say what they are for when there are none", async ({ page }) => {
    await open(page, { "GET /teams": list([]) });
    await expect(page.getByText("No teams yet")).toBeVisible();
    await look(page, "teams-empty");
  });

  test("are made by name, then filled", async ({ page }) => {
    const west = { team_id: "team-3", name: "West", members: [] };
    await open(page);
    await page.route("**/api/v1/teams", (route) =>
      route.fulfill(route.request().method() === "POST" ? made.json(west, 201) : list([...data.teams, west])),
    );
    await page.getByRole("button", { name: "New team" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("West");
    await page.getByRole("button", { name: "Create the team" }).click();
    const drawer = page.getByRole("dialog", { name: "West" });
    await expect(drawer.getByRole("combobox", { name: "Add somebody" })).toBeVisible();
    await expect(page).toHaveURL(/team=team-3/);
  });

  test("get and lose members, whose role is set there", async ({ page }) => {
    const changed = {
      ...data.teams[1],
      name: "Field sales",
      members: [
        { user_id: "user-3", name: "Olga Petrenko", role: "rep" },
        { user_id: "user-4", name: "Iris Vale", role: "rep" },
      ],
    };
    await open(page, { "PATCH /teams/team-1": made.json(changed) });
    await page.getByRole("link", { name: "Sales", exact: true }).click();
    const drawer = page.getByRole("dialog", { name: "Sales" });
    const members = drawer.getByTestId("members").getByRole("listitem");
    await expect(members).toHaveText([/^Maya Lindqvist/, /^Iris Vale/, /^Tom Okafor/]);
    await expect(drawer.getByLabel("What Iris Vale is in this team")).toHaveCount(0);
    await drawer.getByRole("textbox", { name: "Name" }).fill("Field sales");
    await drawer.getByRole("button", { name: "Take Tom Okafor out of the team" }).click();
    await drawer.getByRole("combobox", { name: "Add somebody" }).click();
    await expect(page.getByRole("option", { name: "Per Halden" })).toHaveCount(0);
    await page.getByRole("option", { name: "Olga Petrenko" }).click();
    await drawer.getByLabel("What Olga Petrenko is in this team").selectOption("Rep");
    await look(page, "team");
    const sent = sending(page, "PATCH");
    await drawer.getByRole("button", { name: "Save" }).click();
    expect((await sent).postDataJSON()).toEqual({
      name: "Field sales",
      members: [
        { user_id: "user-2", role: "manager" },
        { user_id: "user-4", role: "rep" },
        { user_id: "user-3", role: "rep" },
      ],
    });
    await expect(drawer.getByText("Saved", { exact: true })).toBeVisible();
  });

  test("say what the server has against a member", async ({ page }) => {
    const detail = "A rep cannot be the manager of a team.";
    await open(page, { "PATCH /teams/team-1": malformed("/body/members/2/role", detail) });
    await page.getByRole("link", { name: "Sales", exact: true }).click();
    const drawer = page.getByRole("dialog", { name: "Sales" });
    await drawer.getByRole("button", { name: "Take Tom Okafor out of the team" }).click();
    await drawer.getByRole("button", { name: "Save" }).click();
    await expect(drawer.getByText(detail)).toBeVisible();
  });

  test("are deleted after it was said what goes, unsaved changes and all", async ({ page }) => {
    await open(page, { "DELETE /teams/team-1": { status: 204 } });
    await page.getByRole("link", { name: "Sales", exact: true }).click();
    const drawer = page.getByRole("dialog", { name: "Sales", exact: true });
    await drawer.getByRole("textbox", { name: "Name" }).fill("Other");
    await drawer.getByRole("button", { name: "Delete Sales" }).click();
    const question = page.getByRole("dialog", { name: "Delete the team Sales?" });
    await expect(question).toContainText(
      "Maya Lindqvist no longer answers for Iris Vale and Tom Okafor through this team.",
    );
    await look(page, "team-delete");
    await page.route("**/api/v1/teams", (route) => route.fulfill(list(data.teams.slice(0, 1))));
    await question.getByRole("button", { name: "Delete the team" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByTestId("team-row")).toHaveCount(1);
  });
});

test.describe("the audit log", () => {
  const audit = (more: Parameters<typeof data.signedIn>[0] = {}) =>
    data.signedIn({ "GET /audit": list(data.entries), ...more });

  test("says in plain words who did what", async ({ page }) => {
    await made.answer(page, audit());
    await page.goto("/audit");
    const rows = page.getByTestId("audit-row");
    await expect(rows).toHaveCount(6);
    await expect(rows.first()).toContainText("Maya Lindqvist disabled Tom Okafor");
    await expect(rows.first().locator("time")).toHaveAttribute("title", /UTC|GMT/);
    await expect(rows.nth(2)).toContainText("Teams: Key accounts");
    await look(page, "audit");
  });

  test("is filtered by person, action and time, and the address keeps it", async ({ page }) => {
    await made.answer(page, audit());
    const asked: URL[] = [];
    page.on("request", (request) => request.url().includes("/audit?") && asked.push(new URL(request.url())));
    await page.goto("/audit");
    await page.getByRole("combobox", { name: "Person" }).click();
    await page.getByRole("option", { name: "Maya Lindqvist" }).click();
    await page.getByRole("combobox", { name: "What was done" }).click();
    await page.getByRole("option", { name: "Disabled" }).click();
    await page.getByLabel("From").fill("2026-11-20");
    await page.getByLabel("To", { exact: true }).fill("2026-11-21");
    await expect(page).toHaveURL(/actor=user-2.*action=user_disabled.*from=2026-11-20.*to=2026-11-21/);
    await expect
      .poll(() => Object.fromEntries(asked.at(-1)?.searchParams ?? []))
      .toEqual({
        actor_id: "user-2",
        action: "user_disabled",
        from: await page.evaluate(() => new Date(2026, 10, 20).toISOString()),
        before: await page.evaluate(() => new Date(2026, 10, 22).toISOString()),
      });
    await page.reload();
    await expect(page.getByRole("combobox", { name: "Person" })).toHaveValue("Maya Lindqvist");
    await expect(page.getByLabel("From")).toHaveValue("2026-11-20");
  });

  test("shows more when asked", async ({ page }) => {
    await made.answer(page, audit());
    await page.route("**/api/v1/audit*", (route) => {
      const cursor = new URL(route.request().url()).searchParams.get("cursor");
      return route.fulfill(
        made.json(
          cursor === "1279"
            ? { items: data.earlier, next_cursor: null }
            : { items: data.entries, next_cursor: "1279" },
        ),
      );
    });
    await page.goto("/audit");
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(page.getByTestId("audit-row")).toHaveCount(7);
    await expect(page.getByTestId("audit-row").last()).toContainText("Ada Brandt signed in with Google");
    await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
  });

  for (const [name, found, words] of [
    ["whole", data.whole, /All 1.284 entries are whole.*Signed up to entry 1.270/],
    ["broken", data.broken, /breaks at entry 512; the 511 entries before it are whole/],
  ] as const) {
    test(`is verified: ${name}`, async ({ page }) => {
      await made.answer(page, audit({ "POST /audit/verifications": made.json(found) }));
      await page.goto("/audit");
      await page.getByRole("button", { name: "Verify" }).click();
      await expect(page.getByTestId("verification")).toContainText(words);
      await look(page, `audit-${name}`);
    });
  }

  test("that cannot be verified now says so", async ({ page }) => {
    const busy = made.problem("too-many-requests", "That was too often", 429, "Try again in 30 s.");
    await made.answer(page, audit({ "POST /audit/verifications": busy }));
    await page.goto("/audit");
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByRole("alert")).toContainText("That was too often");
  });

  test("has nothing that fits, or nothing yet", async ({ page }) => {
    await made.answer(page, audit({ "GET /audit": list([]) }));
    await page.goto("/audit");
    await expect(page.getByText("Nothing has been done yet")).toBeVisible();
    await look(page, "audit-empty");
    await page.goto("/audit?action=call_ended");
    await expect(page.getByText("No entry fits")).toBeVisible();
  });

  for (const [name, answer] of [
    ["loading", "hang"],
    ["error", made.problem("broken", "The log cannot be read", 400, "Nothing is lost.")],
  ] as const) {
    test(`has a look for ${name}`, async ({ page }) => {
      await made.answer(page, audit({ "GET /audit": answer }));
      await page.goto("/audit");
      const shown =
        name === "error"
          ? page.getByRole("button", { name: "Try again" })
          : page.getByRole("status", { name: "Loading the audit log" });
      await expect(shown).toBeVisible();
      await look(page, `audit-${name}`);
    });
  }

  test("is for admins", async ({ page }) => {
    await made.answer(page, audit({ "GET /me": made.json({ ...data.me, role: "manager" }) }));
    let asked = false;
    page.on("request", (request) => {
      asked ||= request.url().includes("/api/v1/audit");
    });
    await page.goto("/audit");
    await expect(page.getByText("The audit log is for admins")).toBeVisible();
    expect(asked).toBe(false);
    await look(page, "audit-not-yours");
  });
});

test.describe("a guest", () => {
  const about = { "GET /me": made.json(data.me), "GET /calls/call-1/emails": made.json({ items: [] }) };
  const live = made.call({ status: "live", participants_present: 2 });

  test("is removed from a call after it was said what that does", async ({ page }) => {
    await made.answer(page, {
      ...about,
      "GET /calls/call-1": made.json(live),
      "GET /calls/call-1/coverage": made.json({ items: [] }),
      "DELETE /calls/call-1/invitees/invitee-1": { status: 204 },
    });
    await page.goto("/calls/call-1");
    await page.getByRole("button", { name: "Remove Ana Lindqvist" }).click();
    const question = page.getByRole("dialog", { name: "Remove Ana Lindqvist from this call?" });
    await expect(question).toContainText("is out of the room at once and cannot come back");
    await look(page, "call-remove-guest");
    await question.getByRole("button", { name: "Keep them" }).click();
    await expect(page.getByTestId("guests").getByRole("listitem")).toHaveCount(1);
    await page.getByRole("button", { name: "Remove Ana Lindqvist" }).click();
    await page.route("**/api/v1/calls/call-1", (route) =>
      route.fulfill(made.json({ ...live, invitees: [] })),
    );
    const sent = sending(page, "DELETE");
    await question.getByRole("button", { name: "Remove" }).click();
    expect(new URL((await sent).url()).pathname).toBe("/api/v1/calls/call-1/invitees/invitee-1");
    await expect(page.getByText("Nobody was invited.")).toBeVisible();
  });

  test("that could not be removed is still there, with the reason", async ({ page }) => {
    await made.answer(page, {
      ...about,
      "GET /calls/call-1": made.json(live),
      "DELETE /calls/call-1/invitees/invitee-1": made.problem(
        "room-unavailable",
        "The media server does not answer",
        503,
        "Try again in a moment.",
      ),
    });
    await page.goto("/calls/call-1");
    await page.getByRole("button", { name: "Remove Ana Lindqvist" }).click();
    const question = page.getByRole("dialog");
    await question.getByRole("button", { name: "Remove" }).click();
    await expect(question.getByRole("alert")).toContainText("The media server does not answer");
  });
});
