import { type Browser, expect, type Page, test } from "@playwright/test";
import type { Call, QuestionSet } from "../src/api/types";
import { look } from "./look";

// Source: docs/adr/0007: who waits is let in within three seconds; the rest is the browser's way into the room.
const LET_IN_WITHIN_MS = 15_000;

const person = async (browser: Browser, width: number) =>
  (await browser.newContext({ viewport: { width, height: 800 } })).newPage();

/** A call that begins now with room for two. */
async function bookForTwo(rep: Page, names: string[]): Promise<Call> {
  const sets = (await (await rep.request.get("/api/v1/question-sets")).json()) as { items: QuestionSet[] };
  const answer = await rep.request.post("/api/v1/calls", {
    data: {
      kind: "discovery",
      title: "A full room",
      starts_now: true,
      time_zone: "Europe/Berlin",
      question_set_id: sets.items[0]?.question_set_id,
      most_participants: 2,
      invitees: names.map((name) => ({ name })),
    },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()) as Call;
}

test("a full room lets in whoever waits, in the order of asking", async ({ browser }) => {
  test.setTimeout(240_000);
  const rep = await person(browser, 1280);
  await rep.goto("/demo/rep");
  await expect(rep).toHaveURL(/\/calls$/);
  const call = await bookForTwo(rep, ["Ana", "Ben", "Cleo"]);

  const guests = await Promise.all(call.invitees.map(() => person(browser, 390)));
  const [ana, ben, cleo] = guests as [Page, Page, Page];
  for (const [n, guest] of guests.entries()) {
    await guest.goto(call.invitees[n]?.join_link ?? "");
    await guest.getByTestId("join-consent-text").click();
    await guest.getByTestId("join-button").click();
    if (guest !== cleo) await expect(guest.getByTestId("leave-button")).toBeVisible({ timeout: 30_000 });
  }
  await expect(cleo.getByText("You are number 1 in line")).toBeVisible();
  await rep.goto(`/calls/${call.call_id}/room`);
  await rep.getByTestId("rep-join-button").click();
  await expect(rep.getByText("You are number 2 in line")).toBeVisible();
  await expect(rep.getByText("One person is before you.")).toBeVisible();
  await look(rep, "journey-lobby");
  await rep.setViewportSize({ width: 1280, height: 800 });

  await ana.getByTestId("leave-button").click();
  await expect(cleo.getByTestId("leave-button")).toBeVisible({ timeout: LET_IN_WITHIN_MS });
  await expect(rep.getByText("You are number 1 in line")).toBeVisible();
  await ana.getByTestId("back-button").click();
  await expect(ana.getByText("You are number 2 in line"), "whoever left stands behind").toBeVisible();
  await ana.getByTestId("lobby-give-up").click();
  await expect(ana.getByTestId("join-button")).toBeVisible();

  await ben.getByTestId("leave-button").click();
  await expect(rep.getByTestId("agent-state")).toBeVisible({ timeout: LET_IN_WITHIN_MS });
  await expect(rep.getByRole("list", { name: "People in the call" })).toContainText("Cleo");
  await rep.getByTestId("end-call").click();
  await rep.getByTestId("end-call-confirm").click();
  await expect(cleo.getByText("The call has ended")).toBeVisible({ timeout: LET_IN_WITHIN_MS });
});
