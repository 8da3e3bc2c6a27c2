import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";

test.describe("rooms", () => {
  const gallery = (query: string) => `/e2e/gallery.html?${query}`;

  for (const room of ["talking", "alone", "reconnecting", "agent-away", "agent-missing", "silent", "crowd"]) {
    test(`a guest's room: ${room}`, async ({ page }) => {
      await page.goto(gallery(`room=${room}&script=${room === "alone" ? "empty" : "talk"}`));
      await expect(page.getByTestId("leave-button")).toBeVisible();
      await look(page, `room-${room}`);
    });
  }

  test("a guest still sees who is here while the AI cannot come", async ({ page }) => {
    await page.goto(gallery("room=agent-missing&script=empty"));
    await expect(page.getByTestId("agent-state")).toHaveText(/Cannot come$/);
    await expect(page.getByText("starts in a moment")).toHaveCount(0);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      const people = await page.getByRole("list", { name: "People in the call" }).boundingBox();
      const told = await page.getByText("The AI cannot come").boundingBox();
      expect(told?.y, `${width}`).toBeGreaterThanOrEqual((people?.y ?? 0) + (people?.height ?? 0));
    }
  });

  for (const [gone, guest, rep] of [
    ["left", "come back with the same link", "come back while the call goes on"],
    ["elsewhere", "The same link was opened", "You opened it in a second tab"],
    ["ended", "Thank you for your time", "on the call's page"],
    ["removed", "ask whoever invited you", "ask an admin"],
    ["lost", "What was said so far is kept", "What was said so far is kept"],
  ] as const) {
    test(`out of the room: ${gone}`, async ({ page }) => {
      await page.goto(gallery(`gone=${gone}`));
      await expect(page.getByText(guest)).toBeVisible();
      const isFinal = gone === "ended" || gone === "removed";
      await expect(page.getByTestId("back-button")).toHaveCount(isFinal ? 0 : 1);
      await look(page, `gone-${gone}`);
      await page.goto(gallery(`gone=${gone}&as=rep`));
      await expect(page.getByText(rep)).toBeVisible();
    });
  }

  test("a guest changes how they take part", async ({ page }) => {
    await page.goto(gallery("room=talking"));
    await page.getByTestId("consent-button").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, "room-consent");
  });

  for (const script of [
    "empty",
    "talk",
    "covered",
    "several",
    "objection",
    "warning",
    "provider-changed",
    "long",
  ]) {
    test(`a rep's room: ${script}`, async ({ page }) => {
      await page.goto(gallery(`as=rep&script=${script}`));
      if (script === "objection" || script === "several") await page.getByTestId("nudge-card").hover();
      await expect(page.getByTestId("rep-transcript")).toBeVisible();
      await look(page, `rep-${script}`);
    });
  }

  test("a rep's room while the record reconnects", async ({ page }) => {
    await page.goto(gallery("as=rep&script=talk&log-waits"));
    await expect(page.getByText("The record of the call is reconnecting")).toBeVisible();
    await look(page, "rep-log-waits");
  });

  test("the nudge goes by key, and nothing else moves", async ({ page }) => {
    await page.goto(gallery("as=rep&script=objection"));
    const questions = page.getByRole("heading", { name: /Questions/ });
    await expect(page.getByTestId("nudge-card")).toHaveAttribute("data-kind", "objection_response");
    const before = await questions.boundingBox();
    await page.keyboard.press("d");
    await expect(page.getByTestId("nudge-card")).toHaveCount(0);
    expect(await questions.boundingBox()).toEqual(before);
  });

  test("the transcript stays where the reader scrolled to, and jumps when asked", async ({ page }) => {
    await page.goto(gallery("as=rep&script=long"));
    await expect(page.getByText("This is line 60 of")).toBeInViewport();
    await page.getByTestId("rep-transcript").evaluate((box) => box.scrollTo(0, 0));
    await page.getByRole("button", { name: "Jump to newest" }).click();
    await expect(page.getByText("This is line 60 of")).toBeInViewport();
  });

  test("ending a call says what happens", async ({ page }) => {
    await page.goto(gallery("as=rep&script=talk"));
    await page.getByTestId("end-call").click();
    await expect(page.getByText("disconnected at once")).toBeVisible();
    await look(page, "rep-end");
  });

  test("a rep sees the call before entering it", async ({ page }) => {
    await made.answer(page, { "GET /me": made.json(made.me), "GET /calls/call-1": made.json(made.call()) });
    await page.goto("/calls/call-1/room");
    await expect(page.getByTestId("rep-join-button")).toBeEnabled();
    await look(page, "rep-prejoin");
  });

  const save = "PUT /calls/call-1/nudges/nudge-objection_response/response";

  test("a nudge is answered by key, at once, and kept in the list", async ({ page }) => {
    await made.answer(page, { [save]: { status: 204 } });
    await page.goto(gallery("as=rep&script=objection"));
    await expect(page.getByTestId("nudge-keys")).toBeVisible();
    const liked = page.waitForRequest((request) => request.method() === "PUT");
    await page.keyboard.press("l");
    await expect(page.getByTestId("nudge-like")).toHaveAttribute("aria-pressed", "true");
    expect((await liked).postDataJSON()).toEqual({ state: null, reaction: "like" });
    const done = page.waitForRequest((request) => request.method() === "PUT");
    await page.keyboard.press("a");
    expect((await done).postDataJSON()).toEqual({ state: "acted", reaction: "like" });
    await expect(page.getByTestId("nudge-card")).toHaveCount(0);
    await expect(page.getByTestId("earlier-nudge")).toHaveAttribute("data-state", "acted");
  });

  test("an answer that cannot be saved says so and is saved again", async ({ page }) => {
    await made.answer(page, { [save]: "abort" });
    await page.goto(gallery("as=rep&script=objection"));
    await page.getByTestId("nudge-done").click();
    await expect(page.getByText("One answer is not saved yet")).toBeVisible();
    await look(page, "rep-unsaved");
    await page.unrouteAll();
    await made.answer(page, { [save]: { status: 204 } });
    await page.getByRole("button", { name: "Save again" }).click();
    await expect(page.getByText("One answer is not saved yet")).toHaveCount(0);
  });

  test("an answer jumps to where it was said", async ({ page }) => {
    await page.goto(gallery("as=rep&script=covered"));
    await expect(page.getByTestId("coverage-count")).toHaveText(/4 of 5 covered/);
    await page.getByRole("button", { name: /About 1.9 million/ }).click();
    await expect(page.locator("[data-segment=segment-27000]")).toHaveAttribute("data-shown", "true");
    await expect(page.locator("[data-segment=segment-27000]")).toBeInViewport();
  });

  test("the agent is asked to leave and to come back", async ({ page }) => {
    await made.answer(page, { "PUT /calls/call-1/agent": { status: 204 } });
    await page.goto(gallery("as=rep&script=talk&kind=assisted"));
    await expect(page.getByTestId("agent-state")).toContainText("Listens, does not speak");
    await look(page, "rep-assisted");
    const asked = page.waitForRequest((request) => request.method() === "PUT");
    await page.getByTestId("agent-control").click();
    expect((await asked).postDataJSON()).toEqual({ present: false });
    await expect(page.getByText("The agent is leaving.")).toBeVisible();
    await page.goto(gallery("as=rep&script=agent-left&kind=assisted&room=agent-gone"));
    await expect(page.getByTestId("agent-state")).toContainText("Asked to leave");
    await expect(page.getByTestId("agent-control")).toHaveText("Bring the agent back");
    await look(page, "rep-agent-left");
    const back = page.waitForRequest((request) => request.method() === "PUT");
    await page.getByTestId("agent-control").click();
    expect((await back).postDataJSON()).toEqual({ present: true });
    await expect(page.getByText("The agent is on its way.")).toBeVisible();
  });

  test("an agent that cannot be asked says so", async ({ page }) => {
    await made.answer(page, { "PUT /calls/call-1/agent": "abort" });
    await page.goto(gallery("as=rep&script=talk&kind=assisted"));
    await page.getByTestId("agent-control").click();
    await expect(page.getByText("Nothing has changed")).toBeVisible();
  });

  for (const off of ["coaching", "transcript"]) {
    test(`a rep's room without ${off} says so`, async ({ page }) => {
      await page.goto(gallery(`as=rep&script=empty&off=${off}`));
      await expect(
        page.getByText(/switched off for this call|This call is not transcribed\. No/),
      ).toBeVisible();
      await look(page, `rep-no-${off}`);
    });
  }

  test("a guest's room: assisted, and without a transcript", async ({ page }) => {
    await page.goto(gallery("script=talk&kind=assisted"));
    await expect(page.getByTestId("agent-state")).toContainText("Listens only");
    await look(page, "room-assisted");
    await page.goto(gallery("script=empty&off=transcript"));
    await expect(page.getByText("is not written down")).toBeVisible();
    await look(page, "room-untranscribed");
  });
});
