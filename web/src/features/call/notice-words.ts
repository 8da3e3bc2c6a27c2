import type { CallEmail } from "../../api/settings";
import type { Call, CallChange, Invitee, Moment, Recipient } from "../../api/types";

/** What is mailed about a call, to whom, and how it went, in words. */

export const NOTICE: Record<Recipient["notice"], string> = {
  invite: "Invitation",
  update: "Change of the call",
  cancel: "Cancellation",
  reminder: "Reminder",
  agent_joined: "“The agent has joined”",
  agent_missing: "“The agent cannot come”",
  no_show: "“Nobody came”",
  changed_by_guest: "“A guest has changed the call”",
  undelivered: "“A mail did not arrive”",
  summary: "Summary",
  sign_in: "Link to sign in",
  invitation: "Invitation to Parley",
};

const list = new Intl.ListFormat("en");

const isWritten = (invitee: Invitee) => invitee.email !== null;

/** "Ana and Kenji get" or "Ana gets"; null: mails are off, or nobody has an address. */
function whoGet({ switches, invitees }: Call): string | null {
  const names = invitees.filter(isWritten).map(({ name, email }) => name || (email ?? ""));
  if (!switches.mail || names.length === 0) return null;
  return `${list.format(names)} ${names.length === 1 ? "gets" : "get"}`;
}

/** Of these the guests learn. */
const NEWS = ["starts_at", "title", "duration_minutes", "owner_id"] as const;

/** Who is written to about a change, before it is made. */
export function changeWords(call: Call, change: CallChange | null): string {
  if (change === null) return "Nothing is changed yet.";
  const mail = change.switches?.mail ?? call.switches.mail;
  const who = whoGet({ ...call, switches: { ...call.switches, mail } });
  if (!NEWS.some((name) => change[name] !== undefined))
    return "The guests need not know, so nobody is written to.";
  if (who === null) return "Nobody is written to. Tell the guests yourself; their links stay the same.";
  return `${who} a mail that brings their calendar up to date. The links stay the same.`;
}

/** What cancelling does, before it is done. */
export function cancelWords(call: Call): string {
  const who = whoGet(call);
  const told =
    who === null
      ? "Nobody is written to. Tell the guests yourself."
      : `${who} a mail that takes it off their calendar.`;
  return `Nobody can join it any more. ${told}`;
}

/** What adding a guest does, before it is done. */
export function additionWords(call: Call, email: string): string {
  if (!call.switches.mail)
    return "Mail is switched off for this call. Copy their link and pass it on yourself.";
  if (email.trim() === "")
    return "Without an address nothing is mailed. Copy their link and pass it on yourself.";
  return "They get an invitation by mail with a link of their own and a calendar entry. Nobody else is written to.";
}

export interface Addressee {
  name: string;
  email: string;
  why: string;
  suppressed: boolean;
  /** In words, in the order of being sent. */
  notices: string[];
}

const WHY: Record<Recipient["why"], string> = {
  invitee: "guest",
  owner: "owner",
  manager: "answers for the owner",
};

/** Each of them once, with what they get. */
export function addressees(recipients: readonly Recipient[]): Addressee[] {
  const found = new Map<string, Addressee>();
  for (const { notice, name, email, why, suppressed } of recipients) {
    const one = found.get(email + why) ?? { name, email, why: WHY[why], suppressed, notices: [] };
    if (!one.notices.includes(NOTICE[notice])) one.notices.push(NOTICE[notice]);
    found.set(email + why, one);
  }
  return [...found.values()];
}

/** How a guest answered the invitation in their calendar. */
export const ANSWERS: Record<string, string> = {
  accepted: "Said yes by calendar",
  tentative: "Said perhaps by calendar",
  declined: "Said no by calendar",
};

/** What happened, and what is known of it besides. */
export function momentWords({ what, kind, detail, server_host, reply }: Moment): {
  word: string;
  more: string;
} {
  const mail = kind === null ? "Mail" : NOTICE[kind];
  const server = [server_host, reply].filter(Boolean).join(": ");
  switch (what) {
    case "mail_waiting":
      return { word: kind === "reminder" ? `${mail} planned` : `${mail} waits to be sent`, more: server };
    case "mail_sent":
      return { word: `${mail} taken`, more: server };
    case "mail_bounced":
      return { word: `${mail} refused`, more: server || (detail ?? "") };
    case "mail_expired":
      return { word: `${mail} not sent: it would have come too late`, more: server };
    case "mail_superseded":
      return { word: `${mail} not sent: a newer one says it better`, more: "" };
    case "mail_failed":
      return { word: `${mail} could not be made`, more: detail ?? "" };
    case "link_opened":
      return { word: "Opened the link", more: "" };
    case "joined":
      return { word: "Came into the room", more: "" };
    case "consent_given":
      return { word: "Said what may be kept", more: detail ?? "" };
    case "calendar_answered":
      return { word: ANSWERS[detail ?? ""] ?? "Answered by calendar", more: "" };
    case "removed":
      return { word: "Taken out of the call", more: "" };
    case "prefers_text":
      return { word: "Prefers to write", more: "" };
  }
}

/** The newest of each kind. What waits for its time or was overtaken is no news; the timeline has it. */
export function newest(mails: readonly CallEmail[]): CallEmail[] {
  const shown = mails.filter(
    ({ status, kind }) => status !== "superseded" && !(kind === "reminder" && status === "waiting"),
  );
  const last = new Map(shown.map((mail) => [`${mail.kind} ${mail.invitee_id}`, mail]));
  return shown.filter((mail) => last.get(`${mail.kind} ${mail.invitee_id}`) === mail);
}
