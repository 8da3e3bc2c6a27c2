import type { Depth, QuestionSet, QuestionSetBody, QuestionType, SetQuestion } from "../../api/types";

/** A question set while it is written. Every change makes a new draft; nothing here asks the server. */

/** Leaves a question out by what was answered above. */
export interface DraftSkip {
  /** Of the question above. */
  key: string;
  /** Of its options, where it has some. */
  answers: string[];
  /** Where it has none: words as they are written, with commas between them. */
  words: string;
}

export interface DraftQuestion {
  /** Of the row, while it is on the page. */
  key: string;
  /** null: it has not been saved yet. */
  question_id: string | null;
  text: string;
  type: QuestionType;
  /** Kept while another type is chosen, so that going back loses nothing. */
  options: string[];
  /** The named steps of a rating, as they came. */
  steps: string[];
  must_ask: boolean;
  is_active: boolean;
  depth: Depth;
  time_box_seconds: number | null;
  skip: DraftSkip | null;
}

export interface Draft {
  title: string;
  time_box_minutes: number | null;
  questions: DraftQuestion[];
}

// Source: api/routes/question_sets.py and docs/wire.md.
export const MOST_QUESTIONS = 50;
export const FEWEST_OPTIONS = 2;
export const MOST_OPTIONS = 10;
export const MOST_WORDS = 20;
export const SECONDS = { min: 15, max: 3600 };
export const MINUTES = { min: 1, max: 480 };

let rows = 0;

function newKey(): string {
  rows += 1;
  return `row-${rows}`;
}

export function emptyQuestion(): DraftQuestion {
  return {
    key: newKey(),
    question_id: null,
    text: "",
    type: "open_ended",
    options: [],
    steps: [],
    must_ask: false,
    is_active: true,
    depth: "medium",
    time_box_seconds: null,
    skip: null,
  };
}

export function draftOf(set: Pick<QuestionSet, "title" | "time_box_minutes" | "questions"> | null): Draft {
  if (set === null) return { title: "", time_box_minutes: null, questions: [emptyQuestion()] };
  return {
    title: set.title,
    time_box_minutes: set.time_box_minutes,
    questions: set.questions.map(questionOf),
  };
}

function questionOf({ question_id, text, type, options, skip_if, ...rest }: SetQuestion): DraftQuestion {
  return {
    key: question_id,
    question_id,
    text,
    type,
    options: type === "multiple_choice" ? [...options] : [],
    steps: type === "rating" ? [...options] : [],
    must_ask: rest.must_ask,
    is_active: rest.is_active,
    depth: rest.depth,
    time_box_seconds: rest.time_box_seconds,
    skip: skip_if && {
      key: skip_if.question_id,
      answers: "answers" in skip_if ? [...skip_if.answers] : [],
      words: "contains" in skip_if ? skip_if.contains.join(", ") : "",
    },
  };
}

/** An older version as a draft over what is saved now: a question that has gone since comes back as a new one. */
export function broughtBack(
  version: Pick<QuestionSet, "title" | "questions">,
  time_box_minutes: number | null,
  saved: Draft,
): Draft {
  const there = new Set(saved.questions.map((one) => one.question_id));
  const draft = draftOf({ title: version.title, time_box_minutes, questions: version.questions });
  const questions = draft.questions.map((one) =>
    there.has(one.question_id) ? one : { ...one, question_id: null },
  );
  return { ...draft, questions };
}

export function withQuestion(draft: Draft, key: string, change: Partial<DraftQuestion>): Draft {
  const questions = draft.questions.map((one) => {
    if (one.key !== key) return one;
    const next = { ...one, ...change };
    const needsOptions = next.type === "multiple_choice" && next.options.length < FEWEST_OPTIONS;
    return needsOptions ? { ...next, options: [...next.options, "", ""].slice(0, FEWEST_OPTIONS) } : next;
  });
  return { ...draft, questions };
}

/** The question at `from` comes to stand at `to`; places outside the list change nothing. */
export function moved(draft: Draft, from: number, to: number): Draft {
  const questions = [...draft.questions];
  const [one] = questions.splice(from, 1);
  if (one === undefined || to < 0 || to > questions.length) return draft;
  questions.splice(to, 0, one);
  return { ...draft, questions };
}

