import { ActionIcon, Button } from "@mantine/core";
import { IconCheck, IconThumbDown, IconThumbUp, IconX } from "@tabler/icons-react";
import type { ShownNudge } from "../../room/nudges";
import classes from "./nudge.module.css";
import { type Answer, pressed } from "./nudge-words";

interface Props {
  nudge: ShownNudge;
  onAnswer: (response: ReturnType<typeof pressed>) => void;
  /** Small, in the list of earlier ones: no words and no dismissing, its time is over anyway. */
  small?: boolean;
}

/** What a rep can say about a nudge. */
export function NudgeActions({ nudge, onAnswer, small = false }: Props) {
  const answer = (one: Answer) => () => onAnswer(pressed(nudge, one));
  const size = small ? "md" : "lg";
  return (
    <div className={classes.actions}>
      {small ? (
        <ActionIcon
          size={size}
          variant={nudge.state === "acted" ? "light" : "subtle"}
          color={nudge.state === "acted" ? "teal" : "gray"}
          onClick={answer("acted")}
          aria-pressed={nudge.state === "acted"}
          aria-label={`Done: ${nudge.title}`}
          title="Done"
        >
          <IconCheck size={16} aria-hidden />
        </ActionIcon>
      ) : (
        <>
          <Button
            size="sm"
            onClick={answer("acted")}
            leftSection={<IconCheck size={16} aria-hidden />}
            aria-keyshortcuts="A"
            data-testid="nudge-done"
          >
            Done
          </Button>
          <Button
            size="sm"
            variant="default"
            onClick={answer("dismissed")}
            leftSection={<IconX size={16} aria-hidden />}
            aria-keyshortcuts="D"
            data-testid="nudge-dismiss"
          >
            Dismiss
          </Button>
        </>
      )}
      <span className={classes.reactions}>
        {REACTIONS.map(({ one, word, Icon, key }) => (
          <ActionIcon
            key={one}
            size={size}
            variant={nudge.reaction === one ? "light" : "subtle"}
            color={nudge.reaction === one ? "teal" : "gray"}
            onClick={answer(one)}
            aria-pressed={nudge.reaction === one}
            aria-label={small ? `${word}: ${nudge.title}` : word}
            title={word}
            {...(small ? {} : { "aria-keyshortcuts": key, "data-testid": `nudge-${one}` })}
          >
            <Icon size={small ? 16 : 18} aria-hidden />
          </ActionIcon>
        ))}
      </span>
    </div>
  );
}

const REACTIONS = [
  { one: "like", word: "Helpful", Icon: IconThumbUp, key: "L" },
  { one: "dislike", word: "Not helpful", Icon: IconThumbDown, key: "K" },
] as const;
