import type { OrganizationSettings, Provider, ProviderSettings, SmtpSettings } from "../src/api/settings";

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

export const smtp = (more: Partial<SmtpSettings> = {}): SmtpSettings => ({
  source: "mailbox",
  host: "127.0.0.1",
  port: 8925,
  security: "none",
  user_name: null,
  has_password: false,
  sender_name: "Parley",
  sender_email: "calls@parley.example",
  ...more,
});

export const own = smtp({
  source: "own",
  host: "smtp.northwind.example",
  port: 587,
  security: "starttls",
  user_name: "calls",
  has_password: true,
  sender_name: "Northwind",
  sender_email: "calls@northwind.example",
});
