import type { CallEvent, CoverageItem } from "../api/types";

export type CoverageStatus = CoverageItem["status"];

/** One question of the call: where it stands, and the words that closed it. */
export interface Question {
  question_id: string;
  position: number;
  text: string;
  status: CoverageStatus;
  answer: string | null;
  /** Whose words; their name is known from the people in the call. */
  identity: string | null;
  answered_by: string | null;
  segment_id: string | null;
  /** Said before it was asked. */
  volunteered: boolean;
}

type Asked = Extract<CallEvent, { kind: "question_asked" }>;
type Closed = Extract<CallEvent, { kind: "question_answered" | "question_refused" }>;
type Questions = readonly Question[];

/** An open question becomes asked; one that is closed stays closed when the agent comes back to it. */
export function withAsked(questions: Questions, { question_id, position, text }: Asked): Questions {
  return changed(questions, question_id, position, (known) => ({
    ...known,
    text,
    status: known.status === "open" ? "asked" : known.status,
  }));
}

/** Of several answers the last counts. The event has the words of the answer, not of the question. */
export function withClosed(questions: Questions, event: Closed): Questions {
  return changed(questions, event.question_id, event.position, (known) => ({
    ...known,
    status: event.kind === "question_answered" ? "answered" : "refused",
    answer: event.text,
    identity: event.identity ?? null,
    answered_by: null,
    segment_id: event.segment_id,
    volunteered: event.kind === "question_answered" && (event.volunteered ?? false),
  }));
}

/** What the server knew at a moment: it brings the questions nobody has come to yet, and never undoes an event. */
export function withKnown(questions: Questions, items: readonly CoverageItem[]): Questions {
  return items.reduce<Questions>(
    (all, item) =>
      changed(all, item.question_id, item.position, (known) =>
        known.status === "open" ? { ...known, ...fromItem(item) } : { ...known, text: item.text },
      ),
    questions,
  );
}

function fromItem(item: CoverageItem): Omit<Question, "question_id" | "position" | "identity"> {
  const { text, status, answer, answered_by, segment_id, volunteered } = item;
  return { text, status, answer, answered_by, segment_id, volunteered };
}

function changed(
  questions: Questions,
  question_id: string,
  position: number,
  change: (known: Question) => Question,
): Questions {
  const known = questions.find((question) => question.question_id === question_id);
  const others = questions.filter((question) => question !== known);
  const next = change(known ?? { ...UNKNOWN, question_id, position });
  return [...others, next].sort((a, b) => a.position - b.position);
}

const UNKNOWN: Omit<Question, "question_id" | "position"> = {
  text: "",
  status: "open",
  answer: null,
  identity: null,
  answered_by: null,
  segment_id: null,
  volunteered: false,
};
