import type { MailboxMessage, MailboxMessageDetail } from "../src/api/settings";

/** Made-up mails for the page tests. */

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const messages: MailboxMessage[] = [
  {
    message_id: "mail-3",
    subject: "Summary: Discovery call with Brightside Foods, score 72",
    sender: "Parley <calls@parley.example>",
    recipients: ["Mara Chen <mara@example.com>", "Ben Okafor <ben@example.com>"],
    received_at: ago(3),
  },
  {
    message_id: "mail-2",
    subject: "The agent has joined your call with Brightside Foods",
    sender: "Parley <calls@parley.example>",
    recipients: ["Ben Okafor <ben@example.com>"],
    received_at: ago(65),
  },
  {
    message_id: "mail-1",
    subject: "Invitation: Discovery call with Brightside Foods",
    sender: "Ben Okafor <calls@parley.example>",
    recipients: ["Ana Lindqvist <ana@example.com>"],
    received_at: ago(2000),
  },
];

/** As the server frames it; `allow-scripts` is not given to the frame, and the policy lets nothing load. */
export const html = {
  contentType: "text/html",
  headers: { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:" },
  body: `<!doctype html><base target="_blank"><body style="margin:0">

<table role="presentation" width="100%"><tr><td style="padding:16px">
<h1 style="font-size:22px;margin:0 0 12px">Ben Okafor invites you to a call</h1>
<p>Wed 25 Nov, 10:00 (GMT+1), 60 min. An AI assistant takes part. You are recorded only if you agree.</p>
<p><a href="http://127.0.0.1:8917/join#made-up" style="display:inline-block;padding:12px 24px;border-radius:8px;
background:#0F766E;color:#fff;text-decoration:none">Join the call</a></p>
<script>document.body.textContent = "a script ran"</script>
<img src="https://tracker.example/pixel.png" alt="">
</td></tr></table></body>`,
};

const invitation = messages[2] as MailboxMessage;

export const detail = (more: Partial<MailboxMessageDetail> = {}): MailboxMessageDetail => ({
  ...invitation,
  has_html: true,
  text: "Ben Okafor invites you to a call\n\nWed 25 Nov, 10:00 (GMT+1), 60 min.\n\nJoin: http://127.0.0.1:8917/join#made-up\n",
  calendar: {
    method: "REQUEST",
    summary: "Discovery call with Brightside Foods",
    starts_at: "2026-11-25T09:00:00Z",
    ends_at: "2026-11-25T10:00:00Z",
    time_zone: "Asia/Tokyo",
    location: "http://127.0.0.1:8917/join#made-up",
    organizer: "Ben Okafor <ben@example.com>",
    attendees: ["Ana Lindqvist <ana@example.com>"],
  },
  attachments: [{ number: 1, name: "invite.ics", type: "text/calendar", bytes: 1834 }],
  ...more,
});
