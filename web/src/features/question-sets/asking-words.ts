import type { Depth } from "../../api/types";
import type { DraftQuestion } from "./editor";

export const DEPTHS: Record<Depth, { word: string; what: string }> = {
  low: { word: "Low", what: "Takes what is said." },
  medium: { word: "Medium", what: "Asks for more after a word or two." },
  high: { word: "High", what: "Asks for more after a short answer." },
  deep: { word: "Deep", what: "Asks behind every answer." },
};

const SHORT: Record<Depth, string> = {
  low: "low depth",
  medium: "medium depth",
  high: "high depth",
  deep: "deep",
};

/** "Must be asked, deep, at most 90 s, skipped by question 1": how a question is asked, where it is not as usual. */
export function askingWords(question: DraftQuestion, all: readonly DraftQuestion[]): string {
  const { must_ask, is_active, depth, time_box_seconds, skip } = question;
  const place = skip ? all.findIndex((one) => one.key === skip.key) : -1;
  const words = [
    is_active ? "" : "not asked",
    must_ask ? "must be asked" : "",
    depth === "medium" ? "" : SHORT[depth],
    time_box_seconds === null ? "" : `at most ${time_box_seconds} s`,
    skip ? (place < 0 ? "skipped by a question that is gone" : `skipped by question ${place + 1}`) : "",
  ].filter(Boolean);
  const said = words.join(", ") || "asked as usual";
  return said.charAt(0).toUpperCase() + said.slice(1);
}
