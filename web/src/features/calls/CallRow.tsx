import { Anchor, Badge, Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Call, CallStatus } from "../../api/types";
import { formatMinutes } from "../../ui/time";
import { When } from "../../ui/When";
import { CopyLink } from "./CopyLink";
import classes from "./calls.module.css";

const STATUS: Record<CallStatus, { word: string; colour: string }> = {
  scheduled: { word: "Scheduled", colour: "gray" },
  live: { word: "Live", colour: "teal" },
  ended: { word: "Ended", colour: "gray" },
  cancelled: { word: "Cancelled", colour: "gray" },
};

function people(call: Call): string {
  const names = [call.owner.name, ...call.invitees.map((invitee) => invitee.name)].join(", ");
  return call.status === "live" ? `${names} · ${call.participants_present} in the room` : names;
}

export function CallRow({ call }: { call: Call }) {
  const isOpen = call.status === "scheduled" || call.status === "live";
  const status = STATUS[call.status];
  return (
    <li className={classes.row} data-testid="call-row">
      <div className={classes.what}>
        <div className={classes.titleLine}>
          {isOpen ? (
            <Anchor
              fw={600}
              size="sm"
              c="inherit"
              renderRoot={(props) => (
                <Link {...props} to="/calls/$callId/room" params={{ callId: call.call_id }} />
              )}
            >
              {call.title}
            </Anchor>
          ) : (
            <Text fw={600} size="sm">
              {call.title}
            </Text>
          )}
          <Badge
            variant={call.status === "live" ? "filled" : "default"}
            color={status.colour}
            tt="none"
            fw={500}
          >
            {status.word}
          </Badge>
        </div>
        <Text size="sm" c="dimmed">
          <When iso={call.starts_at} />, {formatMinutes(call.duration_minutes)}
          {call.lead && ` · ${call.lead.name}, ${call.lead.company}`}
        </Text>
        <Text size="sm" c="dimmed">
          {people(call)}
        </Text>
      </div>
      {isOpen && (
        <div className={classes.actions}>
          <CopyLink invitees={call.invitees} />
          <Button
            size="xs"
            variant="light"
            renderRoot={(props) => (
              <Link {...props} to="/calls/$callId/room" params={{ callId: call.call_id }} />
            )}
          >
            Open the room
          </Button>
        </div>
      )}
    </li>
  );
}
