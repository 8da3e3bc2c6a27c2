import type { Member, MemberRole, Team, TeamChange, User } from "./types";

/** A team's members while they are being changed. */

/** With the role they have in the organization; admins come in as managers. */
export function withMember(members: readonly Member[], user: User): Member[] {
  if (members.some((member) => member.user_id === user.user_id)) return [...members];
  const role: MemberRole = user.role === "rep" ? "rep" : "manager";
  return [...members, { user_id: user.user_id, name: user.name, role }];
}

export const withoutMember = (members: readonly Member[], user_id: string): Member[] =>
  members.filter((member) => member.user_id !== user_id);

export const withRole = (members: readonly Member[], user_id: string, role: MemberRole): Member[] =>
  members.map((member) => (member.user_id === user_id ? { ...member, role } : member));

/** Managers first, then by name. */
export const inOrder = (members: readonly Member[]): Member[] =>
  [...members].sort((a, b) => a.role.localeCompare(b.role) || a.name.localeCompare(b.name));

/** Whoever is a rep in the organization answers for nobody, in no team. */
export const mayLead = (user_id: string, users: readonly User[]): boolean =>
  users.some((user) => user.user_id === user_id && user.role !== "rep");

/** Who can still be added: nobody twice, nobody who is disabled. */
export const addable = (members: readonly Member[], users: readonly User[]): readonly User[] =>
  users.filter(
    (user) => user.status !== "disabled" && !members.some((member) => member.user_id === user.user_id),
  );

/** Only what was changed is sent. */
export function teamChanges(before: Team, after: Pick<Team, "name" | "members">): TeamChange {
  const asText = (members: readonly Member[]) =>
    members
      .map(({ user_id, role }) => `${user_id} ${role}`)
      .sort()
      .join();
  const members = after.members.map(({ user_id, role }) => ({ user_id, role }));
  return {
    ...(before.name === after.name.trim() ? {} : { name: after.name.trim() }),
    ...(asText(before.members) === asText(after.members) ? {} : { members }),
  };
}
