import { LOCALE } from "../../ui/time";
import type { Actor, AuditEntry, Subject } from "./types";

/** What is known of ids by other pages' lists, so that facts can be read. */
export type Names = ReadonlyMap<string, string>;

interface Deed {
  /** For the filter. */
  word: string;
  said: (actor: string, subject: string, entry: AuditEntry, names: Names) => string;
  /** Facts that the sentence tells already. */
  told?: readonly string[];
}

const WAY: Record<string, string> = {
  link: " by a link in a mail",
  google: " with Google",
  demo: " to the demo",
};

const SETTINGS: Record<string, string> = {
  organization: "the organization's settings",
  providers: "the choice of providers",
  smtp: "the mail server",
  mail_servers: "the mail servers",
  inbox: "the inbox for answers",
  suppressed_addresses: "the addresses that get no mail",
};

const DEEDS: Record<string, Deed> = {
  signed_in: {
    word: "Signed in",
    said: (actor, _, { facts }) =>
      `${actor} signed in${facts.is_first ? " for the first time" : ""}${WAY[String(facts.way)] ?? ""}`,
    told: ["way", "is_first", "device_id"],
  },
  signed_out: { word: "Signed out", said: (actor) => `${actor} signed out`, told: ["device_id"] },
  refresh_reused: {
    word: "Copied sign-in",
    said: (_, subject) => `A sign-in that was used up came again, so ${subject} was signed out`,
    told: ["device_id"],
  },
  link_sent: {
    word: "Sent a link",
    said: (actor, subject, { facts }) =>
      `${actor} sent ${subject} ${facts.purpose === "invitation" ? "an invitation" : "a link to sign in"}`,
    told: ["purpose"],
  },
  user_invited: { word: "Invited", said: (actor, subject) => `${actor} invited ${subject}` },
  user_changed: {
    word: "Changed a person",
    said: (actor, subject, { facts: { role, role_before } }) =>
      role && role_before && role !== role_before
        ? `${actor} changed ${subject} from ${role_before} to ${role}`
        : `${actor} changed what ${subject} may do`,
    told: ["role", "role_before"],
  },
  user_disabled: { word: "Disabled", said: (actor, subject) => `${actor} disabled ${subject}` },
  user_enabled: { word: "Enabled", said: (actor, subject) => `${actor} enabled ${subject}` },
  device_ended: {
    word: "Signed out a device",
    said: (actor, subject, { actor: who, facts }, names) =>
      `${actor} signed out ${subject}${facts.user_id === who.id ? "" : of(names.get(String(facts.user_id)))}`,
    told: ["user_id", "device_id"],
  },
  team_created: { word: "Created a team", said: (actor, subject) => `${actor} created ${subject}` },
  team_changed: {
    word: "Changed a team",
    said: (actor, subject, { facts }) =>
      facts.is_removed === true ? `${actor} deleted a team` : `${actor} changed ${subject}`,
    told: ["is_removed"],
  },
  call_booked: {
    word: "Booked a call",
    said: (actor, subject, { actor: who, facts }, names) => {
      const owner = facts.owner_id === who.id ? undefined : names.get(String(facts.owner_id));
      return `${actor} booked ${subject}${owner ? ` for ${owner}` : ""}`;
    },
    told: ["owner_id"],
  },
  call_moved: {
    word: "Moved a call",
    said: (actor, subject) => `${actor} moved ${subject}`,
    told: ["owner_id"],
  },
  call_changed: {
    word: "Changed a call",
    said: (actor, subject) => `${actor} changed ${subject}`,
    told: ["owner_id"],
  },
  call_cancelled: {
    word: "Cancelled a call",
    said: (actor, subject, { facts }) =>
      `${actor} cancelled ${subject} ${facts.has_reason === true ? "and said why" : "without a reason"}`,
    told: ["has_reason"],
  },
  call_joined: {
    word: "Joined a call",
    said: (actor, subject) => `${actor} joined ${subject}`,
    told: ["role"],
  },
  consent_given: {
    word: "Consent",
    said: (actor, subject, { facts }) =>
      `${actor} ${consented(facts.transcription === true, facts.recording === true)} in ${subject}`,
    told: ["transcription", "recording"],
  },
  call_viewed: { word: "Read a call", said: (actor, subject) => `${actor} read what was said in ${subject}` },
  call_ended: { word: "Ended a call", said: (actor, subject) => `${actor} ended ${subject}` },
  invitee_added: {
    word: "Invited a guest",
    said: (actor, subject) => `${actor} invited ${subject} to a call`,
    told: ["call_id"],
  },
  invitee_removed: {
    word: "Removed a guest",
    said: (actor, subject) => `${actor} removed ${subject} from a call`,
    told: ["call_id"],
  },
  leads_imported: {
    word: "Imported leads",
    said: (actor, _, { facts: { added, changed } }) =>
      `${actor} imported a table: ${count(added)} added, ${count(changed)} changed`,
    told: ["added", "changed"],
  },
  lead_imported: {
    word: "Changed a lead by a table",
    said: (actor, subject, { facts }) => `${actor} changed ${subject} by a table${toStatus(facts)}`,
    told: ["import_id", "status_before", "status_after"],
  },
  lead_status_changed: {
    word: "Changed a lead's status",
    said: (actor, subject, { facts }) => `${actor} changed ${subject}${toStatus(facts)}`,
    told: ["status_before", "status_after"],
  },
  settings_changed: {
    word: "Changed settings",
    said: (actor, _, { subject, facts }) =>
      `${actor} ${facts.is_set === false ? "removed" : "changed"} ${SETTINGS[subject.id] ?? "settings"}`,
    told: ["is_set"],
  },
  mail_viewed: { word: "Read a mail", said: (actor) => `${actor} read a mail in the mailbox` },
};

