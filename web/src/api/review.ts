/** The record after a call, as domain/review.py has it. */

import type * as made from "./generated";

export type {
  Budget,
  Claim,
  CoachingMoment,
  NextStep,
  Objection,
  ObjectionType,
  Qualification,
  Review,
  ReviewView,
  ScoreReason,
  Upsell,
} from "./generated";

export type ReviewStep = made.StepView;
export type ReviewStepName = made.StepView["name"];
