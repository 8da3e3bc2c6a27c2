import { describe, expect, it } from "vitest";
import type { QuestionSet } from "../../api/types";
import { askingWords } from "./asking-words";
import {
  asDraftErrors,
  bodyOf,
  broughtBack,
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
  is_default: false,
  version: 1,
  time_box_minutes: null,
  questions: ["a", "b", "c"].map((id, position) => ({
    question_id: id,
    position,
    text: `Question ${id}?`,
    type: "open_ended",
    options: [],
    must_ask: false,
    is_active: true,
    depth: "medium",
    time_box_seconds: null,
    skip_if: null,
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
    expect(mistakes({ title: "x", time_box_minutes: null, questions: [] })).toHaveProperty("questions");
  });

  it("of the server come to the same fields", () => {
    const errors = { "questions.1.text": "Too long.", "questions.2.options.1": "Odd.", title: "Taken." };
    expect(asDraftErrors(errors, draftOf(set))).toEqual({ b: "Too long.", "c.1": "Odd.", title: "Taken." });
    const asking = { "questions.1.skip_if": "Below.", "questions.0.time_box_seconds": "Too short." };
    expect(asDraftErrors(asking, draftOf(set))).toEqual({ "b.skip": "Below.", "a.time": "Too short." });
  });
});

describe("how a question is asked", () => {
  it("comes and goes as it is, with the named steps of a rating", () => {
    const asked = {
      ...set,
      time_box_minutes: 20,
      questions: set.questions.map((one, n) => ({
        ...one,
        ...(n === 1 && { type: "rating" as const, options: ["Low", "High"] }),
        must_ask: n === 0,
        is_active: n !== 1,
        depth: "deep" as const,
        time_box_seconds: 90,
        skip_if: n === 2 ? { question_id: "b", answers: ["Low"] } : null,
      })),
    };
    const body = bodyOf(draftOf(asked));
    expect(body.time_box_minutes).toBe(20);
    expect(body.questions).toEqual(asked.questions.map(({ position: _, ...one }) => one));
  });
});

describe("a rule that skips", () => {
  const choice = withQuestion(draftOf(set), "a", { type: "multiple_choice", options: ["Yes", "No"] });
  const byChoice = withQuestion(choice, "c", { skip: { key: "a", answers: ["No"], words: "" } });
  const byWords = withQuestion(draftOf(set), "c", { skip: { key: "a", answers: [], words: "no, not yet," } });

  it("goes by options where there are some, else by words", () => {
    expect(bodyOf(byChoice).questions[2]?.skip_if).toEqual({ question_id: "a", answers: ["No"] });
    expect(bodyOf(byWords).questions[2]?.skip_if).toEqual({ question_id: "a", contains: ["no", "not yet"] });
    expect([mistakes(byChoice), mistakes(byWords)]).toEqual([{}, {}]);
  });

  it("needs a question that stands above it, and was saved", () => {
    const above = "Choose a question that stands above this one.";
    expect(mistakes(moved(byChoice, 2, 0))).toEqual({ "c.skip": above });
    const without = { ...byChoice, questions: byChoice.questions.slice(1) };
    expect(mistakes(without)).toEqual({ "c.skip": above });
    const fresh = { ...emptyQuestion(), text: "New?" };
    const draft = withQuestion({ ...byWords, questions: [fresh, ...byWords.questions] }, "c", {
      skip: { key: fresh.key, answers: [], words: "no" },
    });
    expect(mistakes(draft)["c.skip"]).toMatch(/save the set first/i);
  });

  it("needs answers that are still offered, or words", () => {
    const renamed = withQuestion(byChoice, "a", { options: ["Yes", "Never"] });
    expect(mistakes(renamed)["c.skip"]).toBe("“No” is no answer of that question any more.");
    const open = withQuestion(byChoice, "a", { type: "open_ended" });
    expect(mistakes(open)["c.skip"]).toBe("Write at least one word.");
  });

  it("stands below the question it belongs to in words", () => {
    const last = byChoice.questions[2];
    if (!last) throw new Error("no question");
    expect(askingWords(last, byChoice.questions)).toBe("Skipped by question 1");
    const much = { ...last, must_ask: true, is_active: false, depth: "deep" as const, time_box_seconds: 60 };
    const words = "Not asked, must be asked, deep, at most 60 s, skipped by question 1";
    expect(askingWords(much, byChoice.questions)).toBe(words);
    expect(askingWords(emptyQuestion(), [])).toBe("Asked as usual");
  });
});

it("brings an older version back, with questions that have gone as new ones", () => {
  const [a, b, c] = set.questions;
  if (!a || !b || !c) throw new Error("no questions");
  const saved = draftOf({ ...set, questions: [a, c] });
  const back = broughtBack({ title: "Before", questions: [b, a] }, 30, saved);
  expect(bodyOf(back)).toMatchObject({
    title: "Before",
    time_box_minutes: 30,
    questions: [{ question_id: null, text: "Question b?" }, { question_id: "a" }],
  });
});

it("knows whether there is something to save", () => {
  const draft = draftOf(set);
  expect(isChanged(draft, draftOf(set))).toBe(false);
  expect(isChanged({ ...draft, title: "Discovery " }, draft)).toBe(false);
  expect(isChanged(moved(draft, 0, 1), draft)).toBe(true);
  expect(isChanged(withQuestion(draft, "a", { text: "Else?" }), draft)).toBe(true);
});
