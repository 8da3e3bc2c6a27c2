import { CloseButton, Kbd, Text } from "@mantine/core";
import type { ShownNudge } from "../../room/reducer";
import classes from "./nudge.module.css";
import { NUDGE_KINDS } from "./nudge-kinds";

interface Props {
  nudge: ShownNudge;
  onDismiss: () => void;
  /** Time stands still while somebody points at the card or is in it. */
  onHold: (held: boolean) => void;
}

export function NudgeCard({ nudge, onDismiss, onHold }: Props) {
  const { word, Icon } = NUDGE_KINDS[nudge.kind] ?? NUDGE_KINDS.talking_point;
  const colour = `var(--parley-nudge-${nudge.kind})`;
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
        <span className={classes.key} aria-hidden>
          <Kbd size="xs">D</Kbd>
        </span>
        <CloseButton onClick={onDismiss} aria-label="Dismiss this nudge" title="Dismiss (D)" />
      </header>
      <Text fw={600} size="md" lh={1.3} data-testid="nudge-title">
        {nudge.title}
      </Text>
      <Text size="md" lh={1.4}>
        {nudge.message}
      </Text>
      {nudge.quote && (
        <Text size="sm" c="dimmed">
          Because of: “{nudge.quote}”
        </Text>
      )}
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
