import type { JoinView } from "../../api/types";
import type { Asks } from "../../room/consent";

export const asksOf = (join: JoinView): Asks => ({
  transcription: join.asks_transcription,
  recording: join.asks_recording,
});

/** "3 people are there." */
export function presentWords({ participants_present: count }: JoinView): string {
  if (count === 0) return "Nobody is there at the moment.";
  return count === 1 ? "One person is there." : `${count} people are there.`;
}
