/** What an organization sets, and the mails and messages that come of it. */

export interface CallEmail {
  email_id: string;
  kind: "invite" | "agent_joined" | "summary";
  to_name: string;
  to_email: string;
  invitee_id: string | null;
  user_id: string | null;
  status: "queued" | "sent" | "failed";
  attempts: number;
  problem: string | null;
  subject: string | null;
  created_at: string;
  sent_at: string | null;
}

export interface OrganizationSettings {
  name: string;
  time_zone: string;
  retention_days: number;
}

export type SmtpSecurity = "none" | "starttls" | "tls";

export interface SmtpSettings {
  source: "installation" | "own" | "mailbox";
  host: string;
  port: number;
  security: SmtpSecurity;
  user_name: string | null;
  has_password: boolean;
  sender_name: string;
  sender_email: string;
}

/** `password` null keeps the one there is. */
export type SmtpBody = Omit<SmtpSettings, "source" | "has_password"> & { password: string | null };

export interface TestResult {
  ok: boolean;
  detail: string;
}

export type ProviderChoice = "auto" | "local" | "deepgram" | "gemini" | "openai";

export interface Provider {
  choice: ProviderChoice;
  in_use: string;
  model: string | null;
  keys: number;
  choices: ProviderChoice[];
  detail: string;
}

export interface ProviderSettings {
  speech_to_text: Provider;
  text_to_speech: Provider;
  language_model: Provider;
}

export interface ProviderBody {
  speech_to_text: { choice: ProviderChoice; model: string | null };
  language_model: { choice: ProviderChoice; model: string | null };
}

export interface MailboxMessage {
  message_id: string;
  subject: string;
  sender: string;
  recipients: string[];
  received_at: string;
}

export interface MailboxCalendar {
  method: string;
  summary: string;
  starts_at: string;
  ends_at: string;
  time_zone: string | null;
  location: string | null;
  organizer: string | null;
  attendees: string[];
}

export interface MailboxMessageDetail extends MailboxMessage {
  html: string | null;
  text: string | null;
  calendar: MailboxCalendar | null;
  attachments: { number: number; name: string; type: string; bytes: number }[];
}
