import type { CallStatus } from "../../api/types";
import { LEAD_STATUS } from "./lead-words";
import type { LeadMoment } from "./leads-api";

const CALL: Record<CallStatus, string> = {
  scheduled: "A call is booked:",
  prepared: "A call is about to begin:",
  live: "In a call:",
  ended: "A call took place:",
  cancelled: "A call was cancelled:",
  no_show: "Nobody came to a call:",
};

/** What happened, in words; the call's title comes after it. */
export function momentWords(moment: LeadMoment): string {
  switch (moment.what) {
    case "added":
      return "Added";
    case "imported":
      return "Came with an import";
    case "changed_by_import":
      return ["Changed by an import", statusWords(moment)].filter(Boolean).join(": ");
    case "status":
      return `Status: ${statusWords(moment)}`;
    case "call":
      return moment.call_status === null ? "A call:" : CALL[moment.call_status];
    case "score": {
      const status = statusWords(moment);
      const before = moment.score_before ?? "none";
      return `Score ${before} → ${moment.score_after}${status && `, ${status}`} after`;
    }
  }
}

/** "New → Met"; nothing where it stayed. */
function statusWords({ status_before, status_after }: LeadMoment): string {
  if (status_after === null || status_before === status_after) return "";
  return status_before === null
    ? LEAD_STATUS[status_after]
    : `${LEAD_STATUS[status_before]} → ${LEAD_STATUS[status_after]}`;
}
