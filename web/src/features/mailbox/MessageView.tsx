import { Anchor, Tabs, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import type { MailboxMessageDetail } from "../../api/settings";
import { Asked } from "../../ui/Asked";
import { When } from "../../ui/When";
import { CalendarCard } from "./CalendarCard";
import { MailFrame } from "./MailFrame";
import classes from "./mailbox.module.css";
import { messageQuery } from "./mailbox-queries";

export function MessageView({ messageId }: { messageId: string }) {
  const message = useQuery(messageQuery(messageId));
  return (
    <>
      <Anchor
        size="sm"
        underline="always"
        className={classes.back ?? ""}
        renderRoot={(props) => <Link {...props} to="/mailbox" search={true} />}
      >
        <IconArrowLeft size={14} aria-hidden />
        All mails
      </Anchor>
      <Asked query={message} loading="Loading the mail" shape={{ rows: 4, height: 96 }}>
        {(mail) => <Message mail={mail} />}
      </Asked>
    </>
  );
}

function Message({ mail }: { mail: MailboxMessageDetail }) {
  const hasBoth = mail.has_html && mail.text !== "";
  return (
    <article className={classes.open} data-testid="mail">
      <header className={classes.facts}>
        <Title order={2} size="h3" className={classes.title}>
          {mail.subject || "No subject"}
        </Title>
        <dl className={classes.people}>
          <dt>From</dt>
          <dd>{mail.sender}</dd>
          <dt>To</dt>
          <dd>{mail.recipients.join(", ")}</dd>
          <dt>Sent</dt>
          <dd>
            <When iso={mail.received_at} />
          </dd>
        </dl>
      </header>
      {mail.calendar && <CalendarCard calendar={mail.calendar} />}
      {mail.attachments.length > 0 && <Attachments mail={mail} />}
      {hasBoth ? (
        <Tabs defaultValue="mail" keepMounted={false}>
          <Tabs.List aria-label="How to show the mail">
            <Tabs.Tab value="mail">Mail</Tabs.Tab>
            <Tabs.Tab value="text">Text</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="mail" pt="sm">
            <MailFrame messageId={mail.message_id} title={mail.subject} />
          </Tabs.Panel>
          <Tabs.Panel value="text" pt="sm">
            <PlainText text={mail.text} />
          </Tabs.Panel>
        </Tabs>
      ) : (
        <Only mail={mail} />
      )}
    </article>
  );
}

function Only({ mail }: { mail: MailboxMessageDetail }) {
  if (mail.has_html) return <MailFrame messageId={mail.message_id} title={mail.subject} />;
  if (mail.text !== "") return <PlainText text={mail.text} />;
  return <Text c="dimmed">This mail has no words.</Text>;
}

/** A long line must be reachable by keyboard. */
const SCROLLED_BY_KEYS = { tabIndex: 0 };

function PlainText({ text }: { text: string }) {
  return (
    <pre className={classes.text} data-testid="mail-text" {...SCROLLED_BY_KEYS}>
      {text}
    </pre>
  );
}

function Attachments({ mail }: { mail: MailboxMessageDetail }) {
  return (
    <ul className={classes.attachments} aria-label="Attachments">
      {mail.attachments.map(({ number, name, bytes }) => (
        <li key={number}>
          <Anchor
            className={classes.iconLink ?? ""}
            href={api.attachmentUrl(mail.message_id, number)}
            download={name}
            size="sm"
            underline="always"
          >
            <IconPaperclip size={14} aria-hidden />
            {name}
          </Anchor>{" "}
          <Text span size="xs" c="dimmed">
            {formatBytes(bytes)}
          </Text>
        </li>
      ))}
    </ul>
  );
}

function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${Math.ceil(bytes / 1000)} kB`;
}
