import { expect, type Page, test } from "@playwright/test";
import type { QuestionSetBody } from "../src/api/types";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

type Sent = QuestionSetBody & { version: number };

const base = {
  "GET /me": made.json(made.me),
  "GET /question-sets": made.json({ items: [data.questionSet], next_cursor: null }),
  "GET /question-sets/set-1": made.json(data.questionSet),
};

const texts = (page: Page) =>
  page
    .getByTestId("question-card")
    .getByRole("textbox", { name: /^Question \d+$/ })
    .evaluateAll((fields) =>
      fields.map((field) => (field as HTMLTextAreaElement).value.split(" ").slice(0, 2).join(" ")),
    );

test.describe("question sets", () => {
  test("are listed", async ({ page }) => {
    await made.answer(page, base);
    await page.goto("/question-sets");
    await expect(page.getByTestId("question-set-row")).toHaveCount(1);
    await look(page, "question-sets");
    await page.getByRole("link", { name: "Refrigeration discovery" }).click();
    await expect(page).toHaveURL(/\/question-sets\/set-1$/);
  });

  test("none, with the one thing to do first", async ({ page }) => {
    await made.answer(page, { ...base, "GET /question-sets": made.json({ items: [], next_cursor: null }) });
    await page.goto("/question-sets");
    await expect(page.getByText("No question sets yet")).toBeVisible();
    await look(page, "question-sets-empty");
    await page.getByRole("link", { name: "Write the first one" }).click();
    await expect(page).toHaveURL(/\/question-sets\/new$/);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Give the set a title.")).toBeVisible();
    await expect(page.getByText("Write the question, or remove it.")).toBeVisible();
    await look(page, "question-set-new");
  });

  test("are saved the first time, and say so; nothing to ask is told of", async ({ page }) => {
    await made.answer(page, { ...base, "POST /question-sets": made.json(data.questionSet, 201) });
    await page.goto("/question-sets/new");
    await page.getByLabel("Title").fill("Refrigeration discovery");
    await page.getByRole("textbox", { name: "Question 1" }).fill("How many stores do you run today?");
    await page.getByRole("button", { name: "How question 1 is asked" }).click();
    await page.getByLabel("Not asked for now").check();
    await expect(page.getByText("No question is asked for now")).toBeVisible();
    await look(page, "question-set-resting");
    await page.getByLabel("Not asked for now").uncheck();
    await expect(page.getByText("No question is asked for now")).toHaveCount(0);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/\/question-sets\/set-1$/);
    await expect(page.getByText("Saved.")).toBeVisible();
  });

  test("are put in order by arrows, by keys and by dragging, and saved as they stand", async ({ page }) => {
    await made.answer(page, base);
    const sent: Sent[] = [];
    await page.route("**/api/v1/question-sets/set-1", (route) => {
      if (route.request().method() !== "PUT") return route.fallback();
      const body = route.request().postDataJSON() as Sent;
      sent.push(body);
      const questions = body.questions.map((one, n) => ({
        ...one,
        question_id: one.question_id ?? `new-${n}`,
        position: n,
      }));
      return route.fulfill(made.json({ ...data.questionSet, title: body.title, questions }));
    });
    await page.goto("/question-sets/set-1");
    await look(page, "question-set");
    await page.setViewportSize({ width: 1280, height: 1000 });
    await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
    await page.getByRole("button", { name: "Move question 1 down" }).click();
    expect(await texts(page)).toEqual(["Which of", "How many", "How happy"]);
    const handle = page.getByRole("button", { name: "Move question 3", exact: true });
    await handle.focus();
    await page.keyboard.press("Space");
    await expect(page.getByText("It would be question 3.")).toBeAttached();
    await page.keyboard.press("ArrowUp");
    await expect(page.getByText("It would be question 2.")).toBeAttached();
    await page.keyboard.press("Space");
    await expect.poll(() => texts(page)).toEqual(["Which of", "How happy", "How many"]);
    const from = await page.getByRole("button", { name: "Move question 3", exact: true }).boundingBox();
    const to = await page.getByTestId("question-card").first().boundingBox();
    if (!from || !to) throw new Error("no place to drag");
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 5, from.y - 20, { steps: 4 });
    await page.mouse.move(from.x + 5, to.y + 10, { steps: 12 });
    await page.mouse.up();
    await expect.poll(() => texts(page)).toEqual(["How many", "Which of", "How happy"]);
    await page.getByRole("button", { name: "Add a question" }).click();
    await page.getByRole("textbox", { name: "Question 4" }).fill("Who decides?");
    await page.getByRole("combobox", { name: "Kind of question 4" }).click();
    await page.getByRole("option", { name: /Choice/ }).click();
    await page.getByLabel("Question 4, answer 1").fill("The board");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Write the answer, or remove it.")).toBeVisible();
    await page.getByLabel("Question 4, answer 2").fill("Me");
    await page.getByRole("button", { name: "Remove question 3" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.questions).toEqual([
      {
        question_id: "q-1",
        text: "How many stores do you run today?",
        type: "open_ended",
        options: [],
        ...data.askedAsUsual,
      },
      {
        question_id: "q-2",
        text: "Which of these bothers you most?",
        type: "multiple_choice",
        options: ["Energy", "Breakdowns", "Noise"],
        ...data.askedAsUsual,
      },
      {
        question_id: null,
        text: "Who decides?",
        type: "multiple_choice",
        options: ["The board", "Me"],
        ...data.askedAsUsual,
      },
    ]);
    expect(sent[0]?.version).toBe(3);
  });

  test("say how each question is asked, and when it is skipped", async ({ page }) => {
    await made.answer(page, base);
    const sent: Sent[] = [];
    await page.route("**/api/v1/question-sets/set-1", (route) => {
      if (route.request().method() !== "PUT") return route.fallback();
      sent.push(route.request().postDataJSON() as Sent);
      return route.fulfill(made.json({ ...data.questionSet, version: 4 }));
    });
    await page.goto("/question-sets/set-1");
    await page.getByRole("button", { name: "How question 3 is asked" }).click();
    await page.getByRole("checkbox", { name: "Must be asked" }).check();
    await page.getByLabel("Longest time in seconds").fill("90");
    await page.getByRole("combobox", { name: "Depth" }).click();
    await page.getByRole("option", { name: /^Deep/ }).click();
    await page.getByRole("combobox", { name: "Skip it because" }).click();
    await page.getByRole("option", { name: /^2\. Which/ }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Choose at least one answer.")).toBeVisible();
    await page.getByRole("checkbox", { name: "Noise" }).check();
    await look(page, "question-set-asking");
    await expect(page.getByTestId("asking-words").nth(2)).toHaveText(
      "Must be asked, deep, at most 90 s, skipped by question 2",
    );
    await page.getByLabel("Time for the whole set, in minutes").fill("20");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ version: 3, time_box_minutes: 20 });
    expect(sent[0]?.questions[2]).toMatchObject({
      must_ask: true,
      is_active: true,
      depth: "deep",
      time_box_seconds: 90,
      skip_if: { question_id: "q-2", answers: ["Noise"] },
    });
  });

  test("that somebody else saved meanwhile are not written over", async ({ page }) => {
    await made.answer(page, {
      ...base,
      "PUT /question-sets/set-1": made.problem(
        "question-set-changed",
        "It has changed",
        409,
        "Read it again.",
      ),
    });
    await page.goto("/question-sets/set-1");
    await page.getByLabel("Title").fill("Mine");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Somebody else has saved this set meanwhile")).toBeVisible();
    await look(page, "question-set-changed");
    await page.unrouteAll();
    await made.answer(page, {
      ...base,
      "GET /question-sets/set-1": made.json({ ...data.questionSet, title: "Theirs", version: 4 }),
    });
    await page.getByRole("button", { name: "Show theirs" }).click();
    await expect(page.getByLabel("Title")).toHaveValue("Theirs");
    await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  });

  test("show their versions, and bring one back unsaved", async ({ page }) => {
    const version = (number: number, title: string, questions = data.questionSet.questions) => ({
      version: number,
      title,
      questions,
      created_at: made.inHours(-24 * (4 - number)),
      created_by: number === 1 ? null : "user-1",
      created_by_name: number === 1 ? null : "Mara Chen",
    });
    const versions = [
      version(3, "Refrigeration discovery"),
      version(1, "First try", data.questionSet.questions.slice(0, 1)),
    ];
    await made.answer(page, {
      ...base,
      "GET /question-sets/set-1/versions": made.json({ items: versions, next_cursor: null }),
    });
    await page.goto("/question-sets/set-1");
    await page.getByRole("button", { name: "Versions" }).click();
    await expect(page.getByTestId("version")).toHaveCount(2);
    await look(page, "question-set-versions");
    await page.getByRole("button", { name: "Bring back version 1" }).click();
    await expect(page.getByLabel("Title")).toHaveValue("First try");
    await expect(page.getByTestId("question-card")).toHaveCount(1);
    await expect(page.getByText("Not saved yet.")).toBeVisible();
  });

  test("are tried in writing, and one is made the default", async ({ page }) => {
    const says = ["Hello! How many stores do you run today?", "", "Which of these bothers you most?"];
    const heard: { who: string; text: string }[][] = [];
    await made.answer(page, { ...base, "PUT /question-sets/set-1/default": { status: 204 } });
    await page.route("**/api/v1/question-sets/set-1/trials", (route) => {
      const { said } = route.request().postDataJSON() as { said: { who: string; text: string }[] };
      heard.push(said);
      const guest = said.filter((one) => one.who === "guest").length;
      const status = data.questionSet.questions.map(({ question_id }, n) => ({
        question_id,
        status: n === 0 ? (guest > 1 ? "answered" : "asked") : "open",
        answer: n === 0 && guest > 1 ? "Forty, mostly" : null,
      }));
      return route.fulfill(made.json({ says: says[guest], status, is_over: false }));
    });
    await page.goto("/question-sets/set-1");
    await page.getByRole("button", { name: "Try it" }).click();
    await expect(page.getByText("Hello! How many stores")).toBeVisible();
    await page.getByLabel("Your answer").fill("Let me think");
    await page.keyboard.press("Enter");
    await expect(page.getByText("The agent waits for more.")).toBeVisible();
    await page.getByLabel("Your answer").fill("Forty, mostly");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("trial-said").getByRole("listitem")).toHaveCount(4);
    await expect(page.getByText("Answered: Forty, mostly")).toBeVisible();
    await look(page, "question-set-trial");
    expect(heard.at(-1)).toEqual([
      { who: "agent", text: says[0] },
      { who: "guest", text: "Let me think" },
      { who: "guest", text: "Forty, mostly" },
    ]);
    await page.getByRole("button", { name: "Start again" }).click();
    await expect(page.getByTestId("trial-said").getByRole("listitem")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await page.unroute("**/api/v1/question-sets/set-1/trials");
    const made_default = page.waitForRequest((request) => request.url().endsWith("/set-1/default"));
    await page.getByRole("button", { name: "Make it the default" }).click();
    expect((await made_default).method()).toBe("PUT");
  });

  test("are archived after saying what that means", async ({ page }) => {
    await made.answer(page, { ...base, "DELETE /question-sets/set-1": { status: 204 } });
    await page.goto("/question-sets/set-1");
    await page.getByRole("button", { name: "Archive" }).click();
    await expect(page.getByText("no longer offered for new calls")).toBeVisible();
    await look(page, "question-set-archive");
    await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await expect(page).toHaveURL(/\/question-sets$/);
  });

  test("ask before unsaved work is left", async ({ page }) => {
    await made.answer(page, base);
    await page.goto("/question-sets/set-1");
    await page.getByLabel("Title").fill("Another name");
    await expect(page.getByText("Not saved yet.")).toBeVisible();
    await page.getByRole("link", { name: "Leads" }).click();
    await expect(page.getByText("Leave without saving?")).toBeVisible();
    await page.getByRole("button", { name: "Stay here" }).click();
    await expect(page.getByLabel("Title")).toHaveValue("Another name");
  });
});
