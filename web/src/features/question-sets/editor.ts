import type { QuestionSet, QuestionSetBody, QuestionType } from "../../api/types";

/** A question set while it is written. Every change makes a new draft; nothing here asks the server. */

export interface DraftQuestion {
  /** Of the row, while it is on the page. */
  key: string;
  question_id: string | null;
  text: string;
  type: QuestionType;
  /** Kept while another type is chosen, so that going back loses nothing. */
  options: string[];
}

export interface Draft {
  title: string;
  questions: DraftQuestion[];
}

// Source: api/text.py and docs/wire.md.
export const MOST_QUESTIONS = 50;
export const FEWEST_OPTIONS = 2;
export const MOST_OPTIONS = 10;

let rows = 0;

function newKey(): string {
  rows += 1;
  return `row-${rows}`;
}

export function emptyQuestion(): DraftQuestion {
  return { key: newKey(), question_id: null, text: "", type: "open_ended", options: [] };
}

export function draftOf(set: QuestionSet | null): Draft {
  if (set === null) return { title: "", questions: [emptyQuestion()] };
  return {
    title: set.title,
    questions: set.questions.map(({ question_id, text, type, options }) => ({
      key: question_id,
      question_id,
      text,
      type,
      options: [...options],
    })),
  };
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

/** What is missing, by field: `title`, a question's key, or `key.n` for its option n. */
export function mistakes(draft: Draft): Record<string, string> {
  const found: Record<string, string> = {};
  if (draft.title.trim() === "") found.title = "Give the set a title.";
  if (draft.questions.length === 0) found.questions = "Add a question: the agent needs something to ask.";
  for (const { key, text, type, options } of draft.questions) {
    if (text.trim() === "") found[key] = "Write the question, or remove it.";
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

export function bodyOf(draft: Draft): QuestionSetBody {
  return {
    title: draft.title.trim(),
    questions: draft.questions.map(({ question_id, text, type, options }) => ({
      question_id,
      text: text.trim(),
      type,
      options: type === "multiple_choice" ? options.map((option) => option.trim()) : [],
    })),
  };
}

/** The server's complaints, `questions.3.text`, on the fields of this draft. */
export function asDraftErrors(errors: Record<string, string>, draft: Draft): Record<string, string> {
  const named = Object.entries(errors).map(([field, words]) => {
    const [, question, option] = /^questions\.(\d+)(?:\.options\.(\d+))?/.exec(field) ?? [];
    const key = question === undefined ? undefined : draft.questions[Number(question)]?.key;
    if (key === undefined) return [field, words];
    return [option === undefined ? key : `${key}.${option}`, words];
  });
  return Object.fromEntries(named);
}

export function isChanged(draft: Draft, saved: Draft): boolean {
  return JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(saved));
}
