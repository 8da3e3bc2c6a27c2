import type { Asks, Way } from "../../room/consent";

interface Words {
  title: string;
  words: string;
  /** In the room, in a word or two. */
  said: string;
}

const ASKED: Record<Way, Words> = {
  record: {
    title: "Transcribe and record me",
    words: "Your words are written down and your voice may be kept.",
    said: "Transcribed, recording allowed",
  },
  transcribe: {
    title: "Transcribe, don't record",
    words: "Your words are written down. Your voice is not kept.",
    said: "Transcribed, not recorded",
  },
  keep: {
    title: "Record me",
    words: "Your voice may be kept. Your words are not written down.",
    said: "Recording allowed",
  },
  text: {
    title: "By text only",
    words: "You listen and write. Your microphone stays off.",
    said: "By text only",
  },
  unheard: {
    title: "Talk without the AI hearing me",
    words:
      "You talk with the people in the room. The AI hears nothing from you, and nothing is written down or kept.",
    said: "The AI does not hear you",
  },
};

/** What a way means in this call: where there is no transcript, talking is never heard by the AI anyway. */
export function wordsOf(way: Way, asks: Asks): Words {
  if (way === "transcribe" && !asks.recording) {
    const words = "Your words are written down. Nobody's voice is recorded in this call.";
    return { title: "Transcribe me", words, said: "Transcribed" };
  }
  if (way !== "unheard" || asks.transcription) return ASKED[way];
  if (asks.recording) {
    const words = "You talk with everybody. Your voice is not kept.";
    return { title: "Talk, don't record me", words, said: "Not recorded" };
  }
  const words = "You talk with everybody. Nothing is written down or kept.";
  return { title: "Talk", words, said: "Nothing is kept" };
}
