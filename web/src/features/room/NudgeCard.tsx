import { Text, UnstyledButton } from "@mantine/core";
import type { ShownNudge } from "../../room/nudges";
import { NudgeActions } from "./NudgeActions";
import classes from "./nudge.module.css";
import { NUDGE_KINDS } from "./nudge-kinds";
import type { pressed } from "./nudge-words";

interface Props {
  nudge: ShownNudge;
  onAnswer: (response: ReturnType<typeof pressed>) => void;
  /** Time stands still while somebody points at the card or is in it. */
  onHold: (held: boolean) => void;
  /** Shows the words that it rests on in the transcript. */
  onShow: (segment_id: string) => void;
}

export function NudgeCard({ nudge, onAnswer, onHold, onShow }: Props) {
  const { word, Icon } = NUDGE_KINDS[nudge.kind] ?? NUDGE_KINDS.talking_point;
  const colour = `var(--parley-nudge-${nudge.kind})`;
  const { segment_id } = nudge;
  return (
    <article
      className={classes.card}
      style={{ "--kind": colour } as React.CSSProperties}
      onMouseEnter={() => onHold(true)}
      onMouseLeave={() => onHold(false)}
      onFocus={() => onHold(true)}
      onBlur={() => onHold(false)}
      data-testid="nudge-card"
      data-kind={nudge.kind}
      data-nudge={nudge.nudge_id}
    >
      <header className={classes.head}>
        <Icon size={18} aria-hidden />
        <span className={classes.kind}>{word}</span>
      </header>
      <Text fw={600} size="md" lh={1.3} data-testid="nudge-title">
        {nudge.title}
      </Text>
      <Text size="md" lh={1.4}>
        {nudge.message}
      </Text>
      {nudge.quote &&
        (segment_id ? (
          <UnstyledButton className={classes.quote} onClick={() => onShow(segment_id)} title="Show where">
            Because of: “{nudge.quote}”
          </UnstyledButton>
        ) : (
          <Text size="sm" c="dimmed" lineClamp={2}>
            Because of: “{nudge.quote}”
          </Text>
        ))}
      <NudgeActions nudge={nudge} onAnswer={onAnswer} />
      <div className={classes.time} aria-hidden>
        <div
          className={classes.left}
          data-held={nudge.held_ms !== null || undefined}
          style={{ animationDuration: `${nudge.expires_after_ms}ms` }}
        />
      </div>
    </article>
  );
}
