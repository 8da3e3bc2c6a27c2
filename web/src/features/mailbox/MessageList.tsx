import { Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MailboxMessage } from "../../api/settings";
import { Asked } from "../../ui/Asked";
import { More } from "../../ui/More";
import { Empty } from "../../ui/Page";
import { SearchField } from "../../ui/SearchField";
import { When } from "../../ui/When";
import classes from "./mailbox.module.css";
import { mailboxQuery } from "./mailbox-queries";

interface Props {
  search: string;
  onSearch: (words: string) => void;
  openId: string | null;
}

export function MessageList({ search, onSearch, openId }: Props) {
  const mails = useInfiniteQuery(mailboxQuery(search));
  return (
    <>
      <SearchField
        label="Search the mails"
        placeholder="Subject or address"
        value={search}
        onSearch={onSearch}
      />
      <Asked query={mails} loading="Loading mails" shape={{ rows: 5, height: 64 }}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Nothing search={search} />;
          return (
            <ul className={classes.mails}>
              {items.map((mail) => (
                <Mail key={mail.message_id} mail={mail} isOpen={mail.message_id === openId} />
              ))}
            </ul>
          );
        }}
      </Asked>
      <More query={mails} />
    </>
  );
}

function Nothing({ search }: { search: string }) {
  if (search !== "") {
    return <Empty title="No mail has these words">Try fewer words, or only a part of an address.</Empty>;
  }
  return (
    <Empty title="No mail yet">
      Invitations, the word that the agent has joined, and summaries after a call appear here as soon as they
      are sent. Book a call with an invitee who has an address to see the first.
    </Empty>
  );
}

function Mail({ mail, isOpen }: { mail: MailboxMessage; isOpen: boolean }) {
  return (
    <li>
      <Link
        to="/mailbox/$messageId"
        params={{ messageId: mail.message_id }}
        search={true}
        className={classes.mail}
        aria-current={isOpen ? "true" : undefined}
        data-testid="mail-row"
      >
        <span className={classes.subject}>{mail.subject || "No subject"}</span>
        <Text span size="sm" c="dimmed" className={classes.to}>
          To {mail.recipients.join(", ")}
        </Text>
        <Text span size="xs" c="dimmed">
          <When iso={mail.received_at} />
        </Text>
      </Link>
    </li>
  );
}
