import type {
  Inbox,
  MailServer,
  OrganizationSettings,
  Provider,
  ProviderSettings,
  SuppressedAddress,
} from "../src/api/settings";

/** Made-up settings for the page tests. */

export const organization: OrganizationSettings = {
  name: "Northwind Cooling",
  time_zone: "Europe/Berlin",
  retention_days: 90,
  google_domain: null,
};

const provider = (more: Partial<Provider>): Provider => ({
  choice: "auto",
  in_use: "local",
  model: "moonshine-tiny",
  keys: 0,
  choices: ["auto", "local", "deepgram"],
  detail: "There is no key, so it runs on this machine.",
  ...more,
});

export const providers: ProviderSettings = {
  speech_to_text: provider({
    in_use: "deepgram",
    model: "nova-3",
    keys: 2,
    detail: "There are keys, so the provider is used; the local model stands behind it.",
  }),
  text_to_speech: provider({
    model: "hibari",
    choices: ["local"],
    choice: "local",
    detail: "The voice runs on this machine.",
  }),
  language_model: provider({
    model: "",
    choices: ["auto", "local", "gemini", "openai"],
    detail: "There is no key, so rules word everything.",
  }),
};

const NIL = "00000000-0000-0000-0000-000000000000";

export const server = (more: Partial<MailServer> = {}): MailServer => ({
  server_id: NIL,
  source: "mailbox",
  host: "127.0.0.1",
  port: 8925,
  security: "none",
  user_name: null,
  has_password: false,
  sender_name: "Parley",
  sender_email: "calls@parley.example",
  mails_a_minute: null,
  problem: null,
  problem_at: null,
  ...more,
});

export const installation = server({ source: "installation", host: "mail.example", port: 587 });

export const own = server({
  server_id: "server-1",
  source: "own",
  host: "smtp.northwind.example",
  port: 587,
  security: "starttls",
  user_name: "calls",
  has_password: true,
  sender_name: "Northwind",
  sender_email: "calls@northwind.example",
});

export const inbox: Inbox = {
  host: "imap.northwind.example",
  port: 993,
  security: "tls",
  user_name: "calls",
  folder: "INBOX",
  problem: null,
};

export const suppressed: SuppressedAddress[] = [
  {
    address: "olga@example.com",
    scope: "everything",
    reason: "bounced",
    detail: "550 5.1.1 No such user",
    created_at: "2026-11-20T10:00:00Z",
  },
  {
    address: "kenji@example.com",
    scope: "reminders",
    reason: "asked",
    detail: "",
    created_at: "2026-11-19T10:00:00Z",
  },
];
