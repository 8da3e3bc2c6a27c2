import type { ObjectionType, Qualification, Review, ReviewStepName } from "../../api/review";
import { LOCALE } from "../../ui/time";

export const QUALIFICATION: Record<Qualification, string> = {
  qualified: "Qualified",
  needs_follow_up: "Needs follow-up",
  unqualified: "Not qualified",
};

export const OBJECTION: Record<ObjectionType, string> = {
  price: "Price",
  timing: "Timing",
  authority: "Who decides",
  need: "Need",
  competitor: "Competitor",
  trust: "Trust",
};

export const STEP: Record<ReviewStepName, string> = {
  transcript: "Transcript",
  analysis: "Analysis",
  lead: "Lead",
  mail: "Mail",
};

/** "objection_handling" as words: "Objection handling". */
export function asWords(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function signed(points: number): string {
  return points > 0 ? `+${points}` : `${points}`.replace("-", "−");
}

/** "€ 40,000–50,000 a year"; null when no amount was said. */
export function amount(budget: NonNullable<Review["budget"]>): string | null {
  const { amount_min, amount_max, currency, period } = budget;
  if (amount_min === null && amount_max === null) return null;
  const format = new Intl.NumberFormat(
    LOCALE,
    currency ? { style: "currency", currency, maximumFractionDigits: 0 } : { maximumFractionDigits: 0 },
  );
  const per = period ? ` a ${period}` : "";
  if (amount_min !== null && amount_max !== null && amount_min !== amount_max)
    return format.formatRange(amount_min, amount_max) + per;
  if (amount_min === null) return `up to ${format.format(amount_max ?? 0)}${per}`;
  return (amount_max === null ? "from " : "") + format.format(amount_min) + per;
}

/** The mood in a word, from −1…1. */
export function mood(sentiment: number): string {
  if (sentiment >= 0.35) return "Positive";
  if (sentiment >= 0.1) return "Rather positive";
  if (sentiment > -0.1) return "Neutral";
  return sentiment > -0.35 ? "Rather negative" : "Negative";
}
