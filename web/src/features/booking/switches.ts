import type { Switches } from "../../api/types";

/** What each switch does, and what off means. */
export const SWITCHES: readonly { name: keyof Switches; word: string; on: string; off: string }[] = [
  {
    name: "transcript",
    word: "Transcript",
    on: "What is said by those who agree is written down, with captions during the call.",
    off: "Off: the agent hears nobody. No captions, no coaching, no review; guests can still write.",
  },
  {
    name: "coaching",
    word: "Coaching",
    on: "Nudges during the call, seen by you and your colleagues only.",
    off: "Off: no nudges during the call. The review is made all the same.",
  },
  {
    name: "sentiment",
    word: "Sentiment",
    on: "The review says how the mood was, from words alone.",
    off: "Off: the review says nothing about mood.",
  },
  {
    name: "recording",
    word: "Recording",
    on: "The guests are asked whether their sound may be kept.",
    off: "Off: no sound is kept, and nobody is asked.",
  },
  {
    name: "mail",
    word: "Mail",
    on: "Guests get an invitation with their link and a calendar entry; you get the summary.",
    off: "Off: nothing is mailed about this call. Copy the links and pass them on yourself.",
  },
];
