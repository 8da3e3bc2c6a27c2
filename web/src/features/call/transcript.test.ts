import { describe, expect, it } from "vitest";
import type { Segment } from "../../api/types";
import { amount, mood, signed } from "./review-words";
import { found, occurrences, pieces, speakersOf } from "./transcript";

const segment = (n: number, identity: string, text: string): Segment => ({
  segment_id: `s${n}`,
  identity,
  name: identity,
  role: identity === "agent" ? "agent" : "prospect",
  text,
  start_ms: n,
  end_ms: n + 1,
  confidence: 0.9,
  language: "en",
  source: "speech",
});

describe("the words of a transcript", () => {
  it("are found whatever their case, and whatever they mean to a pattern", () => {
    expect(occurrences("Too expensive. TOO late.", "too")).toEqual([
      [0, 3],
      [15, 18],
    ]);
    expect(occurrences("Costs $5 (a month)", "$5 (a")).toEqual([[6, 11]]);
    expect(occurrences("Größe", "GRÖSSE")).toEqual([]);
    expect(occurrences("anything", "")).toEqual([]);
  });

  it.each(["too", "late", ".", "nothing", "Too expensive. TOO late."])(
    "lose nothing when %s is marked",
    (words) => {
      const text = "Too expensive. TOO late.";
      const cut = pieces(text, occurrences(text, words));
      expect(cut.map((piece) => piece.text).join("")).toBe(text);
      for (const piece of cut) expect(text.slice(piece.from).startsWith(piece.text)).toBe(true);
    },
  );

  it("are in these segments, said by these people", () => {
    const segments = [segment(1, "agent", "Hello"), segment(2, "ana", "Hello you"), segment(3, "ben", "Yes")];
    expect(found(segments, "hello")).toEqual(["s1", "s2"]);
    expect(speakersOf([...segments, segment(4, "ana", "No")])).toEqual(["ana", "ben"]);
  });
});

describe("figures in words", () => {
  const budget = { text: "", segment_id: "", quote: "", start_ms: 0, name: "" };
  const said = (min: number | null, max: number | null, currency: string | null, period: string | null) =>
    amount({ ...budget, amount_min: min, amount_max: max, currency, period });

  it("say a budget as it was said", () => {
    expect(said(null, null, "EUR", null)).toBeNull();
    expect(said(40_000, 40_000, "EUR", "year")).toBe("€40,000 a year");
    expect(said(null, 5_000, null, "month")).toBe("up to 5,000 a month");
    expect(said(1_000, null, "USD", null)).toBe("from $1,000");
    expect(said(400, 500, "EUR", null)).toMatch(/€400.*500/);
  });

  it("have their sign", () => {
    expect([signed(8), signed(0), signed(-8)]).toEqual(["+8", "0", "−8"]);
    expect([mood(0.9), mood(0.2), mood(0), mood(-0.2), mood(-1)]).toEqual([
      "Positive",
      "Rather positive",
      "Neutral",
      "Rather negative",
      "Negative",
    ]);
  });
});
