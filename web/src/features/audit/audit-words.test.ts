import { describe, expect, it } from "vitest";
import { ACTIONS, details, sentence } from "./audit-words";
import { periodOf } from "./period";
import type { AuditEntry } from "./types";
import { verificationWords } from "./verification-words";

const TOM = "018f0000-0000-7000-8000-000000000002";
const SALES = "018f0000-0000-7000-8000-0000000000aa";
const names = new Map([
  [TOM, "Tom Okafor"],
  [SALES, "Sales"],
]);

const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq: 7,
  at: "2026-11-21T10:00:00Z",
  actor: { kind: "user", id: "maya", name: "Maya Lindqvist" },
  action,
  subject: { kind: "user", id: TOM, name: "Tom Okafor" },
  facts: {},
  ...more,
});

const said = (action: string, more: Partial<AuditEntry> = {}) => sentence(entry(action, more), names);
const guest = { kind: "guest", id: "ana", name: "Ana Lindqvist" } as const;
const call = { kind: "call", id: "c", name: "Discovery call" };
const lead = { kind: "lead", id: "l", name: "Ana Lindqvist" };

describe("an entry in words", () => {
  it.each([
    ["user_disabled", {}, "Maya Lindqvist disabled Tom Okafor"],
    [
      "user_changed",
      { facts: { role: "manager", role_before: "rep" } },
      "Maya Lindqvist changed Tom Okafor from rep to manager",
    ],
    ["user_changed", { facts: { team_ids: [SALES] } }, "Maya Lindqvist changed what Tom Okafor may do"],
    ["link_sent", { facts: { purpose: "invitation" } }, "Maya Lindqvist sent Tom Okafor an invitation"],
    [
      "link_sent",
      { actor: { kind: "system", id: null, name: null }, facts: { purpose: "sign_in" } },
      "Parley sent Tom Okafor a link to sign in",
    ],
    [
      "signed_in",
      { facts: { way: "google", is_first: true } },
      "Maya Lindqvist signed in for the first time with Google",
    ],
    [
      "device_ended",
      { subject: { kind: "device", id: "d", name: "Firefox on Linux" }, facts: { user_id: TOM } },
      "Maya Lindqvist signed out Firefox on Linux of Tom Okafor",
    ],
    [
      "call_booked",
      { subject: call, facts: { owner_id: TOM, invitees: 2 } },
      "Maya Lindqvist booked “Discovery call” for Tom Okafor",
    ],
    [
      "call_booked",
      { subject: call, facts: { owner_id: "maya", invitees: 2 } },
      "Maya Lindqvist booked “Discovery call”",
    ],
    ["call_moved", { actor: guest, subject: call }, "Ana Lindqvist (guest) moved “Discovery call”"],
    [
      "call_cancelled",
      { subject: call, facts: { revision: 2, has_reason: false } },
      "Maya Lindqvist cancelled “Discovery call” without a reason",
    ],
    [
      "leads_imported",
      { subject: { kind: "lead_import", id: "i", name: null }, facts: { added: 1, changed: 12 } },
      "Maya Lindqvist imported a table: one lead added, 12 leads changed",
    ],
    [
      "lead_imported",
      { subject: lead, facts: { import_id: "i" } },
      "Maya Lindqvist changed Ana Lindqvist by a table",
    ],
    [
      "lead_status_changed",
      { subject: lead, facts: { status_before: "met", status_after: "qualified" } },
      "Maya Lindqvist changed Ana Lindqvist from met to qualified",
    ],
    [
      "invitee_added",
      { subject: { kind: "invitee", id: "ana", name: "Ana Lindqvist" } },
      "Maya Lindqvist invited Ana Lindqvist to a call",
    ],
    ["call_joined", { actor: guest, subject: call }, "Ana Lindqvist (guest) joined “Discovery call”"],
    [
      "invitee_removed",
      { subject: { kind: "invitee", id: "ana", name: "Ana Lindqvist" } },
      "Maya Lindqvist removed Ana Lindqvist from a call",
    ],
    [
      "call_ended",
      { actor: { kind: "system", id: null, name: null }, subject: call },
      "Parley ended “Discovery call”",
    ],
    [
      "team_created",
      { subject: { kind: "team", id: SALES, name: "Sales" } },
      "Maya Lindqvist created the team Sales",
    ],
    [
      "team_changed",
      { subject: { kind: "team", id: SALES, name: "Sales" } },
      "Maya Lindqvist changed the team Sales",
    ],
    [
      "team_changed",
      { subject: { kind: "team", id: SALES, name: null }, facts: { is_removed: true } },
      "Maya Lindqvist deleted a team",
    ],
    [
      "settings_changed",
      { subject: { kind: "settings", id: "smtp", name: null } },
      "Maya Lindqvist changed the mail server",
    ],
    [
      "settings_changed",
      { subject: { kind: "settings", id: "inbox", name: null }, facts: { is_set: false } },
      "Maya Lindqvist removed the inbox for answers",
    ],
  ] satisfies [string, Partial<AuditEntry>, string][])("%s %j", (action, more, words) => {
    expect(said(action, more)).toBe(words);
  });

  it.each([
    [true, true, "agreed to transcription and recording in"],
    [true, false, "agreed to transcription, not to recording, in"],
    [false, false, "agreed to neither transcription nor recording in"],
  ])("consent to transcription %s and recording %s", (transcription, recording, words) => {
    expect(
      said("consent_given", { actor: guest, subject: call, facts: { transcription, recording } }),
    ).toContain(`Ana Lindqvist (guest) ${words} “Discovery call”`);
  });

  it("of people and things that are gone names nobody", () => {
    expect(said("user_enabled", { actor: { kind: "user", id: "x", name: null } })).toBe(
      "Somebody who was erased enabled Tom Okafor",
    );
    expect(said("call_viewed", { subject: { ...call, name: null } })).toContain("a call that was deleted");
  });

  it("with an action that is new here is still told", () => {
    expect(said("note_shared", { subject: { kind: "note", id: "n", name: null } })).toBe(
      "Maya Lindqvist: note shared, a note",
    );
  });

  it("has words for every action one can filter by", () => {
    for (const { value } of ACTIONS) expect(said(value)).not.toContain(`: ${value.replaceAll("_", " ")}`);
  });
});

