import { ask, tell } from "../../api/client";
import type { Call, CallChange, Moment, NewCall, Recipient } from "../../api/types";

const call = (callId: string) => `/calls/${encodeURIComponent(callId)}`;
const invitee = (callId: string, inviteeId: string) =>
  `${call(callId)}/invitees/${encodeURIComponent(inviteeId)}`;

/** What is done to a call that is there, and who is written to about it. */
export const callApi = {
  change: (callId: string, change: CallChange) => ask<Call>("PATCH", call(callId), change),
  cancel: (callId: string, reason: string, revision: number) =>
    ask<Call>("PUT", `${call(callId)}/cancellation`, { reason, revision }),
  // The same key is the same copy, however often it is sent.
  copy: (callId: string, starts_at: string, key: string) =>
    ask<Call>("POST", `${call(callId)}/copies`, { starts_at }, { "idempotency-key": key }),

  invite: (callId: string, guest: NewCall["invitees"][number]) =>
    ask<Call>("POST", `${call(callId)}/invitees`, guest),
  remove: (callId: string, inviteeId: string) => tell("DELETE", invitee(callId, inviteeId)),
  sendAgain: (callId: string, inviteeId: string) => tell("POST", `${invitee(callId, inviteeId)}/mails`, {}),
  timeline: (callId: string, inviteeId: string) =>
    ask<{ items: Moment[] }>("GET", `${invitee(callId, inviteeId)}/timeline`),

  recipients: (callId: string) => ask<{ items: Recipient[] }>("GET", `${call(callId)}/recipients`),
  recipientsOf: (booking: NewCall) => ask<{ items: Recipient[] }>("POST", "/calls/recipients", booking),
};
