import { expect, it } from "vitest";
import type { MailServer } from "../../api/settings";
import { bodyOf, complaints, emptyRow, rowsOf } from "./mail-servers";

const own: MailServer = {
  server_id: "server-1",
  source: "own",
  host: "smtp.example",
  port: 587,
  security: "starttls",
  user_name: "calls",
  has_password: true,
  sender_name: "Northwind",
  sender_email: "calls@example.com",
  mails_a_minute: null,
  problem: null,
  problem_at: null,
};

it("only the own servers are changed here, and keep their password when none is written", () => {
  const rows = rowsOf([own, { ...own, server_id: "0", source: "installation" }]);
  expect(rows).toHaveLength(1);
  expect(rows.map(bodyOf)).toEqual([
    {
      server_id: "server-1",
      host: "smtp.example",
      port: 587,
      security: "starttls",
      user_name: "calls",
      password: null,
      sender_name: "Northwind",
      sender_email: "calls@example.com",
      mails_a_minute: null,
    },
  ]);
});

it("a new server is told what is missing, by field", () => {
  expect(complaints({ items: [...rowsOf([own]), emptyRow()] })).toEqual({
    "items.1.host": "Write the server's name",
    "items.1.sender_email": "Write an address, like calls@example.org",
  });
  const odd = { ...emptyRow(), host: "a", sender_email: "a@b", port: 0, mails_a_minute: 1.5 };
  expect(Object.keys(complaints({ items: [odd] }))).toEqual(["items.0.port", "items.0.mails_a_minute"]);
});
