import { Radio, Text } from "@mantine/core";
import type { Way } from "../../room/consent";
import classes from "./join.module.css";

const CARDS: { way: Way; testid: string; title: string; words: string }[] = [
  {
    way: "record",
    testid: "join-consent-record",
    title: "Transcribe and record me",
    words: "Your words are written down and your voice may be kept.",
  },
  {
    way: "transcribe",
    testid: "join-consent-transcribe",
    title: "Transcribe, don't record",
    words: "Your words are written down. Your voice is not kept.",
  },
  {
    way: "text",
    testid: "join-consent-text",
    title: "By text only",
    words: "You listen and write. Your microphone stays off.",
  },
];

interface Props {
  way: Way;
  onChoose: (way: Way) => void;
}

/** The plain ways to take part; nothing is asked twice. */
export function ConsentChoice({ way, onChoose }: Props) {
  return (
    <Radio.Group
      label="How do you want to take part?"
      size="md"
      value={way}
      onChange={(value) => onChoose(value as Way)}
    >
      <div className={classes.cards}>
        {CARDS.map((card) => (
          <Radio.Card key={card.way} value={card.way} className={classes.card} data-testid={card.testid}>
            <Radio.Indicator />
            <span className={classes.cardWords}>
              <Text component="span" fw={500} size="md">
                {card.title}
              </Text>
              <Text component="span" size="sm" c="dimmed">
                {card.words}
              </Text>
            </span>
          </Radio.Card>
        ))}
      </div>
      <Radio.Card value="unheard" className={classes.small} data-testid="join-consent-unheard">
        <Radio.Indicator size="xs" />
        <span className={classes.cardWords}>
          <Text component="span" size="sm">
            Talk without the AI hearing me
          </Text>
          {way === "unheard" && (
            <Text component="span" size="sm" c="dimmed">
              You talk with the people in the room. The AI hears nothing from you, and nothing is written down
              or kept.
            </Text>
          )}
        </span>
      </Radio.Card>
    </Radio.Group>
  );
}
