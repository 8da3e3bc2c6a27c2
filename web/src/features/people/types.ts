/** People, teams and devices, as docs/wire.md says. */

import type { User, UserRole } from "../../api/identity";

export type { Device, User, UserRole, UserStatus } from "../../api/identity";

export interface NewUser {
  name: string;
  email: string;
  role: UserRole;
  team_ids: string[];
}

export type UserChange = Partial<Pick<User, "role" | "team_ids" | "manager_ids">>;

export type MemberRole = "rep" | "manager";

export interface Member {
  user_id: string;
  name: string;
  role: MemberRole;
}

export interface Team {
  team_id: string;
  name: string;
  members: Member[];
}

export interface TeamChange {
  name?: string;
  members?: { user_id: string; role: MemberRole }[];
}
