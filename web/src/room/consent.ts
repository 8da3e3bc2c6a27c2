import type { Consent } from "../api/types";

/** The four ways to take part. "unheard" speaks with the people while the AI does not hear. */
export type Way = "record" | "transcribe" | "text" | "unheard";

export const CONSENT: Record<Way, Consent> = {
  record: { transcription: true, recording: true },
  transcribe: { transcription: true, recording: false },
  text: { transcription: false, recording: false },
  unheard: { transcription: false, recording: false },
};

export const speaks = (way: Way): boolean => way !== "text";

/** What was chosen before, as a way. Two ways share one consent; the one without a microphone is the safe guess. */
export function wayOf(consent: Consent | null): Way {
  if (consent === null || (consent.transcription && consent.recording)) return "record";
  return consent.transcription ? "transcribe" : "text";
}
