import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Call } from "../../api/types";
import { formatTime } from "../../ui/days";
import { formatMinutes, formatZone } from "../../ui/time";
import { When } from "../../ui/When";
import { CallStatusBadge } from "./CallStatusBadge";
import { CopyLink } from "./CopyLink";
import { isOpen, kindWord, people } from "./call-words";
import classes from "./calls.module.css";

interface Props {
  call: Call;
  /** The day stands above the list already, so the time is enough. */
  underDay?: boolean;
}

export function CallRow({ call, underDay = false }: Props) {
  return (
    <li className={classes.row} data-testid="call-row" data-status={call.status}>
      <div className={classes.when} data-under-day={underDay || undefined}>
        {underDay ? (
          <time dateTime={call.starts_at} title={formatZone(call.starts_at)}>
            {formatTime(call.starts_at)}
          </time>
        ) : (
          <When iso={call.starts_at} />
        )}
        <Text size="xs" c="dimmed">
          {formatMinutes(call.duration_minutes)}
        </Text>
      </div>
      <div className={classes.what}>
        <div className={classes.titleLine}>
          <Anchor
            fw={600}
            size="sm"
            c="inherit"
            renderRoot={(props) => <Link {...props} to="/calls/$callId" params={{ callId: call.call_id }} />}
          >
            {call.title}
          </Anchor>
          <CallStatusBadge status={call.status} />
        </div>
        <Text size="sm" c="dimmed">
          {kindWord(call.kind)}
          {call.lead && ` · ${call.lead.name}, ${call.lead.company}`}
        </Text>
        <Text size="sm" c="dimmed">
          {people(call)}
        </Text>
      </div>
      {isOpen(call) && (
        <div className={classes.actions}>
          <CopyLink invitees={call.invitees} />
          <ToRoom call={call} />
        </div>
      )}
    </li>
  );
}

/** The way into the room; a live call's is the one to press. */
export function ToRoom({ call, size = "xs" }: { call: Call; size?: "xs" | "sm" }) {
  const isLive = call.status === "live";
  return (
    <Button
      size={size}
      variant={isLive ? "filled" : "light"}
      renderRoot={(props) => <Link {...props} to="/calls/$callId/room" params={{ callId: call.call_id }} />}
    >
      {isLive ? "Join" : "Open the room"}
    </Button>
  );
}
