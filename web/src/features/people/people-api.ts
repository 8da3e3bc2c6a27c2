import { ask, tell } from "../../api/client";
import type { Page } from "../../api/types";
import type { NewUser, Team, TeamChange, User, UserChange } from "./types";

const user = (userId: string) => `/users/${encodeURIComponent(userId)}`;
const team = (teamId: string) => `/teams/${encodeURIComponent(teamId)}`;

export const peopleApi = {
  invite: (body: NewUser) => ask<User>("POST", "/users", body),
  changeUser: (userId: string, body: UserChange) => ask<User>("PATCH", user(userId), body),
  disable: (userId: string) => tell("PUT", `${user(userId)}/disabling`, {}),
  enable: (userId: string) => tell("DELETE", `${user(userId)}/disabling`),
  inviteAgain: (userId: string) => tell("POST", `${user(userId)}/invitations`, {}),

  teams: () => ask<Page<Team>>("GET", "/teams"),
  createTeam: (name: string) => ask<Team>("POST", "/teams", { name }),
  changeTeam: (teamId: string, body: TeamChange) => ask<Team>("PATCH", team(teamId), body),
  deleteTeam: (teamId: string) => tell("DELETE", team(teamId)),
};
