import { expect, test } from "@playwright/test";

test("an assisted call: the agent listens, nudges, leaves when it is asked to and comes back", async ({
  browser,
}) => {
  test.setTimeout(150_000);
  const rep = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await rep.goto("/demo/manager");
  await expect(rep).toHaveURL(/\/calls$/);
  const me = await (await rep.request.get("/api/v1/me")).json();
  const sets = await (await rep.request.get("/api/v1/question-sets")).json();
  const made = await rep.request.post("/api/v1/calls", {
    headers: { "idempotency-key": crypto.randomUUID() },
    data: {
      title: "Assisted look",
      kind: "assisted",
      starts_at: new Date().toISOString(),
      time_zone: "Asia/Tokyo",
      duration_minutes: 30,
      owner_id: me.user_id,
      question_set_id: sets.items[0]?.question_set_id ?? null,
      lead_id: null,
      invitees: [{ name: "Ana Lind", email: "ana@example.com", time_zone: "America/New_York" }],
      switches: { recording: true, transcript: true, coaching: true, sentiment: true, mail: true },
      starts_now: true,
    },
  });
  expect(made.status()).toBe(201);
  const call = await made.json();
  await rep.goto("/mailbox");
  await expect(rep.getByTestId("mail-row").first()).toBeVisible({ timeout: 20_000 });
  await rep.getByTestId("mail-row").first().click();
  await expect(rep.getByTestId("mail-frame")).toBeVisible();
  await rep.getByRole("tab", { name: "Text" }).click();
  const admin = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await admin.goto("/demo/admin");
  await expect(admin).toHaveURL(/\/calls$/);
  await admin.goto("/settings");
  await expect(admin.getByTestId("in-use").first()).toBeVisible();
  await admin.getByTestId("mail-test").click();
  await expect(admin.getByText(/It works\.|It could not be sent/)).toBeVisible({ timeout: 25_000 });
  await admin.getByTestId("test-speech_to_text").click();
  await expect(admin.getByText(/It works, in|It does not work/).first()).toBeVisible({ timeout: 25_000 });
  await rep.goto(`/calls/${call.call_id}/room`);
  await rep.getByTestId("rep-join-button").click();
  await expect(rep.getByTestId("agent-state")).toContainText("Listens, does not speak", { timeout: 30_000 });
  const guest = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await guest.goto(call.invitees[0].join_link);
  await expect(guest.getByTestId("join-button")).toBeEnabled();
  await guest.getByTestId("join-consent-text").click();
  await guest.getByTestId("join-button").click();
  await expect(guest.getByTestId("leave-button")).toBeVisible({ timeout: 20_000 });
  await guest
    .getByTestId("message-field")
    .fill("Honestly, that is far too expensive for us, we only have ten thousand a year.");
  await guest.getByRole("button", { name: "Send" }).click();
  await expect(rep.getByTestId("rep-segment").filter({ hasText: "too expensive" })).toBeVisible({
    timeout: 15_000,
  });
  const nudge = rep.getByTestId("nudge-card");
  await expect(nudge).toBeVisible({ timeout: 15_000 });
  await rep.keyboard.press("l");
  await rep.keyboard.press("a");
  await expect(rep.getByTestId("earlier-nudge")).toHaveAttribute("data-state", "acted");
  await expect
    .poll(async () => {
      const { items } = await (await rep.request.get(`/api/v1/calls/${call.call_id}/nudges`)).json();
      return items.map(({ state, reaction }: { state: string; reaction: string }) => [state, reaction]);
    })
    .toContainEqual(["acted", "like"]);
  await expect(rep.getByText("not saved yet")).toHaveCount(0);
  await rep.getByTestId("agent-control").click();
  await expect(rep.getByTestId("agent-control")).toHaveText("Bring the agent back", { timeout: 15_000 });
  await expect(rep.getByTestId("agent-state")).toContainText("Asked to leave", { timeout: 15_000 });
  await expect(rep.getByTestId("call-note")).toContainText("asked to leave", { timeout: 15_000 });
  await rep.getByTestId("agent-control").click();
  await expect(rep.getByTestId("agent-state")).toContainText("Listens, does not speak", { timeout: 30_000 });
  await expect(rep.getByText("The agent is back.")).toBeVisible({ timeout: 15_000 });
  await rep.getByTestId("end-call").click();
  await rep.getByTestId("end-call-confirm").click();
  await expect(guest.getByText("The call has ended")).toBeVisible({ timeout: 15_000 });
});
