import { expect, it } from "vitest";
import type { CallEmail } from "../../api/settings";
import type { Call, Moment, Recipient } from "../../api/types";
import { additionWords, addressees, cancelWords, changeWords, momentWords, newest } from "./notice-words";

const switches = { recording: true, transcript: true, coaching: true, sentiment: true, mail: true };
const invitees = [
  { name: "Ana", email: "ana@example.com" },
  { name: "Kenji", email: null },
  { name: "", email: "olga@example.com" },
];
const call = { switches, invitees } as Call;
const unmailed = { ...call, switches: { ...switches, mail: false } };

it("a change says who is written to, and that the links stay", () => {
  const moved = { starts_at: "2026-11-27T10:00:00Z", revision: 0 };
  expect(changeWords(call, moved)).toBe(
    "Ana and olga@example.com get a mail that brings their calendar up to date. The links stay the same.",
  );
  expect(changeWords(unmailed, moved)).toContain("Nobody is written to. Tell the guests yourself");
  expect(changeWords(call, { ...moved, switches: { ...switches, mail: false } })).toContain(
    "Nobody is written to.",
  );
});

it("a change that guests need not know of is not mailed", () => {
  expect(changeWords(call, { most_participants: 4, revision: 0 })).toContain("need not know");
  expect(changeWords(call, null)).toBe("Nothing is changed yet.");
});

it("cancelling and adding say what is mailed", () => {
  expect(cancelWords(call)).toContain(
    "Ana and olga@example.com get a mail that takes it off their calendar.",
  );
  expect(cancelWords(unmailed)).toContain("Nobody is written to.");
  expect(additionWords(call, "ben@example.com")).toContain("an invitation by mail");
  expect(additionWords(call, " ")).toContain("Without an address nothing is mailed.");
  expect(additionWords(unmailed, "ben@example.com")).toContain("Mail is switched off");
});

it("each who is written to stands there once, with all they get", () => {
  const to = (notice: Recipient["notice"], why: Recipient["why"], email = "ana@example.com") =>
    ({ notice, why, email, name: "Ana", suppressed: false }) as Recipient;
  const found = addressees([
    to("invite", "invitee"),
    to("reminder", "invitee"),
    to("reminder", "owner", "ben@example.com"),
  ]);
  expect(found).toEqual([
    {
      name: "Ana",
      email: "ana@example.com",
      why: "guest",
      suppressed: false,
      notices: ["Invitation", "Reminder"],
    },
    { name: "Ana", email: "ben@example.com", why: "owner", suppressed: false, notices: ["Reminder"] },
  ]);
});

it("a moment says what the server said", () => {
  const mail = {
    at: null,
    detail: "Discovery call",
    kind: "invite",
    server_host: "mx.example",
    reply: "250 OK",
  };
  expect(momentWords({ ...mail, what: "mail_sent" } as Moment)).toEqual({
    word: "Invitation taken",
    more: "mx.example: 250 OK",
  });
  const planned: Moment = {
    at: null,
    what: "mail_waiting",
    kind: "reminder",
    detail: null,
    server_host: null,
    reply: null,
  };
  expect(momentWords(planned)).toEqual({ word: "Reminder planned", more: "" });
  expect(momentWords({ ...planned, kind: null, what: "calendar_answered", detail: "declined" }).word).toBe(
    "Said no by calendar",
  );
});

it("of each kind the newest mail is shown, without those that wait for their time or were overtaken", () => {
  const mail = (email_id: string, kind: string, status: string, invitee_id = "a") =>
    ({ email_id, kind, status, invitee_id }) as CallEmail;
  const mails = [
    mail("1", "invite", "sent"),
    mail("2", "update", "bounced"),
    mail("3", "update", "sent"),
    mail("4", "update", "superseded"),
    mail("5", "reminder", "waiting"),
    mail("6", "update", "sent", "b"),
  ];
  expect(newest(mails).map(({ email_id }) => email_id)).toEqual(["1", "3", "6"]);
});
