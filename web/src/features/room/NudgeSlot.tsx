import { Kbd, Text } from "@mantine/core";
import { useEffect } from "react";
import type { NudgeResponse } from "../../api/types";
import type { ShownNudge } from "../../room/nudges";
import type { Action } from "../../room/reducer";
import { NudgeCard } from "./NudgeCard";
import classes from "./nudge.module.css";
import { KEYS, pressed } from "./nudge-words";

interface Props {
  nudge: ShownNudge | null;
  /** Why there are none in this call; null: there may be some. */
  off: string | null;
  /** Whether the agent is wanted in the call: without it no nudges come. */
  wanted: boolean;
  dispatch: (action: Action) => void;
  onAnswer: (nudge_id: string, response: NudgeResponse) => void;
  onShow: (segment_id: string) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/** The one place where a nudge appears; it keeps its room, so nothing below moves. */
export function NudgeSlot({ nudge, off, wanted, dispatch, onAnswer, onShow }: Props) {
  useEffect(() => {
    if (nudge === null) return;
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
      const answer = KEYS[event.key.toLowerCase()];
      if (answer === undefined || !isPlain || isTyping(event.target)) return;
      onAnswer(nudge.nudge_id, pressed(nudge, answer));
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [nudge, onAnswer]);
  const hold = (held: boolean) => {
    if (nudge) dispatch({ type: held ? "hold" : "release", nudge_id: nudge.nudge_id, now: Date.now() });
  };
  if (off !== null) {
    return (
      <section aria-label="Nudges">
        <Text size="sm" c="dimmed" className={classes.quiet}>
          {off}
        </Text>
      </section>
    );
  }
  return (
    <section aria-label="Nudge, only for you" data-floats>
      <div className={classes.slot} aria-live="polite">
        {nudge ? (
          <>
            <NudgeCard
              key={nudge.nudge_id}
              nudge={nudge}
              onHold={hold}
              onAnswer={(response) => onAnswer(nudge.nudge_id, response)}
              onShow={onShow}
            />
            <Text size="xs" c="dimmed" component="div" className={classes.keys} data-testid="nudge-keys">
              {HELP.map(([key, word]) => (
                <span key={key}>
                  <Kbd size="xs">{key}</Kbd> {word}
                </span>
              ))}
            </Text>
          </>
        ) : (
          <Text size="sm" c="dimmed" className={classes.quiet}>
            {wanted
              ? "Nothing needs you now. Nudges appear here, and only you see them."
              : "The agent was asked to leave. No nudges come until it is back."}
          </Text>
        )}
      </div>
    </section>
  );
}

const HELP = [
  ["A", "done"],
  ["D", "dismiss"],
  ["L", "helpful"],
  ["K", "not helpful"],
] as const;
