import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { emailsQuery } from "../../api/queries";
import type { CallEmail } from "../../api/settings";
import type { Call, Invitee } from "../../api/types";
import { MailLink, Section } from "../../ui/Page";
import { When } from "../../ui/When";
import { formatIn, myZone, sameClock } from "../../ui/zones";
import { CopyLink } from "../calls/CopyLink";
import { isOpen } from "../calls/call-words";
import classes from "./call.module.css";
import { RemoveGuest } from "./RemoveGuest";

/** The guests, each with their link, their own time and how their mail went. */
export function Invitations({ call }: { call: Call }) {
  const emails = useQuery(emailsQuery(call.call_id));
  const mails = emails.data?.items ?? [];
  const ours = mails.filter((mail) => mail.user_id !== null);
  return (
    <Section title="Guests">
      {!call.switches.mail && (
        <Text size="sm" c="dimmed">
          Mail is switched off for this call. Copy each guest's link and pass it on yourself.
        </Text>
      )}
      {call.invitees.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody was invited. Colleagues can join from this page.
        </Text>
      ) : (
        <ul className={classes.guests} data-testid="guests">
          {call.invitees.map((invitee) => (
            <Guest
              key={invitee.invitee_id}
              call={call}
              invitee={invitee}
              mails={mails.filter((mail) => mail.invitee_id === invitee.invitee_id)}
            />
          ))}
        </ul>
      )}
      {ours.map((mail) => (
        <Text key={mail.email_id} size="sm" c="dimmed">
          {mail.to_name}: <MailState mail={mail} />
        </Text>
      ))}
      {emails.error && (
        <Text size="sm" c="dimmed">
          How the mails went cannot be shown now. The links work.
        </Text>
      )}
    </Section>
  );
}

function Guest({ call, invitee, mails }: { call: Call; invitee: Invitee; mails: readonly CallEmail[] }) {
  const zone = invitee.time_zone ?? call.time_zone;
  const isElsewhere = !sameClock(new Date(call.starts_at), zone, myZone());
  return (
    <li className={classes.guest}>
      <div className={classes.guestWords}>
        <Text size="sm" fw={600}>
          {invitee.name || invitee.email}
        </Text>
        {invitee.email && (
          <Text size="sm">
            <MailLink address={invitee.email} />
          </Text>
        )}
        {isOpen(call) && isElsewhere && (
          <Text size="sm" c="dimmed">
            Reads {formatIn(call.starts_at, zone)}, {zone.replaceAll("_", " ")}
          </Text>
        )}
        {isOpen(call) && call.switches.mail && mails.length === 0 && (
          <Text size="sm" c="dimmed">
            {invitee.email ? "No mail yet" : "No address, so no mail. Pass the link on yourself."}
          </Text>
        )}
        {mails.map((mail) => (
          <Text key={mail.email_id} size="sm" c="dimmed">
            <MailState mail={mail} />
          </Text>
        ))}
      </div>
      {isOpen(call) && (
        <div className={classes.guestActions}>
          <CopyLink invitees={[invitee]} />
          <RemoveGuest call={call} guest={invitee} />
        </div>
      )}
    </li>
  );
}

const KIND: Record<CallEmail["kind"], string> = {
  invite: "Invitation",
  agent_joined: "“The agent has joined”",
  summary: "Summary",
};

function MailState({ mail }: { mail: CallEmail }) {
  const kind = KIND[mail.kind];
  if (mail.status === "sent" && mail.sent_at) {
    return (
      <>
        {kind} sent · <When iso={mail.sent_at} />
      </>
    );
  }
  if (mail.status === "failed") {
    return (
      <span className={classes.failed}>
        {kind} not delivered after {mail.attempts} {mail.attempts === 1 ? "try" : "tries"}
        {mail.problem && `: ${mail.problem}`}
      </span>
    );
  }
  return (
    <>
      {kind} on its way{mail.problem && `, tried ${mail.attempts} times: ${mail.problem}`}
    </>
  );
}
