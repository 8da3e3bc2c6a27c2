import { describe, expect, it } from "vitest";
import type { QuestionSet } from "../../api/types";
import {
  asDraftErrors,
  bodyOf,
  type Draft,
  draftOf,
  emptyQuestion,
  isChanged,
  mistakes,
  moved,
  withQuestion,
} from "./editor";

const set: QuestionSet = {
  question_set_id: "set-1",
  title: "Discovery",
  is_archived: false,
  questions: ["a", "b", "c"].map((id, position) => ({
    question_id: id,
    position,
    text: `Question ${id}?`,
    type: "open_ended",
    options: [],
  })),
};
const order = (draft: Draft) => draft.questions.map((one) => one.key).join("");

describe("the order", () => {
  it.each([
    [0, 2, "bca"],
    [2, 0, "cab"],
    [1, 1, "abc"],
    [0, -1, "abc"],
    [2, 3, "abc"],
    [7, 0, "abc"],
  ])("from %i to %i is %s", (from, to, expected) =>
    expect(order(moved(draftOf(set), from, to))).toBe(expected),
  );
});

describe("a question", () => {
  it("of choice has room for two answers, and keeps them while it is of another kind", () => {
    const choice = withQuestion(draftOf(set), "b", { type: "multiple_choice" });
    expect(choice.questions[1]?.options).toEqual(["", ""]);
    const written = withQuestion(choice, "b", { options: ["Yes", "No", "Perhaps"] });
    const back = withQuestion(withQuestion(written, "b", { type: "rating" }), "b", {
      type: "multiple_choice",
    });
    expect(back.questions[1]?.options).toEqual(["Yes", "No", "Perhaps"]);
    expect(bodyOf(withQuestion(written, "b", { type: "rating" })).questions[1]?.options).toEqual([]);
  });

  it("that is new has no id yet; the others keep theirs", () => {
    const draft = draftOf(set);
    const body = bodyOf({ ...draft, questions: [...draft.questions, emptyQuestion()] });
    expect(body.questions.map((one) => one.question_id)).toEqual(["a", "b", "c", null]);
  });
});

describe("mistakes", () => {
  it("are none in a set as it was saved", () => expect(mistakes(draftOf(set))).toEqual({}));

  it("are told of title, words and answers", () => {
    let draft = withQuestion(draftOf(set), "a", { text: " " });
    draft = withQuestion(draft, "b", { type: "multiple_choice", options: ["Yes", "yes ", ""] });
    expect(mistakes({ ...draft, title: "" })).toEqual({
      title: "Give the set a title.",
      a: "Write the question, or remove it.",
      "b.1": "This answer is there already.",
      "b.2": "Write the answer, or remove it.",
    });
    expect(mistakes({ title: "x", questions: [] })).toHaveProperty("questions");
  });

  it("of the server come to the same fields", () => {
    const errors = { "questions.1.text": "Too long.", "questions.2.options.1": "Odd.", title: "Taken." };
    expect(asDraftErrors(errors, draftOf(set))).toEqual({ b: "Too long.", "c.1": "Odd.", title: "Taken." });
  });
});

it("knows whether there is something to save", () => {
  const draft = draftOf(set);
  expect(isChanged(draft, draftOf(set))).toBe(false);
  expect(isChanged({ ...draft, title: "Discovery " }, draft)).toBe(false);
  expect(isChanged(moved(draft, 0, 1), draft)).toBe(true);
  expect(isChanged(withQuestion(draft, "a", { text: "Else?" }), draft)).toBe(true);
});
