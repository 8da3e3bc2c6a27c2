import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { look } from "./look";
import { heardEnergy, recordWire } from "./wire";

// The provider of OpenID Connect that the running copy has: `tests/fakes/openid.py`.
const PROVIDER = process.env.PARLEY_OPENID_ISSUER ?? "";
const OUT_WITHIN_MS = 5_000;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

test.use({ actionTimeout: 10_000, navigationTimeout: 15_000 });

async function person(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: DESKTOP })).newPage();
}

/** Goes to the provider, where `email` is signed in, and back. */
async function signInAtProvider(page: Page, email: string): Promise<void> {
  const account = { sub: `account of ${email}`, email };
  expect((await page.request.put(`${PROVIDER}/who`, { data: account })).status()).toBe(204);
  await page.getByRole("link", { name: "Sign in with Google" }).click();
}

/** Opens somebody beside the list of people. */
async function open(admin: Page, name: string): Promise<Locator> {
  await admin.getByTestId("person-row").filter({ hasText: name }).getByRole("link", { name }).click();
  const drawer = admin.getByRole("dialog", { name, exact: true });
  await expect(drawer).toBeVisible();
  return drawer;
}

async function makeTeam(admin: Page, team: string): Promise<void> {
  await admin.getByRole("tab", { name: "Teams" }).click();
  await admin.getByRole("button", { name: "New team" }).click();
  await admin.getByRole("textbox", { name: "Name" }).fill(team);
  await admin.getByRole("button", { name: "Create the team" }).click();
  await expect(admin.getByRole("dialog", { name: team })).toBeVisible();
  await admin.keyboard.press("Escape");
  await admin.getByRole("tab", { name: "People" }).click();
}

async function invite(admin: Page, manager: { name: string; email: string; team: string }): Promise<void> {
  await admin.getByRole("button", { name: "Invite a person" }).click();
  await admin.getByRole("textbox", { name: "Name" }).fill(manager.name);
  await admin.getByRole("textbox", { name: "E-mail" }).fill(manager.email);
  await admin.getByRole("combobox", { name: "Role" }).click();
  await admin.getByRole("option", { name: "Manager" }).click();
  await admin.getByRole("combobox", { name: "Teams" }).click();
  await admin.getByRole("option", { name: manager.team }).click();
  await admin.getByRole("textbox", { name: "Name" }).click();
  await expect(admin.getByTestId("mail-effect")).toContainText(`as a manager in ${manager.team}`);
  await looked(admin, "invite");
  await admin.getByRole("button", { name: "Send the invitation" }).click();
}

