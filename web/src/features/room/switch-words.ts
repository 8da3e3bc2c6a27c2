import type { Call } from "../../api/types";

type Switched = Pick<Call, "kind" | "switches">;

/** Why no words appear in this call; null where they do. */
export function noTranscript({ switches }: Switched): string | null {
  return switches.transcript
    ? null
    : "This call is not transcribed. Nothing that is said is written down, and there is no review afterwards.";
}

/** Why no nudges appear in this call; null where they may. */
export function coachingOff({ switches }: Switched): string | null {
  if (!switches.transcript)
    return "There are no nudges: this call is not transcribed, so the agent hears nobody.";
  return switches.coaching ? null : "Coaching is switched off for this call. No nudges appear.";
}

export function noQuestions(call: Switched & Pick<Call, "question_set_id">): string {
  if (!call.switches.transcript) return "Answers are not noted: this call is not transcribed.";
  if (call.question_set_id === null) return "This call has no question set.";
  return call.kind === "assisted"
    ? "The questions of this call appear here, and are ticked off as they are answered."
    : "The agent's questions appear here as it asks them.";
}