export const ACTIONS = Object.entries(DEEDS).map(([value, { word }]) => ({ value, label: word }));

const count = (value: unknown) =>
  value === 1 ? "one lead" : `${new Intl.NumberFormat(LOCALE).format(Number(value))} leads`;

const toStatus = ({ status_before, status_after }: AuditEntry["facts"]) =>
  status_after ? ` from ${words(String(status_before))} to ${words(String(status_after))}` : "";

const of = (name: string | undefined) => (name ? ` of ${name}` : "");

function consented(transcription: boolean, recording: boolean): string {
  if (transcription && recording) return "agreed to transcription and recording";
  if (transcription) return "agreed to transcription, not to recording,";
  if (recording) return "agreed to recording, not to transcription,";
  return "agreed to neither transcription nor recording";
}

export function actorWord({ kind, name }: Actor): string {
  if (kind === "system") return "Parley";
  if (kind === "guest") return name ? `${name} (guest)` : "A guest who was erased";
  return name ?? "Somebody who was erased";
}

const NAMELESS: Record<string, string> = {
  user: "somebody who was erased",
  invitee: "a guest who was erased",
  call: "a call that was deleted",
  team: "a team that was deleted",
  device: "a device",
  lead: "a lead who was erased",
};

export function subjectWord({ kind, name }: Subject): string {
  if (!name) return NAMELESS[kind] ?? `a ${words(kind)}`;
  if (kind === "call") return `“${name}”`;
  if (kind === "team") return `the team ${name}`;
  return name;
}

/** One entry as a sentence without its full stop. */
export function sentence(entry: AuditEntry, names: Names): string {
  const [actor, subject] = [actorWord(entry.actor), subjectWord(entry.subject)];
  const deed = DEEDS[entry.action];
  return deed ? deed.said(actor, subject, entry, names) : `${actor}: ${words(entry.action)}, ${subject}`;
}

/** "Role: manager · Teams: Sales": the facts that the sentence does not tell. */
export function details(entry: AuditEntry, names: Names): string {
  const told = DEEDS[entry.action]?.told ?? [];
  return Object.entries(entry.facts)
    .filter(([name]) => !told.includes(name))
    .map(([name, value]) => [label(name), factWord(value, names)] as const)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`)
    .join(" · ");
}

const words = (name: string) => name.replaceAll("_", " ");

function label(name: string): string {
  const bare = words(
    name
      .replace(/_ids$/, "s")
      .replace(/_id$/, "")
      .replace(/^(is|has)_/, ""),
  );
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** null: an id of which nothing is known says nothing to people. */
function factWord(value: unknown, names: Names): string | null {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return new Intl.NumberFormat(LOCALE).format(value);
  if (typeof value === "string") return names.get(value) ?? (isId(value) ? null : words(value));
  if (!Array.isArray(value)) return null;
  if (value.length === 0) return "none";
  const known = value.flatMap((one) => factWord(one, names) ?? []);
  return known.length === value.length
    ? new Intl.ListFormat("en-GB").format(known)
    : new Intl.NumberFormat(LOCALE).format(value.length);
}
