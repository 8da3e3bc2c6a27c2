/** Who signs in, and from where, as docs/wire.md has it. To be replaced by generated types. */

export type UserRole = "rep" | "manager" | "admin";
export type UserStatus = "invited" | "active" | "disabled";

export interface Me {
  user_id: string;
  name: string;
  email: string;
  role: UserRole;
  /** What they are called at work; empty: not said. */
  title: string;
  /** IANA; null: the organization's. */
  time_zone: string | null;
  organization_id: string;
  organization_name: string;
  local_mode: boolean;
  device_id: string;
  team_ids: string[];
}

/** What is changed; the rest stays. */
export type MeChange = Partial<Pick<Me, "name" | "title" | "time_zone">>;

/** The ways in that this installation has. `demo`: a local copy with people to try it as. */
export interface WaysIn {
  google: boolean;
  email_link: boolean;
  demo: boolean;
}

/** What a link by mail is for, before it is used. */
export interface LinkView {
  purpose: "sign_in" | "invitation";
  name: string;
  email: string;
  organization_name: string;
  needs_profile: boolean;
}

/** null leaves what is known. */
export interface LinkUse {
  link: string;
  name: string | null;
  time_zone: string | null;
}

export type DemoPerson = "manager" | "rep" | "admin";

export interface Device {
  device_id: string;
  /** Browser and system, in words. */
  label: string;
  created_at: string;
  last_seen_at: string;
  is_this: boolean;
}

export interface User {
  user_id: string;
  name: string;
  email: string;
  role: UserRole;
  status: UserStatus;
  title: string;
  team_ids: string[];
  manager_ids: string[];
}
