import { expect, type Page, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";

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

  test("by text is chosen for whoever said that they prefer it", async ({ page }) => {
    await made.answer(page, { "POST /joins": made.json(made.join({ prefers_text: true })) });
    await open(page);
    await expect(page.getByTestId("join-consent-text")).toBeChecked();
    await expect(page.getByTestId("mic-level")).toHaveCount(0);
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
    ["early", made.json(made.early()), "The doors open:"],
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

  test("waits in the line in front of a full call, moves up, and may give up", async ({ page }) => {
    let place = 3;
    const answers = {
      "POST /joins": made.json(made.join()),
      "POST /joins/places/departures": { status: 204 },
    };
    await made.answer(page, answers);
    await page.route("**/api/v1/joins/room-tokens", (route) =>
      route.fulfill(made.json({ place, ahead: place - 1, ask_again_ms: 200 }, 202)),
    );
    await open(page);
    await page.getByTestId("join-button").click();
    await expect(page.getByTestId("lobby-place")).toHaveText(
      /You are number 3 in line\s*2 people are before/,
    );
    await look(page, "join-lobby");
    place = 1;
    await expect(page.getByTestId("lobby-place")).toHaveText(/number 1 in line\s*Nobody is before you/);
    const left = page.waitForRequest((request) => request.url().endsWith("/joins/places/departures"));
    await page.getByTestId("lobby-give-up").click();
    expect((await left).postDataJSON()).toEqual({ link: made.LINK });
    await expect(page.getByTestId("join-button")).toBeEnabled();
  });

  test("reads in the line that the call is over", async ({ page }) => {
    let isOver = false;
    await made.answer(page, {});
    await page.route("**/api/v1/joins", (route) =>
      route.fulfill(made.json(made.join(isOver ? { may_join: false, why_not: "ended" } : {}))),
    );
    await page.route("**/api/v1/joins/room-tokens", (route) =>
      route.fulfill(
        isOver
          ? made.problem("call-ended", "The call is over", 410, "Nobody can join it any more.")
          : made.json({ place: 1, ahead: 0, ask_again_ms: 100 }, 202),
      ),
    );
    await open(page);
    await page.getByTestId("join-button").click();
    await expect(page.getByTestId("lobby-place")).toBeVisible();
    isOver = true;
    await expect(page.getByText("This call has ended")).toBeVisible();
  });

  test("plays back what the microphone heard, and sends none of it", async ({ page }) => {
    const sent: string[] = [];
    await made.answer(page, { "POST /joins": made.json(made.join()) });
    page.on("request", (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await open(page);
    const hello = page.getByTestId("hello-button");
    await hello.click();
    await expect(hello).toHaveAttribute("data-state", "recording");
    const before = sent.length;
    await expect(hello).toHaveAttribute("data-state", "playing", { timeout: 10_000 });
    await expect(hello).toHaveAttribute("data-state", "done", { timeout: 15_000 });
    await expect(page.getByTestId("hello-words")).toHaveText("That was you. It is forgotten already.");
    expect(sent.slice(before).filter((one) => !one.startsWith("GET "))).toEqual([]);
    await look(page, "join-hello");
  });

  test("tests the speaker", async ({ page }) => {
    await made.answer(page, { "POST /joins": made.json(made.join()) });
    await open(page);
    const speaker = page.getByTestId("speaker-button");
    await speaker.click();
    await expect(speaker).toHaveAttribute("data-state", "playing");
    await expect(speaker).toHaveAttribute("data-state", "quiet", { timeout: 15_000 });
    await page.getByLabel("Speaker", { exact: true }).selectOption({ index: 1 });
    await speaker.click();
    await expect(speaker).toHaveAttribute("data-state", "playing");
    await look(page, "join-speaker");
  });

  test("two taps from the mail to the room on a phone", async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      ...(baseURL ? { baseURL } : {}),
    });
    const phone = await context.newPage();
    let asked = false;
    await made.answer(phone, { "POST /joins": made.json(made.join()) });
    await phone.route("**/api/v1/joins/room-tokens", (route) => {
      asked = true;
      return route.fulfill(made.problem("room-unavailable", "The room cannot be reached", 503, "Try again."));
    });
    await open(phone);
    const button = phone.getByTestId("join-button");
    await expect(button).toBeInViewport();
    await button.tap();
    await expect(phone.getByText("The room cannot be reached")).toBeVisible();
    expect(asked).toBe(true);
    await context.close();
  });

  test("when early, the microphone can be checked and the call saved to a calendar", async ({ page }) => {
    await made.answer(page, { "POST /joins": made.json(made.early()) });
    await open(page);
    const saving = page.waitForEvent("download");
    await page.getByTestId("calendar-button").click();
    expect((await saving).suggestedFilename()).toBe("call.ics");
    await page.getByTestId("early-check-button").click();
    await expect(page.getByTestId("hello-button")).toBeVisible();
    await look(page, "join-early-check");
    const change = page.getByRole("link", { name: "Change the time, say that you prefer text, or cancel" });
    await expect(change).toHaveAttribute("href", `/manage#${made.LINK}`);
  });

  test("says that the call goes on and how many are there", async ({ page }) => {
    const join = made.join({ status: "live", participants_present: 3 });
    await made.answer(page, { "POST /joins": made.json(join) });
    await open(page);
    await expect(page.getByText("The call is going on. 3 people are there.")).toBeVisible();
    await look(page, "join-late");
  });

  test("an assisted call without recording asks only for the transcript", async ({ page }) => {
    const join = made.join({ kind: "assisted", asks_recording: false });
    await made.answer(page, { "POST /joins": made.json(join) });
    await open(page);
    await expect(page.getByText("Ben Okafor leads this call")).toBeVisible();
    await expect(page.getByTestId("join-consent-record")).toHaveCount(0);
    await look(page, "join-assisted");
  });

  test("a call that is not transcribed says so", async ({ page }) => {
    const join = made.join({ asks_recording: false, asks_transcription: false });
    await made.answer(page, { "POST /joins": made.json(join) });
    await open(page);
    await expect(page.getByText("This call is not transcribed")).toBeVisible();
    await look(page, "join-untranscribed");
  });
});