describe("what else is known", () => {
  it("is told with names and without bare ids", () => {
    const facts = {
      team_ids: [SALES],
      manager_ids: [],
      role: "rep",
      invitees: 1200,
      call: TOM.replace("2", "9"),
    };
    expect(details(entry("user_invited", { facts }), names)).toMatch(
      /^Teams: Sales · Managers: none · Role: rep · Invitees: 1.200$/,
    );
  });

  it("is counted where not all names are known", () => {
    expect(
      details(entry("team_changed", { facts: { manager_ids: [TOM, SALES.replace("aa", "bb")] } }), names),
    ).toBe("Managers: 2");
  });

  it("leaves out what the sentence says", () => {
    expect(
      details(entry("signed_in", { facts: { way: "link", is_first: false, device_id: SALES } }), names),
    ).toBe("");
    expect(details(entry("settings_changed", { facts: { has_own_server: true } }), names)).toBe(
      "Own server: yes",
    );
  });
});

describe("the days of the filter", () => {
  it("begin and end at midnight here, the last one included", () => {
    const { from, before } = periodOf("2026-11-20", "2026-11-21");
    expect(from).toBe(new Date(2026, 10, 20).toISOString());
    expect(before).toBe(new Date(2026, 10, 22).toISOString());
  });

  it("do not limit where there is none", () => {
    expect(periodOf(undefined, "2026-13-40")).toEqual({});
  });
});

describe("verifying", () => {
  const found = { ok: true, entries: 1284, signed_up_to: 1270, problem: null, at_seq: null };

  it("says how many entries are whole and up to which one they are signed", () => {
    expect(verificationWords(found).title).toMatch(/^All 1.284 entries are whole$/);
    expect(verificationWords(found).text).toMatch(
      /^Signed up to entry 1.270\. The 14 entries after it are signed within the hour\.$/,
    );
    expect(verificationWords({ ...found, signed_up_to: 1283 }).text).toContain(
      "The entry after it is signed",
    );
    expect(verificationWords({ ...found, signed_up_to: 1284 }).text).toContain("the last one");
    expect(verificationWords({ ...found, signed_up_to: null }).text).toContain("None of them is signed yet");
    expect(verificationWords({ ...found, entries: 1, signed_up_to: 1 }).title).toBe("The one entry is whole");
    expect(verificationWords({ ...found, entries: 0, signed_up_to: null }).title).toBe("The log is empty");
  });

  it("says where the chain breaks and what is whole before it", () => {
    const broken = { ...found, ok: false, problem: "Entry 512 is missing.", at_seq: 512 };
    const { title, text } = verificationWords(broken);
    expect(title).toBe("The log breaks at entry 512; the 511 entries before it are whole");
    expect(text).toMatch(/^Entry 512 is missing\. Verifying changed nothing\./);
    expect(verificationWords({ ...broken, at_seq: 1 }).title).toBe("The log breaks at its first entry");
    expect(verificationWords({ ...broken, at_seq: 2 }).title).toBe(
      "The log breaks at entry 2; the entry before it is whole",
    );
    expect(verificationWords({ ...broken, at_seq: null }).title).toBe("The log cannot be relied on");
  });
});
