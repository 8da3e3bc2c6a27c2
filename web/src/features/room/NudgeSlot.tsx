import { Text } from "@mantine/core";
import { useEffect } from "react";
import type { Action, ShownNudge } from "../../room/reducer";
import { NudgeCard } from "./NudgeCard";
import classes from "./nudge.module.css";

interface Props {
  nudge: ShownNudge | null;
  dispatch: (action: Action) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/** The one place where a nudge appears; it keeps its room, so nothing below moves. */
export function NudgeSlot({ nudge, dispatch }: Props) {
  const nudge_id = nudge?.nudge_id;
  useEffect(() => {
    if (nudge_id === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
      if (isPlain && event.key.toLowerCase() === "d") dispatch({ type: "dismiss", nudge_id });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [nudge_id, dispatch]);
  const hold = (held: boolean) => {
    if (nudge_id) dispatch({ type: held ? "hold" : "release", nudge_id, now: Date.now() });
  };
  return (
    <section className={classes.slot} aria-label="Nudge, only for you" aria-live="polite">
      {nudge ? (
        <NudgeCard
          key={nudge.nudge_id}
          nudge={nudge}
          onHold={hold}
          onDismiss={() => dispatch({ type: "dismiss", nudge_id: nudge.nudge_id })}
        />
      ) : (
        <Text size="sm" c="dimmed" className={classes.quiet}>
          Nothing needs you now. Nudges appear here, and only you see them.
        </Text>
      )}
    </section>
  );
}
