import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { emailsQuery } from "../../api/queries";
import type { Call } from "../../api/types";
import { Section } from "../../ui/Page";
import { Notice } from "../../ui/ProblemNotice";
import { MOST_GUESTS } from "../booking/booking";
import { isOpen } from "../calls/call-words";
import { AddGuest } from "./AddGuest";
import type { Done } from "./ChangeCall";
import classes from "./call.module.css";
import { Guest } from "./Guest";
import { MailState } from "./MailState";
import { newest } from "./notice-words";

/** The guests, each with their link, their own time and how their mail went. */
export function Invitations({ call }: { call: Call }) {
  const emails = useQuery(emailsQuery(call.call_id));
  const [done, setDone] = useState<Done | null>(null);
  const mails = emails.data?.items ?? [];
  const ours = newest(mails.filter((mail) => mail.user_id !== null));
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
              // One to the owner may be about a guest.
              mails={mails.filter((mail) => mail.invitee_id === invitee.invitee_id && mail.user_id === null)}
              onRemoved={setDone}
            />
          ))}
        </ul>
      )}
      {isOpen(call) && call.invitees.length < MOST_GUESTS && <AddGuest call={call} onDone={setDone} />}
      {isOpen(call) && done && (
        <Notice title={done.title} good>
          {done.words}
        </Notice>
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
