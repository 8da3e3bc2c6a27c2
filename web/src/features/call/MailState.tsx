import type { CallEmail } from "../../api/settings";
import { When } from "../../ui/When";
import classes from "./call.module.css";
import { NOTICE } from "./notice-words";

/** How one mail went. */
export function MailState({ mail }: { mail: CallEmail }) {
  const kind = NOTICE[mail.kind];
  const why = mail.problem && `: ${mail.problem}`;
  switch (mail.status) {
    case "sent":
      return (
        <>
          {kind} sent
          {mail.sent_at && (
            <>
              {" · "}
              <When iso={mail.sent_at} />
            </>
          )}
        </>
      );
    case "bounced":
      return (
        <span className={classes.failed}>
          {kind} not delivered{why}
        </span>
      );
    case "failed":
      return (
        <span className={classes.failed}>
          {kind} could not be made{why}
        </span>
      );
    case "expired":
      return (
        <span className={classes.failed}>
          {kind} not sent in time{why}
        </span>
      );
    case "superseded":
      return <>{kind} overtaken by a newer one</>;
    case "waiting":
    case "sending":
      return (
        <>
          {kind} on its way{mail.problem && `, tried ${mail.attempts} times: ${mail.problem}`}
        </>
      );
  }
}
