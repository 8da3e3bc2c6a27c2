import type { Call, Invitee } from "../../api/types";

/** What removing a guest does, before it is done. */
export function removalWords(call: Call, guest: Invitee): string {
  const name = guest.name || guest.email || "this guest";
  const out =
    call.status === "live"
      ? `${name} is out of the room at once and cannot come back: their link stops working. What they said so far is kept.`
      : `Their link stops working at once, so ${name} cannot join this call.`;
  return `${out} ${toldWords(call, guest)}`;
}

/** Whether they learn of it. */
export function toldWords({ switches }: Call, { email }: Invitee): string {
  return switches.mail && email
    ? "A mail tells them and takes the call off their calendar."
    : "Parley sends no mail about it.";
}
