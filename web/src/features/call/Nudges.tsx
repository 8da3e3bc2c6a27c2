import { Badge, Text } from "@mantine/core";
import { IconThumbDown, IconThumbUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { nudgesQuery } from "../../api/queries";
import type { Call, KeptNudge } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { Section } from "../../ui/Page";
import { formatClock } from "../../ui/time";
import { NUDGE_KINDS } from "../room/nudge-kinds";
import { ShowPlace } from "./Claim";
import classes from "./call.module.css";

const STATE: Record<KeptNudge["state"], string> = {
  acted: "Done",
  dismissed: "Dismissed",
  expired: "Shown, not used",
};

/** What the rep was told during the call, and what became of it. */
export function Nudges({ call }: { call: Call }) {
  const nudges = useQuery(nudgesQuery(call.call_id));
  const items = nudges.data?.items ?? [];
  const acted = items.filter((nudge) => nudge.state === "acted").length;
  return (
    <Section
      title="Nudges"
      aside={
        items.length > 0 && (
          <Text size="sm" c="dimmed" className="tabular">
            {acted} of {items.length} done
          </Text>
        )
      }
    >
      <Asked query={nudges} loading="Loading the nudges" shape={{ rows: 2, height: 60 }}>
        {() =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {call.switches.coaching
                ? "Nothing in this call called for a nudge."
                : "Coaching was switched off for this call."}
            </Text>
          ) : (
            <ol className={classes.claims} data-testid="nudges">
              {items.map((nudge) => (
                <Kept key={nudge.nudge_id} nudge={nudge} />
              ))}
            </ol>
          )
        }
      </Asked>
    </Section>
  );
}

function Kept({ nudge }: { nudge: KeptNudge }) {
  const { word, Icon } = NUDGE_KINDS[nudge.kind] ?? NUDGE_KINDS.talking_point;
  return (
    <li className={classes.claim} data-state={nudge.state}>
      <div className={classes.nudgeHead} style={{ color: `var(--parley-nudge-${nudge.kind})` }}>
        <Icon size={16} aria-hidden />
        <Text span size="sm" fw={600}>
          {word}
        </Text>
        <Text span size="xs" c="dimmed" className="tabular">
          {formatClock(nudge.shown_at_ms)}
        </Text>
        <Badge variant="default" tt="none" fw={500}>
          {STATE[nudge.state]}
        </Badge>
        {nudge.reaction === "like" && <IconThumbUp size={16} aria-label="Liked" />}
        {nudge.reaction === "dislike" && <IconThumbDown size={16} aria-label="Not liked" />}
      </div>
      <Text size="sm">
        <Text span fw={600} inherit>
          {nudge.title}.
        </Text>{" "}
        {nudge.message}
      </Text>
      {nudge.quote && nudge.segment_id && (
        <ShowPlace segmentId={nudge.segment_id}>
          <q>{nudge.quote}</q>
        </ShowPlace>
      )}
    </li>
  );
}
