import type { Call, CallKind, CallStatus } from "../../api/types";

export const CALL_STATUS: Record<CallStatus, { word: string; colour: string }> = {
  scheduled: { word: "Scheduled", colour: "gray" },
  prepared: { word: "About to begin", colour: "teal" },
  live: { word: "Live", colour: "teal" },
  ended: { word: "Ended", colour: "gray" },
  cancelled: { word: "Cancelled", colour: "gray" },
  no_show: { word: "Nobody came", colour: "orange" },
};

export const CALL_KIND: Record<CallKind, { word: string; what: string }> = {
  discovery: {
    word: "Discovery",
    what: "The agent leads: it greets the guest, asks the questions of the set and ends the call. You may listen and step in.",
  },
  assisted: {
    word: "Assisted",
    what: "You lead. The agent listens without speaking and gives you nudges that only you see.",
  },
};

export function kindWord(kind: string): string {
  return kind in CALL_KIND ? CALL_KIND[kind as CallKind].word : kind;
}

/** It has not begun, so it can be moved, changed and cancelled. */
export const isAhead = ({ status }: Pick<Call, "status">) => status === "scheduled" || status === "prepared";

export const isOpen = (call: Pick<Call, "status">) => isAhead(call) || call.status === "live";

/** Who is in it: the owner first, then the guests. */
export function people(call: Call): string {
  const names = [call.owner.name, ...call.invitees.map((invitee) => invitee.name)].join(", ");
  return call.status === "live" ? `${names} · ${call.participants_present} in the room` : names;
}
