import { expect, type Page, test } from "@playwright/test";
import type { QuestionSetBody } from "../src/api/types";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

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

  test("are put in order by arrows, by keys and by dragging, and saved as they stand", async ({ page }) => {
    await made.answer(page, base);
    const sent: QuestionSetBody[] = [];
    await page.route("**/api/v1/question-sets/set-1", (route) => {
      if (route.request().method() !== "PUT") return route.fallback();
      const body = route.request().postDataJSON() as QuestionSetBody;
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
      { question_id: "q-1", text: "How many stores do you run today?", type: "open_ended", options: [] },
      {
        question_id: "q-2",
        text: "Which of these bothers you most?",
        type: "multiple_choice",
        options: ["Energy", "Breakdowns", "Noise"],
      },
      { question_id: null, text: "Who decides?", type: "multiple_choice", options: ["The board", "Me"] },
    ]);
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
