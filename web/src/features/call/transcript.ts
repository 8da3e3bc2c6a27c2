import type { Segment } from "../../api/types";

/** Words of a segment that are marked: [from, to) in its text. */
export type Range = readonly [from: number, to: number];

/** Where the reader was sent to: a segment, and the words of it that matter. */
export interface Place {
  segment_id: string;
  quote: string | null;
  /** The reader pressed something to come here, so the focus goes along. */
  pressed: boolean;
}

/** Every occurrence of `words`, whatever the case; none for nothing. */
export function occurrences(text: string, words: string): Range[] {
  if (words === "") return [];
  const found: Range[] = [];
  const pattern = new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
  for (const match of text.matchAll(pattern)) found.push([match.index, match.index + match[0].length]);
  return found;
}

/** The text in pieces, marked or not, so that nothing of it is lost. */
export function pieces(
  text: string,
  ranges: readonly Range[],
): { text: string; from: number; marked: boolean }[] {
  const cut: { text: string; from: number; marked: boolean }[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) cut.push({ text: text.slice(at, from), from: at, marked: false });
    cut.push({ text: text.slice(from, to), from, marked: true });
    at = to;
  }
  if (at < text.length) cut.push({ text: text.slice(at), from: at, marked: false });
  return cut;
}

/** The segments that have the words, in their order. */
export function found(segments: readonly Segment[], words: string): string[] {
  return segments
    .filter((segment) => occurrences(segment.text, words).length > 0)
    .map((segment) => segment.segment_id);
}

/** The people in the order in which they first spoke: their place gives them their colour. */
export function speakersOf(segments: readonly Segment[]): string[] {
  return [...new Set(segments.filter((one) => one.role !== "agent").map((one) => one.identity))];
}
