import { Radio, Text } from "@mantine/core";
import { type Asks, type Way, waysOf } from "../../room/consent";
import classes from "./join.module.css";
import { wordsOf } from "./ways";

interface Props {
  way: Way;
  asks: Asks;
  onChoose: (way: Way) => void;
}

/** The plain ways to take part that this call offers; nothing is asked twice. */
export function ConsentChoice({ way, asks, onChoose }: Props) {
  const ways = waysOf(asks);
  // Beside a transcript, not being heard is the exception and stands small below.
  const isSmall = (one: Way) => one === "unheard" && asks.transcription;
  return (
    <Radio.Group
      label="How do you want to take part?"
      size="md"
      value={way}
      onChange={(value) => onChoose(value as Way)}
    >
      <div className={classes.cards}>
        {ways
          .filter((one) => !isSmall(one))
          .map((one) => (
            <Radio.Card key={one} value={one} className={classes.card} data-testid={`join-consent-${one}`}>
              <Radio.Indicator />
              <span className={classes.cardWords}>
                <Text component="span" fw={500} size="md">
                  {wordsOf(one, asks).title}
                </Text>
                <Text component="span" size="sm" c="dimmed">
                  {wordsOf(one, asks).words}
                </Text>
              </span>
            </Radio.Card>
          ))}
      </div>
      {ways.filter(isSmall).map((one) => (
        <Radio.Card key={one} value={one} className={classes.small} data-testid={`join-consent-${one}`}>
          <Radio.Indicator size="xs" />
          <span className={classes.cardWords}>
            <Text component="span" size="sm">
              {wordsOf(one, asks).title}
            </Text>
            {way === one && (
              <Text component="span" size="sm" c="dimmed">
                {wordsOf(one, asks).words}
              </Text>
            )}
          </span>
        </Radio.Card>
      ))}
    </Radio.Group>
  );
}
