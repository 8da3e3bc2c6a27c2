import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Call } from "../../api/types";
import { Section } from "../../ui/Page";
import { formatMinutes } from "../../ui/time";
import { When } from "../../ui/When";
import { formatIn, myZone, sameClock } from "../../ui/zones";
import { SWITCHES } from "../booking/switches";
import { isOpen, kindWord } from "../calls/call-words";
import classes from "./call.module.css";
import { Fact } from "./Score";

/** What is known of a call before it began, and what stays true after it. */
export function Facts({ call }: { call: Call }) {
  const off = SWITCHES.filter(({ name }) => !call.switches[name]);
  const bookedElsewhere = !sameClock(new Date(call.starts_at), call.time_zone, myZone());
  return (
    <Section title="The call">
      <dl className={classes.facts}>
        <Fact name="When">
          <When iso={call.starts_at} />
          {bookedElsewhere && (
            <Text size="xs" c="dimmed">
              Booked as {formatIn(call.starts_at, call.time_zone)}
            </Text>
          )}
        </Fact>
        <Fact name="How long">{lasted(call) ?? formatMinutes(call.duration_minutes)}</Fact>
        <Fact name="Kind">{kindWord(call.kind)}</Fact>
        <Fact name="Owner">{call.owner.name}</Fact>
        {call.lead && (
          <Fact name="Lead">
            <Anchor
              inherit
              underline="always"
              renderRoot={(props) => (
                <Link {...props} to="/leads/$leadId" params={{ leadId: call.lead?.lead_id ?? "" }} />
              )}
            >
              {call.lead.name}, {call.lead.company}
            </Anchor>
          </Fact>
        )}
        {isOpen(call) && <Fact name="Room for">{call.most_participants} people</Fact>}
        <Fact name="Switched off">
          {off.length === 0 ? "Nothing" : off.map(({ word }) => word).join(", ")}
        </Fact>
      </dl>
    </Section>
  );
}

function lasted(call: Call): string | null {
  if (call.started_at === null || call.ended_at === null) return null;
  const minutes = Math.round((Date.parse(call.ended_at) - Date.parse(call.started_at)) / 60_000);
  return minutes < 1
    ? "Under a minute"
    : `${formatMinutes(minutes)} of ${formatMinutes(call.duration_minutes)}`;
}
