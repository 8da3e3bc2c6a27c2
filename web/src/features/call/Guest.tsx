import { Button, Text } from "@mantine/core";
import { useId, useState } from "react";
import type { CallEmail } from "../../api/settings";
import type { Call, Invitee } from "../../api/types";
import { MailLink } from "../../ui/Page";
import { formatIn, myZone, sameClock } from "../../ui/zones";
import { CopyLink } from "../calls/CopyLink";
import { isOpen } from "../calls/call-words";
import type { Done } from "./ChangeCall";
import classes from "./call.module.css";
import { MailState } from "./MailState";
import { ANSWERS, newest } from "./notice-words";
import { RemoveGuest } from "./RemoveGuest";
import { SendAgain } from "./SendAgain";
import { Timeline } from "./Timeline";

interface Props {
  call: Call;
  invitee: Invitee;
  mails: readonly CallEmail[];
  onRemoved: (done: Done) => void;
}

/** One guest: their time, their link, how their mail went, and what happened with them. */
export function Guest({ call, invitee, mails, onRemoved }: Props) {
  const [told, setTold] = useState(false);
  const timeline = useId();
  const zone = invitee.time_zone ?? call.time_zone;
  const isElsewhere = !sameClock(new Date(call.starts_at), zone, myZone());
  const name = invitee.name || invitee.email || "this guest";
  return (
    <li className={classes.guest}>
      <div className={classes.guestWords}>
        <Text size="sm" fw={600}>
          {name}
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
        {newest(mails).map((mail) => (
          <Text key={mail.email_id} size="sm" c="dimmed">
            <MailState mail={mail} />
          </Text>
        ))}
        {invitee.calendar_answer && (
          <Text size="sm" c="dimmed">
            {ANSWERS[invitee.calendar_answer]}
          </Text>
        )}
        {invitee.prefers_text && (
          <Text size="sm" c="dimmed">
            Prefers to write
          </Text>
        )}
      </div>
      <div className={classes.guestActions}>
        <Button
          size="xs"
          variant="subtle"
          aria-expanded={told}
          aria-controls={timeline}
          aria-label={`What happened with ${name}`}
          onClick={() => setTold(!told)}
        >
          What happened
        </Button>
        {isOpen(call) && (
          <>
            <CopyLink invitees={[invitee]} />
            {call.switches.mail && invitee.email && (
              <SendAgain key={call.revision} call={call} guest={invitee} />
            )}
            <RemoveGuest call={call} guest={invitee} onDone={onRemoved} />
          </>
        )}
      </div>
      {told && <Timeline callId={call.call_id} inviteeId={invitee.invitee_id} id={timeline} />}
    </li>
  );
}
