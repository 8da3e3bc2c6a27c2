import { describe, expect, it } from "vitest";
import { complaintUnder } from "./complaints";
import { addable, inOrder, mayLead, teamChanges, withMember, withoutMember, withRole } from "./members";
import { accessOf, changesOf, isOnlyAdmin, possibleManagers, whoAnswersFor, whoFits } from "./people";
import type { Team, User } from "./types";

const person = (user_id: string, more: Partial<User> = {}): User => ({
  user_id,
  name: user_id,
  email: `${user_id}@example.com`,
  role: "rep",
  status: "active",
  title: "",
  team_ids: [],
  manager_ids: [],
  ...more,
});

const maya = person("maya", { name: "Maya Lindqvist", role: "manager", team_ids: ["sales"] });
const tom = person("tom", { name: "Tom Okafor", team_ids: ["sales"], manager_ids: ["olga"] });
const olga = person("olga", { role: "manager" });
const ada = person("ada", { role: "admin" });
const users = [ada, maya, olga, tom];
const sales: Team = {
  team_id: "sales",
  name: "Sales",
  members: [
    { user_id: "tom", name: "Tom Okafor", role: "rep" },
    { user_id: "maya", name: "Maya Lindqvist", role: "manager" },
  ],
};

describe("who answers for somebody", () => {
  it("is whom they are assigned to, and the managers of teams in which they are a rep", () => {
    const found = whoAnswersFor(tom, users, [sales]);
    expect(found.map(({ manager, through }) => [manager.user_id, through?.name ?? null])).toEqual([
      ["olga", null],
      ["maya", "Sales"],
    ]);
  });

  it("names nobody twice, and not themselves", () => {
    const twice = { ...tom, manager_ids: ["maya"] };
    expect(whoAnswersFor(twice, users, [sales]).map(({ through }) => through)).toEqual([null]);
    expect(whoAnswersFor(maya, users, [sales])).toEqual([]);
  });

  it("leaves out whom nobody knows", () => {
    expect(whoAnswersFor({ ...tom, manager_ids: ["gone"] }, users, [])).toEqual([]);
  });

  it("can be an active manager or admin, and whoever does already", () => {
    const gone = person("gone", { role: "manager", status: "disabled" });
    const ids = (user: User) => possibleManagers(user, [...users, gone]).map((one) => one.user_id);
    expect(ids(tom)).toEqual(["ada", "maya", "olga"]);
    expect(ids({ ...tom, manager_ids: ["gone"] })).toContain("gone");
    expect(ids(maya)).not.toContain("maya");
  });
});

describe("the search", () => {
  const ids = (words: string) => whoFits(words, users, [sales]).map((user) => user.user_id);

  it("finds by name, address, role, status and team, all words together", () => {
    expect(ids("okafor")).toEqual(["tom"]);
    expect(ids("OLGA@example")).toEqual(["olga"]);
    expect(ids("manager")).toEqual(["maya", "olga"]);
    expect(ids("sales manager")).toEqual(["maya"]);
    expect(ids("disabled")).toEqual([]);
  });

  it("finds everybody for no words", () => expect(ids("  ")).toHaveLength(4));
});

describe("the only admin", () => {
  it("is the only one who can sign in", () => {
    expect(isOnlyAdmin(ada, users)).toBe(true);
    expect(isOnlyAdmin(maya, users)).toBe(false);
    expect(isOnlyAdmin(ada, [...users, person("eve", { role: "admin", status: "invited" })])).toBe(true);
    expect(isOnlyAdmin(ada, [...users, person("eve", { role: "admin" })])).toBe(false);
  });
});

describe("a change of rights", () => {
  const before = accessOf(tom);

  it("is sent without what stays, whatever the order", () => {
    expect(changesOf(before, before)).toEqual({});
    expect(changesOf({ ...before, team_ids: ["a", "b"] }, { ...before, team_ids: ["b", "a"] })).toEqual({});
    expect(changesOf(before, { ...before, team_ids: [] })).toEqual({ team_ids: [] });
    expect(changesOf(before, { ...before, manager_ids: ["maya"] })).toEqual({ manager_ids: ["maya"] });
  });

  it("names no managers for whoever is no rep", () => {
    expect(changesOf(before, { ...before, role: "manager", manager_ids: [] })).toEqual({ role: "manager" });
  });
});

describe("the members of a team", () => {
  it("come in with what they are in the organization, and once", () => {
    expect(withMember(sales.members, olga).at(-1)).toMatchObject({ user_id: "olga", role: "manager" });
    expect(withMember(sales.members, ada).at(-1)).toMatchObject({ role: "manager" });
    expect(withMember(sales.members, tom)).toEqual(sales.members);
  });

  it("change and leave", () => {
    expect(withRole(sales.members, "maya", "rep").map((member) => member.role)).toEqual(["rep", "rep"]);
    expect(withoutMember(sales.members, "tom").map((member) => member.user_id)).toEqual(["maya"]);
  });

  it("stand with the managers first", () => {
    expect(inOrder(sales.members).map((member) => member.user_id)).toEqual(["maya", "tom"]);
  });

  it("can be whoever is not in it and not disabled; no rep leads", () => {
    const gone = person("gone", { status: "disabled" });
    expect(addable(sales.members, [...users, gone]).map((user) => user.user_id)).toEqual(["ada", "olga"]);
    expect([mayLead("maya", users), mayLead("tom", users), mayLead("nobody", users)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("are sent whole, and only when they changed", () => {
    expect(teamChanges(sales, { ...sales, name: " Sales ", members: inOrder(sales.members) })).toEqual({});
    expect(teamChanges(sales, { ...sales, name: "Field sales" })).toEqual({ name: "Field sales" });
    expect(teamChanges(sales, { ...sales, members: withoutMember(sales.members, "tom") })).toEqual({
      members: [{ user_id: "maya", role: "manager" }],
    });
    expect(
      teamChanges(sales, { ...sales, members: withRole(sales.members, "maya", "rep") }).members,
    ).toHaveLength(2);
  });
});

describe("a complaint about a list", () => {
  it("is found at the list or at one of its places, and nowhere else", () => {
    expect(complaintUnder({ "members.1.role": "No." }, "members")).toBe("No.");
    expect(complaintUnder({ members: "Too many." }, "members")).toBe("Too many.");
    expect(complaintUnder({ membership: "Other." }, "members")).toBeNull();
  });
});