/** What can be answered with by choosing: the options of a choice, the named steps of a rating. */
export function answersOf({ type, options, steps }: DraftQuestion): string[] {
  if (type === "open_ended") return [];
  return type === "rating" ? steps : [...new Set(options.map((one) => one.trim()).filter(Boolean))];
}

/** "no, never" as its words. */
export function wordsOf(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}

/** What is missing, by field: `title`, a question's key, `key.n` for its option n, `key.skip` for its rule. */
export function mistakes(draft: Draft): Record<string, string> {
  const found: Record<string, string> = {};
  if (draft.title.trim() === "") found.title = "Give the set a title.";
  if (draft.questions.length === 0) found.questions = "Add a question: the agent needs something to ask.";
  for (const [place, { key, text, type, options, skip }] of draft.questions.entries()) {
    if (text.trim() === "") found[key] = "Write the question, or remove it.";
    const wrong = skip && skipMistake(skip, draft.questions.slice(0, place));
    if (wrong) found[`${key}.skip`] = wrong;
    if (type !== "multiple_choice") continue;
    const seen = new Set<string>();
    for (const [n, option] of options.entries()) {
      const words = option.trim().toLowerCase();
      if (words === "") found[`${key}.${n}`] = "Write the answer, or remove it.";
      else if (seen.has(words)) found[`${key}.${n}`] = "This answer is there already.";
      seen.add(words);
    }
  }
  return found;
}

function skipMistake({ key, answers, words }: DraftSkip, above: readonly DraftQuestion[]): string | null {
  const by = above.find((one) => one.key === key);
  if (by === undefined) return "Choose a question that stands above this one.";
  if (by.question_id === null) return "That question is new. Save the set first, then choose it here.";
  const offered = answersOf(by);
  if (offered.length === 0) {
    const count = wordsOf(words).length;
    if (count === 0) return "Write at least one word.";
    return count > MOST_WORDS ? `Write at most ${MOST_WORDS} words.` : null;
  }
  if (answers.length === 0) return "Choose at least one answer.";
  const unknown = answers.find((one) => !offered.includes(one));
  return unknown === undefined ? null : `“${unknown}” is no answer of that question any more.`;
}

export function bodyOf(draft: Draft): QuestionSetBody {
  return {
    title: draft.title.trim(),
    time_box_minutes: draft.time_box_minutes,
    questions: draft.questions.map((one) => ({
      question_id: one.question_id,
      text: one.text.trim(),
      type: one.type,
      options: optionsOf(one),
      must_ask: one.must_ask,
      is_active: one.is_active,
      depth: one.depth,
      time_box_seconds: one.time_box_seconds,
      skip_if: skipOf(one.skip, draft),
    })),
  };
}

function optionsOf({ type, options, steps }: DraftQuestion): string[] {
  if (type === "rating") return steps;
  return type === "multiple_choice" ? options.map((option) => option.trim()) : [];
}

function skipOf(skip: DraftSkip | null, draft: Draft): QuestionSetBody["questions"][number]["skip_if"] {
  const by = skip && draft.questions.find((one) => one.key === skip.key);
  if (!skip || !by) return null;
  const question_id = by.question_id ?? by.key;
  return answersOf(by).length > 0
    ? { question_id, answers: skip.answers }
    : { question_id, contains: wordsOf(skip.words) };
}

/** The server's complaints, `questions.3.text`, on the fields of this draft. */
export function asDraftErrors(errors: Record<string, string>, draft: Draft): Record<string, string> {
  const named = Object.entries(errors).map(([field, words]) => {
    const [, question, option, part] =
      /^questions\.(\d+)(?:\.options\.(\d+)|\.(skip_if|time_box_seconds))?/.exec(field) ?? [];
    const key = question === undefined ? undefined : draft.questions[Number(question)]?.key;
    if (key === undefined) return [field, words];
    const of = option ?? (part === "skip_if" ? "skip" : part === "time_box_seconds" ? "time" : undefined);
    return [of === undefined ? key : `${key}.${of}`, words];
  });
  return Object.fromEntries(named);
}

export function isChanged(draft: Draft, saved: Draft): boolean {
  return JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(saved));
}
