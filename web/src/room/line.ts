import { asProblem, UNREACHABLE } from "../api/problem";
import { mayPass } from "../api/session";
import type { RoomAccess, Waiting } from "../api/types";

const AGAIN_AFTER_TROUBLE_MS = 1_500;

/**
 * The way into the room: at once, or after the line in front of a full one. Asking again keeps the place for ten seconds,
 * so trouble that may pass is asked through once one stands in it. null: `signal` ended it. Throws a Problem.
 */
export async function admission(
  ask: () => Promise<RoomAccess | Waiting>,
  onPlace: (place: number) => void,
  signal: AbortSignal,
): Promise<RoomAccess | null> {
  let stands = false;
  while (!signal.aborted) {
    let pause_ms = AGAIN_AFTER_TROUBLE_MS;
    try {
      const answer = await ask();
      if (signal.aborted) break;
      if (!("place" in answer)) return answer;
      stands = true;
      pause_ms = answer.ask_again_ms;
      onPlace(answer.place);
    } catch (error) {
      const { type, status } = asProblem(error);
      if (!stands || (type !== UNREACHABLE && !mayPass(status))) throw error;
    }
    await pause(pause_ms, signal);
  }
  return null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
