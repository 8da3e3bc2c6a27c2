import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";

test.describe("rooms", () => {
  const gallery = (query: string) => `/e2e/gallery.html?${query}`;

  for (const room of ["talking", "alone", "reconnecting", "agent-away", "silent", "crowd"]) {
    test(`a guest's room: ${room}`, async ({ page }) => {
      await page.goto(gallery(`room=${room}&script=${room === "alone" ? "empty" : "talk"}`));
      await expect(page.getByTestId("leave-button")).toBeVisible();
      await look(page, `room-${room}`);
    });
  }

  test("a guest changes how they take part", async ({ page }) => {
    await page.goto(gallery("room=talking"));
    await page.getByTestId("consent-button").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, "room-consent");
  });

  for (const script of ["empty", "talk", "objection", "warning", "compliance", "long"]) {
    test(`a rep's room: ${script}`, async ({ page }) => {
      await page.goto(gallery(`as=rep&script=${script}`));
      if (script === "objection") await page.getByTestId("nudge-card").hover();
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
});
