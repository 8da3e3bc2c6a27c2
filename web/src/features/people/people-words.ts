import type { MailServer } from "../../api/settings";
import type { Answering } from "./people";
import type { MemberRole, NewUser, Team, User, UserRole, UserStatus } from "./types";

export const ROLE: Record<UserRole, { word: string; what: string }> = {
  rep: { word: "Rep", what: "Sees and books their own calls." },
  manager: { word: "Manager", what: "Also sees, joins and ends the calls of the reps they answer for." },
  admin: {
    word: "Admin",
    what: "Sees all calls, manages people and teams, changes the settings and reads the audit log.",
  },
};

export const ROLES = Object.keys(ROLE) as UserRole[];

export const STATUS: Record<UserStatus, { word: string; what: string }> = {
  active: { word: "Active", what: "Can sign in." },
  invited: { word: "Invited", what: "Has not signed in yet." },
  disabled: { word: "Disabled", what: "Cannot sign in. Their calls are kept." },
};

export const MEMBER_ROLE: Record<MemberRole, string> = { rep: "Rep", manager: "Manager" };

/** "Ada, Ben and Cleo". */
export const listed = (names: readonly string[]) => new Intl.ListFormat("en-GB").format(names);

/** "1 rep", "2 reps". */
export const counted = (n: number, one: string) => `${n} ${n === 1 ? one : `${one}s`}`;

/** What sending the invitation does, before it is sent. */
export function invitationWords({ name, email, role }: NewUser, teams: readonly Team[]): string {
  const who = name.trim() || "They";
  const where = email.trim() ? ` at ${email.trim()}` : "";
  const inTeams = teams.length > 0 ? ` in ${listed(teams.map((team) => team.name))}` : "";
  const as = `${role === "admin" ? "an" : "a"} ${role}${inTeams}`;
  const gets = who === "They" ? "get" : "gets";
  return `${who} ${gets} a mail${where} with a personal link that works once. It signs them in as ${as}.`;
}

/** Where the mail goes, by the servers that are set. */
export function mailWayWords([first]: readonly MailServer[]): string {
  if (first === undefined) return "No mail server is set where Parley is installed, so the mail is not sent.";
  const { source, sender_email } = first;
  if (source === "mailbox") {
    return "Mails do not leave this installation: this one goes to the mailbox here.";
  }
  return `The mail comes from ${sender_email}.`;
}

export const onlyAdminWords = (user: User, isMe: boolean) =>
  `${isMe ? "You are" : `${user.name} is`} the only admin. Make somebody else an admin first.`;

/** What follows from another role, before it is saved; null: nothing. */
export function roleChangeWords(user: User, role: UserRole): string | null {
  if (role === user.role) return null;
  if (role === "rep") {
    return `${user.name} becomes a rep in all their teams, and answers for nobody any more.`;
  }
  if (user.role === "rep") {
    return `${user.name} becomes a manager in all their teams, and managers assigned to them no longer are.`;
  }
  return null;
}

/** Managers who answer for a rep without being assigned; null: none. */
export function throughTeamsWords(answering: readonly Answering[]): string | null {
  const parts = answering.flatMap(({ manager, through }) =>
    through ? [`${manager.name} (${through.name})`] : [],
  );
  if (parts.length === 0) return null;
  return `Through a team already: ${listed(parts)}.`;
}

/** What disabling somebody does, before it is done. */
export function disablingWords(user: User): readonly string[] {
  return user.status === "invited"
    ? [`The link in the mail to ${user.email} stops working within seconds.`, "You can enable them again."]
    : [
        `${user.name} is out of everything within seconds, live calls included: every device is signed out, and no mail or Google account signs them in.`,
        "Their calls stay, with all that was said. Calls they have booked stay booked. You can enable them again.",
      ];
}

/** What goes when a team is deleted. */
export function teamGoesWords(team: Team): string {
  const namesOf = (role: MemberRole) =>
    team.members.filter((member) => member.role === role).map((member) => member.name);
  const [managers, reps] = [namesOf("manager"), namesOf("rep")];
  const stays = "Nobody is signed out, and all calls stay.";
  if (team.members.length === 0) return `It has no members. ${stays}`;
  if (managers.length === 0 || reps.length === 0) {
    return `${listed([...managers, ...reps])} ${team.members.length === 1 ? "leaves" : "leave"} it. ${stays}`;
  }
  const answer = managers.length === 1 ? "no longer answers" : "no longer answer";
  return `${listed(managers)} ${answer} for ${listed(reps)} through this team. ${stays}`;
}
