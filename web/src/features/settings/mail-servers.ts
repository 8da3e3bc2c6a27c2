import type { MailSecurity, MailServer, MailServerBody } from "../../api/settings";

/** The form of the organization's own mail servers: what is in it, what is sent, what is wrong with it. */

export interface ServerRow {
  /** Of the row, while it is on the page. */
  key: string;
  /** null: a new one. */
  server_id: string | null;
  host: string;
  port: number | string;
  security: MailSecurity;
  user_name: string;
  /** "" keeps the one there is. */
  password: string;
  has_password: boolean;
  sender_name: string;
  sender_email: string;
  /** "": as fast as the server takes them. */
  mails_a_minute: number | string;
}

export const SECURITY = [
  { value: "starttls", label: "STARTTLS (usual, port 587)" },
  { value: "tls", label: "TLS (port 465)" },
  { value: "none", label: "None (only inside your own network)" },
];

export const MOST_SERVERS = 10;

let rows = 0;

export function emptyRow(): ServerRow {
  rows += 1;
  return {
    key: `new-${rows}`,
    server_id: null,
    host: "",
    port: 587,
    security: "starttls",
    user_name: "",
    password: "",
    has_password: false,
    sender_name: "",
    sender_email: "",
    mails_a_minute: "",
  };
}

/** The own ones: the installation's cannot be changed here. */
export function rowsOf(servers: readonly MailServer[]): ServerRow[] {
  return servers
    .filter(({ source }) => source === "own")
    .map(({ source: _, problem: __, problem_at: ___, ...server }) => ({
      ...server,
      key: server.server_id,
      user_name: server.user_name ?? "",
      password: "",
      mails_a_minute: server.mails_a_minute ?? "",
    }));
}

export function bodyOf({ key: _, has_password: __, ...row }: ServerRow): MailServerBody {
  return {
    ...row,
    host: row.host.trim(),
    port: Number(row.port),
    user_name: row.user_name.trim() || null,
    password: row.password || null,
    sender_name: row.sender_name.trim() || "Parley",
    sender_email: row.sender_email.trim(),
    mails_a_minute: row.mails_a_minute === "" ? null : Number(row.mails_a_minute),
  };
}

const isWhole = (value: number | string, most: number) =>
  Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= most;

/** By field: `items.0.host`. The server has the last word; this saves a round. */
export function complaints({ items }: { items: readonly ServerRow[] }): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [n, row] of items.entries()) {
    if (row.host.trim() === "") found[`items.${n}.host`] = "Write the server's name";
    if (!isWhole(row.port, 65_535)) found[`items.${n}.port`] = "Write a port, from 1 to 65535";
    if (!/^\S+@\S+$/.test(row.sender_email.trim()))
      found[`items.${n}.sender_email`] = "Write an address, like calls@example.org";
    if (row.mails_a_minute !== "" && !isWhole(row.mails_a_minute, 100_000))
      found[`items.${n}.mails_a_minute`] = "Write a whole number, or nothing";
  }
  return found;
}
