import type { Consent } from "../api/types";

/** The ways to take part. "unheard" speaks with the people while the AI does not hear; "keep" is recorded, not written down. */
export type Way = "record" | "transcribe" | "keep" | "text" | "unheard";

/** What this call asks for: where its switch is off, nobody is asked. */
export interface Asks {
  transcription: boolean;
  recording: boolean;
}

export const CONSENT: Record<Way, Consent> = {
  record: { transcription: true, recording: true },
  transcribe: { transcription: true, recording: false },
  keep: { transcription: false, recording: true },
  text: { transcription: false, recording: false },
  unheard: { transcription: false, recording: false },
};

export const speaks = (way: Way): boolean => way !== "text";

/** The ways that a call offers, the one that shares most first. Without a transcript nobody is heard by the AI. */
export function waysOf(asks: Asks): readonly Way[] {
  if (asks.transcription) return asks.recording ? WITH_BOTH : WITH_TRANSCRIPT;
  return asks.recording ? WITH_RECORDING : WITH_NEITHER;
}

const WITH_BOTH: readonly Way[] = ["record", "transcribe", "text", "unheard"];
const WITH_TRANSCRIPT: readonly Way[] = ["transcribe", "text", "unheard"];
const WITH_RECORDING: readonly Way[] = ["keep", "unheard", "text"];
const WITH_NEITHER: readonly Way[] = ["unheard", "text"];

/**
 * What was chosen before, as a way that the call still offers. Where two ways share one consent, the one without a
 * microphone is the safe guess; where nothing is asked, consent says nothing about the microphone. Before the first
 * choice it counts what the guest has said: that they prefer text.
 */
export function wayOf(consent: Consent | null, asks: Asks, prefersText = false): Way {
  const ways = waysOf(asks);
  const first = prefersText ? "text" : (ways[0] ?? "text");
  if (consent === null || (!asks.transcription && !asks.recording)) return first;
  const isSame = (way: Way) =>
    CONSENT[way].transcription === (consent.transcription && asks.transcription) &&
    CONSENT[way].recording === (consent.recording && asks.recording);
  const same = ways.filter(isSame);
  return same.includes("text") ? "text" : (same[0] ?? "text");
}
