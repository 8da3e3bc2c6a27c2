import { ROLE, STATUS } from "./people-words";
import type { Team, User, UserChange } from "./types";

/** What can be told from the two lists, people and teams. */

export interface Answering {
  manager: User;
  /** null: assigned by hand. */
  through: Team | null;
}

/** Who answers for them: the assigned first, then the managers of teams in which they are a rep. Nobody twice. */
export function whoAnswersFor(
  user: User,
  users: readonly User[],
  teams: readonly Team[],
): readonly Answering[] {
  const found = new Map<string, Answering>();
  const add = (manager_id: string, through: Team | null) => {
    const manager = users.find((one) => one.user_id === manager_id);
    if (!manager || manager_id === user.user_id || found.has(manager_id)) return;
    found.set(manager_id, { manager, through });
  };
  for (const manager_id of user.manager_ids) add(manager_id, null);
  for (const team of teams) {
    const isRep = team.members.some((member) => member.user_id === user.user_id && member.role === "rep");
    if (!isRep) continue;
    for (const member of team.members) if (member.role === "manager") add(member.user_id, team);
  }
  return [...found.values()];
}

export const teamsOf = (user: User, teams: readonly Team[]) =>
  teams.filter((team) => user.team_ids.includes(team.team_id));

/** Whoever has all the words in their name, address, title, role, status or teams. */
export function whoFits(words: string, users: readonly User[], teams: readonly Team[]): readonly User[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return users.filter((user) => {
    const named = teamsOf(user, teams).map((team) => team.name);
    const about = [
      user.name,
      user.email,
      user.title,
      ROLE[user.role].word,
      STATUS[user.status].word,
      ...named,
    ]
      .join(" ")
      .toLocaleLowerCase();
    return wanted.every((word) => about.includes(word));
  });
}

/** An organization keeps one admin who can sign in. */
export function isOnlyAdmin(user: User, users: readonly User[]): boolean {
  const admins = users.filter((one) => one.role === "admin" && one.status === "active");
  return admins.length === 1 && admins[0]?.user_id === user.user_id;
}

/** Who can be put above a rep: managers and admins who are active, and whoever is already. */
export function possibleManagers(user: User, users: readonly User[]): readonly User[] {
  return users.filter(
    (one) =>
      one.user_id !== user.user_id &&
      ((one.role !== "rep" && one.status === "active") || user.manager_ids.includes(one.user_id)),
  );
}

export type Access = Pick<User, "role" | "team_ids" | "manager_ids">;

export const accessOf = ({ role, team_ids, manager_ids }: User): Access => ({ role, team_ids, manager_ids });

/** Only what was changed is sent, so that what somebody else changes meanwhile stays. Only reps have managers. */
export function changesOf(before: Access, after: Access): UserChange {
  const differ = (one: readonly string[], other: readonly string[]) =>
    one.length !== other.length || one.some((id) => !other.includes(id));
  const managersDiffer = after.role === "rep" && differ(before.manager_ids, after.manager_ids);
  return {
    ...(before.role === after.role ? {} : { role: after.role }),
    ...(differ(before.team_ids, after.team_ids) ? { team_ids: after.team_ids } : {}),
    ...(managersDiffer ? { manager_ids: after.manager_ids } : {}),
  };
}
