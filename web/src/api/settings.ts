/** What an organization sets, and the mails and messages that come of it. */

import type * as made from "./generated";

export type { OrganizationSettings } from "./generated";

/** Links that sign in go by mail, too, but belong to no call. */
export type CallEmail = made.EmailView & { kind: Exclude<made.EmailKind, "sign_in" | "invitation"> };
export type MailSecurity = made.MailSecurity;
export type MailServer = made.MailServerView;
/** `password` null keeps the one there is. */
export type MailServerBody = Required<made.NewMailServer>;
/** `ok` null: not made yet. */
export type MailServerTest = made.MailServerTest;
export type Inbox = made.InboxView;
export type InboxBody = Required<made.ChangedInbox>;
export type SuppressedAddress = made.SuppressedAddress;
export type ProviderChoice = made.Provider;
export type Provider = made.ProviderView;
export type ProviderSettings = made.ProvidersView;
export type ProviderBody = made.NewChoices;
/** `ok` and, in words, what happened. */
export type ProviderTestResult = made.Trial;
export type MailboxMessage = made.CaughtMessage;
export type MailboxMessageDetail = made.MessageView;
export type MailboxCalendar = made.CalendarView;
