import type { LeadStatus } from "./types";

/** The record after a call, as domain/review.py has it. */

/** Something the review says, with where it was said. */
export interface Claim {
  text: string;
  segment_id: string;
  quote: string;
  start_ms: number;
  name: string;
}

export type ObjectionType = "price" | "timing" | "authority" | "need" | "competitor" | "trust";

export interface Objection extends Claim {
  type: ObjectionType;
}

export interface Budget extends Claim {
  /** Whole units of the currency. */
  amount_min: number | null;
  amount_max: number | null;
  currency: string | null;
  period: string | null;
}

export interface NextStep extends Claim {
  owner: string;
  due: string | null;
}

export interface Upsell extends Claim {
  type: string;
  /** 0–1. */
  confidence: number;
}

export interface CoachingMoment extends Claim {
  category: string;
  better: string;
}

export interface ScoreReason {
  /** Signed. */
  points: number;
  text: string;
  segment_id: string | null;
}

export type Qualification = "qualified" | "needs_follow_up" | "unqualified";

export interface Review {
  summary: string[];
  qualification: Qualification;
  qualification_reason: string;
  /** 0–100. */
  lead_score: number;
  score_reasons: ScoreReason[];
  pain_points: Claim[];
  buying_signals: Claim[];
  objections: Objection[];
  budget: Budget | null;
  timeline: Claim | null;
  decision_makers: Claim[];
  competitors: Claim[];
  next_steps: NextStep[];
  upsells: Upsell[];
  coaching_moments: CoachingMoment[];
  /** −1…1, the buyer's side; null: switched off for this call. */
  sentiment: number | null;
  engagement: "high" | "medium" | "low";
  follow_up_priority: "urgent" | "high" | "medium" | "low";
  made_by: string;
}

export type ReviewStepName = "transcript" | "analysis" | "lead" | "mail";

export interface ReviewStep {
  name: ReviewStepName;
  state: "waiting" | "running" | "done" | "failed";
}

export interface ReviewView {
  /** none: the call is not over, or has no transcript. */
  status: "none" | "queued" | "running" | "done" | "failed";
  steps: ReviewStep[];
  problem: string | null;
  review: Review | null;
  lead_score_before: number | null;
  lead_score_after: number | null;
  lead_status_before: LeadStatus | null;
  lead_status_after: LeadStatus | null;
}
