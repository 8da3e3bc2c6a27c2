import type { Device } from "../src/api/identity";
import type { AuditEntry, Verification } from "../src/features/audit/types";
import type { Team, User } from "../src/features/people/types";
import * as made from "./answers";

/** Made-up people, teams, devices and audit entries for the page tests. */

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const person = (user_id: string, name: string, more: Partial<User> = {}): User => ({
  user_id,
  name,
  email: `${name.split(" ")[0]?.toLowerCase()}@northwind.example`,
  role: "rep",
  status: "active",
  title: "",
  team_ids: [],
  manager_ids: [],
  ...more,
});

export const ada = person("user-1", "Ada Brandt", { role: "admin", title: "Head of operations" });
export const maya = person("user-2", "Maya Lindqvist", {
  role: "manager",
  team_ids: ["team-1", "team-2"],
  title: "Sales manager, Nordics",
});
export const olga = person("user-3", "Olga Petrenko", { role: "manager", team_ids: ["team-2"] });
export const iris = person("user-4", "Iris Vale", { team_ids: ["team-1"] });
export const tom = person("user-5", "Tom Okafor", { team_ids: ["team-1"], manager_ids: ["user-3"] });
export const kenji = person("user-6", "Kenji Ito", { status: "invited", team_ids: ["team-2"] });
export const per = person("user-7", "Per Halden", { status: "disabled" });

export const users: User[] = [ada, iris, kenji, maya, olga, per, tom];

const member = ({ user_id, name }: User, role: "rep" | "manager") => ({ user_id, name, role });

export const teams: Team[] = [
  {
    team_id: "team-2",
    name: "Key accounts",
    members: [member(kenji, "rep"), member(maya, "manager"), member(olga, "manager")],
  },
  {
    team_id: "team-1",
    name: "Sales",
    members: [member(iris, "rep"), member(maya, "manager"), member(tom, "rep")],
  },
];

export const devices: Device[] = [
  {
    device_id: "device-2",
    label: "Firefox on Windows",
    created_at: ago(9000),
    last_seen_at: ago(4),
    is_this: false,
  },
  {
    device_id: "device-3",
    label: "Safari on iPhone",
    created_at: ago(30_000),
    last_seen_at: ago(3000),
    is_this: false,
  },
];

const actor = ({ user_id, name }: User) => ({ kind: "user" as const, id: user_id, name });
const about = ({ user_id, name }: User) => ({ kind: "user", id: user_id, name });
const call = { kind: "call", id: "call-1", name: "Discovery call with Brightside Foods" };
const guest = { kind: "guest" as const, id: "invitee-1", name: "Ana Lindqvist" };

const entry = (seq: number, minutes: number, more: Partial<AuditEntry>): AuditEntry => ({
  seq,
  at: ago(minutes),
  actor: actor(ada),
  action: "signed_in",
  subject: about(ada),
  facts: {},
  ...more,
});

export const entries: AuditEntry[] = [
  entry(1284, 2, { action: "user_disabled", actor: actor(maya), subject: about(tom) }),
  entry(1283, 40, {
    action: "user_changed",
    subject: about(olga),
    facts: { role: "manager", role_before: "rep" },
  }),
  entry(1282, 55, {
    action: "user_invited",
    subject: about(kenji),
    facts: { role: "rep", team_ids: ["team-2"] },
  }),
  entry(1281, 300, {
    action: "consent_given",
    actor: guest,
    subject: call,
    facts: { transcription: true, recording: false },
  }),
  entry(1280, 301, { action: "call_joined", actor: guest, subject: call, facts: { role: "prospect" } }),
  entry(1279, 1600, {
    action: "link_sent",
    actor: { kind: "system", id: null, name: null },
    subject: about(iris),
    facts: { purpose: "sign_in" },
  }),
];

export const earlier: AuditEntry[] = [
  entry(1278, 1700, { facts: { way: "google", is_first: false, device_id: "device-1" } }),
];

export const whole: Verification = {
  ok: true,
  entries: 1284,
  signed_up_to: 1270,
  problem: null,
  at_seq: null,
};

export const broken: Verification = {
  ok: false,
  entries: 1284,
  signed_up_to: 480,
  problem: "Entry 512 is not what was written: it does not fit its hash.",
  at_seq: 512,
};

export const me = {
  ...made.me,
  user_id: ada.user_id,
  name: ada.name,
  email: ada.email,
  role: "admin" as const,
};

const list = (items: readonly unknown[]) => made.json({ items, next_cursor: null });

export const signedIn = (more: Parameters<typeof made.answer>[1] = {}) => ({
  "GET /me": made.json(me),
  "GET /users": list(users),
  "GET /teams": list(teams),
  "GET /users/user-5/devices": list(devices),
  "GET /settings/mail-servers": made.json({
    items: [{ source: "installation", sender_email: "calls@northwind.example" }],
  }),
  ...more,
});
