import type { NudgeResponse } from "../../api/types";
import type { ShownNudge } from "../../room/nudges";

export type Answer = "acted" | "dismissed" | "like" | "dislike";

/** One letter each; they work while a nudge is up and nobody types. */
export const KEYS: Record<string, Answer> = { a: "acted", d: "dismissed", l: "like", k: "dislike" };

/** What a press says: the same again takes it back. */
export function pressed(nudge: ShownNudge, answer: Answer): NudgeResponse {
  const { reaction } = nudge;
  const state = nudge.state === "acted" || nudge.state === "dismissed" ? nudge.state : null;
  if (answer === "like" || answer === "dislike") {
    return { state, reaction: reaction === answer ? null : answer };
  }
  return { state: state === answer ? null : answer, reaction };
}

export const STATE_WORDS: Record<ShownNudge["state"], string> = {
  shown: "Still open",
  acted: "Done",
  dismissed: "Dismissed",
  expired: "Not answered",
};
