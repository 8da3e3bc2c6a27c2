import { useParams } from "@tanstack/react-router";
import { useCallback } from "react";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/useAddress";
import { MessageList } from "./MessageList";
import { MessageView } from "./MessageView";
import classes from "./mailbox.module.css";

/** The mails that this installation sent, beside each other: the list, and the one that is open. */
export function MailboxPage() {
  const { messageId } = useParams({ strict: false });
  const [{ search }, change] = useAddress(["search"]);
  const onSearch = useCallback((words: string) => change({ search: words }), [change]);
  return (
    <Page title="Mailbox" below="On a local installation mails land here instead of going out." wide>
      <div className={classes.panes} data-open={messageId !== undefined || undefined}>
        <div className={classes.list}>
          <MessageList search={search ?? ""} onSearch={onSearch} openId={messageId ?? null} />
        </div>
        <div className={classes.message}>
          {messageId === undefined ? (
            <p className={classes.choose}>Choose a mail to read it.</p>
          ) : (
            <MessageView key={messageId} messageId={messageId} />
          )}
        </div>
      </div>
    </Page>
  );
}
