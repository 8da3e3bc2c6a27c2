import { Button, Text, Title } from "@mantine/core";
import type { NudgeResponse } from "../../api/types";
import type { Nudges, ShownNudge } from "../../room/nudges";
import { formatClock } from "../../ui/time";
import { NudgeActions } from "./NudgeActions";
import classes from "./nudge.module.css";
import { NUDGE_KINDS } from "./nudge-kinds";
import { STATE_WORDS } from "./nudge-words";

interface Props {
  nudges: Nudges;
  /** The one on the card; it is not listed. */
  current: ShownNudge | null;
  onAnswer: (nudge_id: string, response: NudgeResponse) => void;
  onAgain: () => void;
}

/** The nudges of this call so far, newest first; they can still be answered. */
export function EarlierNudges({ nudges, current, onAnswer, onAgain }: Props) {
  const earlier = nudges.filter((nudge) => nudge !== current).toReversed();
  const unsaved = nudges.filter((nudge) => nudge.unsaved).length;
  if (nudges.length === 0) return null;
  return (
    <section className={classes.earlier} aria-labelledby="earlier-title">
      <Title order={2} size="h5" id="earlier-title">
        Earlier nudges
      </Title>
      {unsaved > 0 && (
        <div className={classes.unsaved} role="alert">
          <Text size="sm">
            {unsaved === 1 ? "One answer is" : `${unsaved} answers are`} not saved yet. The server could not
            be reached.
          </Text>
          <Button size="xs" variant="default" onClick={onAgain}>
            Save again
          </Button>
        </div>
      )}
      {earlier.length === 0 && (
        <Text size="sm" c="dimmed">
          They stay here when their time is over.
        </Text>
      )}
      <ul className={classes.list}>
        {earlier.map((nudge) => (
          <Earlier key={nudge.nudge_id} nudge={nudge} onAnswer={onAnswer} />
        ))}
      </ul>
    </section>
  );
}

function Earlier({ nudge, onAnswer }: { nudge: ShownNudge; onAnswer: Props["onAnswer"] }) {
  const { word, Icon } = NUDGE_KINDS[nudge.kind] ?? NUDGE_KINDS.talking_point;
  return (
    <li
      className={classes.entry}
      style={{ "--kind": `var(--parley-nudge-${nudge.kind})` } as React.CSSProperties}
      data-testid="earlier-nudge"
      data-state={nudge.state}
    >
      <Icon size={18} aria-label={word} className={classes.entryIcon} />
      <div className={classes.entryWords}>
        <Text size="sm" fw={500}>
          {nudge.title}
        </Text>
        <Text size="sm" c="dimmed">
          {nudge.message}
        </Text>
        <Text size="xs" c="dimmed" className="tabular">
          {formatClock(nudge.shown_at_ms)}, {STATE_WORDS[nudge.state].toLowerCase()}
          {nudge.unsaved && ", not saved"}
        </Text>
      </div>
      <NudgeActions small nudge={nudge} onAnswer={(response) => onAnswer(nudge.nudge_id, response)} />
    </li>
  );
}
