import type { Participant } from "livekit-client";
import type { Role } from "../api/types";

export type AgentState = "initializing" | "idle" | "listening" | "thinking" | "speaking";

/** One person (or the agent) in the room, as the page draws them. */
export interface Person {
  identity: string;
  name: string;
  role: Role | null;
  is_agent: boolean;
  is_me: boolean;
  speaking: boolean;
  microphone_on: boolean;
  /** Whether the agent may hear them; null when the token does not say. */
  transcription: boolean | null;
  agent_state: AgentState | null;
}

const AGENT_STATES: readonly string[] = ["initializing", "idle", "listening", "thinking", "speaking"];

export function personOf(participant: Participant): Person {
  const { attributes, identity, name, isAgent, isLocal, isSpeaking, isMicrophoneEnabled } = participant;
  const state = attributes["lk.agent.state"];
  const transcription = attributes["parley.transcription"];
  const known = isAgent && state !== undefined && AGENT_STATES.includes(state);
  return {
    identity,
    name: name || (isAgent ? "Agent" : "Guest"),
    role: isAgent ? "agent" : ((attributes["parley.role"] as Role | undefined) ?? null),
    is_agent: isAgent,
    is_me: isLocal,
    speaking: isSpeaking,
    microphone_on: isMicrophoneEnabled,
    transcription: transcription === undefined ? null : transcription === "yes",
    agent_state: known ? (state as AgentState) : null,
  };
}

/** The agent first, then me, then the others by name: nobody changes place while they talk. */
export function inOrder(people: readonly Person[]): Person[] {
  const rank = (person: Person) => (person.is_agent ? 0 : person.is_me ? 1 : 2);
  return [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