async function completeProfile(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Title" }).fill("Head of field sales");
  await page.getByRole("combobox", { name: "Time zone" }).fill("Lisbon");
  await page.getByRole("option", { name: /Lisbon/ }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await looked(page, "profile");
}

async function assign(admin: Page, rep: string, manager: string): Promise<void> {
  const drawer = await open(admin, rep);
  await drawer.getByRole("combobox", { name: "Managers who answer for them" }).fill(manager);
  await admin.getByRole("option", { name: manager }).click();
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect(drawer.getByText("Saved", { exact: true })).toBeVisible();
  await looked(admin, "assigned");
  await drawer.getByRole("button", { name: "Close" }).click();
  await expect(drawer).toBeHidden();
  await expect(admin.getByTestId("person-row").filter({ hasText: rep })).toContainText(manager);
}

/** Into the room of the call in this row, muted. */
async function enter(page: Page, row: Locator): Promise<void> {
  await row.getByRole("link", { name: /Join|Open the room/ }).click();
  await page.getByTestId("rep-join-button").click();
}

async function looked(page: Page, name: string): Promise<void> {
  await look(page, `journey-people-${name}`);
  await page.setViewportSize(DESKTOP);
}

/** For what moves: a live room, and what must be seen within seconds. */
async function shoot(page: Page, name: string): Promise<void> {
  const shots = process.env.PARLEY_SHOTS;
  if (shots) await page.screenshot({ path: `${shots}/journey-people-${name}.png` });
}

const inRoom = (page: Page, name: string) =>
  page.getByRole("list", { name: "People in the call" }).getByText(name, { exact: true });

test("a manager is invited, answers for a rep, and is out of a live call when they are disabled", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const run = Date.now() % 1_000_000;
  const [email, name, team] = [`nora.${run}@northwind.example`, `Nora Vale ${run}`, `Field ${run}`];
  const title = `Call of a rep ${run}`;

  const rep = await person(browser);
  await rep.goto("/demo/rep");
  await expect(rep).toHaveURL(/\/calls$/);
  const booked = await rep.request.post("/api/v1/calls", {
    data: { title, kind: "assisted", starts_now: true, invitees: [{ name: "Ana Lind" }] },
  });
  expect(booked.status()).toBe(201);
  const room = `/calls/${(await booked.json()).call_id}/room`;

  // Nobody has invited this address.
  const nora = await person(browser);
  await recordWire(nora);
  await nora.goto("/calls");
  await expect(nora).toHaveURL(/\/sign-in/);
  await looked(nora, "sign-in");
  await signInAtProvider(nora, email);
  await expect(nora.getByText("This Google account is not invited")).toBeVisible();

  const admin = await person(browser);
  await admin.goto("/demo/admin");
  await expect(admin).toHaveURL(/\/calls$/);
  await admin.getByRole("link", { name: "People" }).click();
  await makeTeam(admin, team);
  await invite(admin, { name, email, team });
  await expect(admin.getByText(`${name} is invited`)).toBeVisible();
  await expect(admin.getByTestId("person-row").filter({ hasText: name })).toContainText("Invited");

  await signInAtProvider(nora, email);
  await expect(nora).toHaveURL(/\/profile$/);
  await completeProfile(nora);
  await nora.getByRole("link", { name: "Calls", exact: true }).click();
  await expect(nora.getByText("Nothing is booked for today.")).toBeVisible();
  await expect(nora.getByText(title)).toHaveCount(0);

  await admin.reload();
  await expect(admin.getByTestId("person-row").filter({ hasText: name })).toContainText("Active");
  await assign(admin, "Tom Okafor", name);

  // Looked at before the call: while seconds count, axe would take the machine from those who count them.
  const drawer = await open(admin, name);
  await drawer.getByRole("button", { name: `Disable ${name}` }).click();
  const question = admin.getByRole("dialog", { name: `Disable ${name}?` });
  await expect(question).toContainText("live calls included");
  await looked(admin, "disable");
  await question.getByRole("button", { name: "Keep them in" }).click();
  await expect(question).toBeHidden();

  await nora.reload();
  const row = nora.getByTestId("call-row").filter({ hasText: title });
  await expect(row).toBeVisible();
  await looked(nora, "calls");

  await rep.goto(room);
  await rep.getByTestId("rep-join-speaking").click();
  await expect(inRoom(rep, "Tom Okafor")).toBeVisible({ timeout: 15_000 });
  const elsewhere = await nora.context().newPage();
  await elsewhere.goto("/leads");
  await enter(nora, row);
  await expect(inRoom(nora, "Tom Okafor")).toBeVisible({ timeout: 15_000 });
  await expect(inRoom(rep, name)).toBeVisible();
  await expect.poll(() => heardEnergy(nora), { timeout: 20_000 }).toBeGreaterThan(0.001);
  await shoot(nora, "room");

  await drawer.getByRole("button", { name: `Disable ${name}` }).click();
  await question.getByRole("button", { name: "Disable", exact: true }).click();
  await Promise.all([
    expect(inRoom(rep, name)).toHaveCount(0, { timeout: OUT_WITHIN_MS }),
    expect(nora.getByText("You were signed out")).toBeVisible({ timeout: OUT_WITHIN_MS }),
  ]);
  await expect(inRoom(rep, "Tom Okafor"), "the others stay").toBeVisible();
  await shoot(nora, "out");
  await shoot(rep, "stays");
  await rep.getByTestId("leave-button").click();
  await expect(drawer).toContainText("Cannot sign in.");
  await looked(admin, "disabled");

  await elsewhere.getByRole("link", { name: "Question sets" }).click();
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  for (const path of ["/calls", room.replace("/room", ""), room, "/leads", "/profile", "/people"]) {
    await elsewhere.goto(path);
    await expect(elsewhere, path).toHaveURL(/\/sign-in/);
  }
  await elsewhere.close(); // a page behind another draws nothing, and one cannot look at it
  await signInAtProvider(nora, email);
  await expect(nora.getByText("Your account is disabled")).toBeVisible();
  await looked(nora, "refused");

  // From a phone.
  await admin.setViewportSize(PHONE);
  await admin.goto("/calls");
  await admin.getByRole("button", { name: "Menu" }).click();
  await admin.getByRole("dialog").getByRole("link", { name: "People" }).click();
  const again = await open(admin, name);
  await shoot(admin, "phone");
  await again.getByRole("button", { name: `Enable ${name}` }).click();
  await expect(again).toContainText("Can sign in.");
  await signInAtProvider(nora, email);
  await expect(nora).toHaveURL(/\/calls$/);
  await enter(nora, row);
  await expect(inRoom(nora, name)).toBeVisible({ timeout: 15_000 });
  await nora.getByTestId("end-call").click();
  await nora.getByTestId("end-call-confirm").click();
  await expect(nora.getByText("The call has ended")).toBeVisible({ timeout: 15_000 });
});
