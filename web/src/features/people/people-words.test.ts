import { describe, expect, it } from "vitest";
import type { MailServer } from "../../api/settings";
import {
  disablingWords,
  invitationWords,
  mailWayWords,
  onlyAdminWords,
  roleChangeWords,
  teamGoesWords,
  throughTeamsWords,
} from "./people-words";
import type { Member, Team, User } from "./types";

const user = (more: Partial<User> = {}): User => ({
  user_id: "tom",
  name: "Tom Okafor",
  email: "tom@example.com",
  role: "rep",
  status: "active",
  title: "",
  team_ids: [],
  manager_ids: [],
  ...more,
});

const member = (name: string, role: Member["role"]): Member => ({ user_id: name, name, role });
const team = (...members: Member[]): Team => ({ team_id: "sales", name: "Sales", members });

describe("an invitation", () => {
  it("says whom the mail goes to and what they are in for", () => {
    const wanted = { name: " Tom Okafor ", email: "tom@example.com", role: "rep" as const, team_ids: [] };
    expect(invitationWords(wanted, [team()])).toBe(
      "Tom Okafor gets a mail at tom@example.com with a personal link that works once. It signs them in as a rep in Sales.",
    );
  });

  it("is said before anything is written", () => {
    expect(invitationWords({ name: "", email: "", role: "admin", team_ids: [] }, [])).toBe(
      "They get a mail with a personal link that works once. It signs them in as an admin.",
    );
  });

  it("says where the mail goes", () => {
    const server = (source: MailServer["source"]) =>
      ({ source, host: "mail.example", sender_email: "calls@example.com" }) as MailServer;
    expect(mailWayWords([server("own"), server("installation")])).toBe(
      "The mail comes from calls@example.com.",
    );
    expect(mailWayWords([server("mailbox")])).toContain("goes to the mailbox here");
    expect(mailWayWords([])).toContain("No mail server is set");
  });
});

describe("disabling", () => {
  it("says that live calls are left too, and that nothing is lost", () => {
    const words = disablingWords(user()).join(" ");
    expect(words).toContain("Tom Okafor is out of everything within seconds, live calls included");
    expect(words).toContain("Their calls stay");
  });

  it("of whoever was only invited is about the link", () => {
    expect(disablingWords(user({ status: "invited" })).join(" ")).toBe(
      "The link in the mail to tom@example.com stops working within seconds. You can enable them again.",
    );
  });
});

describe("a role", () => {
  it("that changes says what follows", () => {
    expect(roleChangeWords(user(), "rep")).toBeNull();
    expect(roleChangeWords(user(), "admin")).toContain("a manager in all their teams");
    expect(roleChangeWords(user({ role: "manager" }), "rep")).toContain("answers for nobody any more");
    expect(roleChangeWords(user({ role: "manager" }), "admin")).toBeNull();
  });

  it("of the only admin cannot", () => {
    expect(onlyAdminWords(user({ name: "Ada" }), false)).toMatch(/^Ada is the only admin\./);
    expect(onlyAdminWords(user(), true)).toMatch(/^You are the only admin\./);
  });
});

describe("managers through teams", () => {
  it("are named with the team, the assigned are not", () => {
    const maya = user({ user_id: "maya", name: "Maya Lindqvist" });
    expect(throughTeamsWords([{ manager: maya, through: null }])).toBeNull();
    expect(throughTeamsWords([{ manager: maya, through: team() }])).toBe(
      "Through a team already: Maya Lindqvist (Sales).",
    );
  });
});

describe("deleting a team", () => {
  it("says who answers for whom no longer", () => {
    const sales = team(member("Maya", "manager"), member("Tom", "rep"), member("Iris", "rep"));
    expect(teamGoesWords(sales)).toBe(
      "Maya no longer answers for Tom and Iris through this team. Nobody is signed out, and all calls stay.",
    );
  });

  it("says who leaves it when nobody answers for anybody", () => {
    expect(teamGoesWords(team(member("Tom", "rep")))).toMatch(/^Tom leaves it\./);
    expect(teamGoesWords(team(member("Maya", "manager"), member("Olga", "manager")))).toMatch(
      /^Maya and Olga leave it\./,
    );
    expect(teamGoesWords(team())).toMatch(/^It has no members\./);
  });
});
