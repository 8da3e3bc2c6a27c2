import type { AgentState } from "../../room/people";

/** What the agent is to this call, and to who looks at it. */
export interface AgentPart {
  name: string;
  /** It hears and does not speak: an assisted call. */
  silent: boolean;
  /** False where the call is not transcribed: it has no ears. */
  hears: boolean;
  /** False: somebody asked it to leave. */
  wanted: boolean;
}

const WORDS: Record<AgentState, string> = {
  initializing: "Getting ready",
  idle: "Here",
  listening: "Listening",
  thinking: "Thinking",
  speaking: "Speaking",
};

/**
 * The agent's state in a few words; `brief` where a tile has room for two.
 * `away`: it was there; `late`: it has not been there for longer than coming back takes; `missing`: the server has
 * said that it cannot come.
 */
export function agentWord(
  state: AgentState | null,
  isHere: boolean,
  part: AgentPart,
  { late = false, away = false, missing = false, brief = false } = {},
): string {
  if (!isHere) {
    if (!part.wanted) return "Asked to leave";
    if (missing) return "Cannot come";
    if (late || (away && part.silent)) return "Not in the room";
    return away ? "Reconnecting" : "Joining";
  }
  if (part.silent && brief) return part.hears ? "Listens only" : "Silent";
  if (part.silent) return part.hears ? "Listens, does not speak" : "Does not hear or speak";
  if (!part.hears && state === "listening") return "Here, hears nobody";
  return state === null ? "Here" : WORDS[state];
}
