import type { CallEvent } from "../api/types";

/** Something that happened to the call and that colleagues read between the lines. */
export interface Note {
  id: string;
  at_ms: number;
  words: string;
  reason: string | null;
}

const PROVIDERS: Record<string, string> = {
  local: "the local model",
  deepgram: "Deepgram",
  gemini: "Gemini",
  openai: "the OpenAI-compatible server",
};

const PARTS = { speech_to_text: "Hearing", language_model: "The agent's wording" } as const;

/** The event in words; null for what is not worth a note. */
export function noteOf(event: CallEvent, agentWasAway: boolean): Note | null {
  const { event_id: id, at_ms } = event;
  switch (event.kind) {
    case "provider_changed": {
      const provider = PROVIDERS[event.provider] ?? event.provider;
      return {
        id,
        at_ms,
        words: `${PARTS[event.part]} goes on with ${provider}.`,
        reason: event.reason || null,
      };
    }
    case "agent_left":
      return { id, at_ms, words: "The agent was asked to leave. The call goes on.", reason: null };
    case "agent_joined":
      return agentWasAway ? { id, at_ms, words: "The agent is back.", reason: null } : null;
    default:
      return null;
  }
}

/** In the order of happening, whatever the order of arrival. */
export function withNote(notes: readonly Note[], note: Note | null): readonly Note[] {
  return note === null ? notes : [...notes, note].sort((a, b) => a.at_ms - b.at_ms);
}
