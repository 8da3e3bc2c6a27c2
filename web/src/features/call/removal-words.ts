import type { Call } from "../../api/types";

/** What removing a guest does, before it is done. */
export function removalWords(call: Call, name: string): string {
  const out =
    call.status === "live"
      ? `${name} is out of the room at once and cannot come back: their link stops working. What they said so far is kept.`
      : `Their link stops working at once, so ${name} cannot join this call.`;
  return `${out} Parley sends no mail about it.`;
}
