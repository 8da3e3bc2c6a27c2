import type { AgentState } from "../../room/people";

const WORDS: Record<AgentState, string> = {
  initializing: "Getting ready",
  idle: "Here",
  listening: "Listening",
  thinking: "Thinking",
  speaking: "Speaking",
};

/** The agent's state in a word; without an agent in the room it is on its way. */
export function agentWord(state: AgentState | null, isHere: boolean): string {
  if (!isHere) return "Joining";
  return state === null ? "Here" : WORDS[state];
}
