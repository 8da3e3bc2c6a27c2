/** People and teams, by the names these pages use. */

import type * as made from "../../api/generated";

export type { Team } from "../../api/generated";
export type { User, UserRole, UserStatus } from "../../api/identity";

export type Member = made.TeamMember;
export type MemberRole = made.TeamRole;

/** An invitation as the form sends it: whole. */
export type NewUser = Required<made.NewUser>;

/** What is left out stays. */
export type UserChange = made.ChangedUser;
export type TeamChange = made.ChangedTeam;
