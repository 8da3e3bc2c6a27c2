import { Badge, Text, UnstyledButton } from "@mantine/core";
import { IconQuote } from "@tabler/icons-react";
import { createContext, type ReactNode, useContext } from "react";
import type { Claim as ClaimOf } from "../../api/review";
import { formatClock } from "../../ui/time";
import classes from "./call.module.css";
import type { Place } from "./transcript";

/** Takes the reader to the words in the transcript. */
export const Show = createContext<(place: Place) => void>(() => undefined);

interface Props {
  claim: ClaimOf;
  /** What kind of claim, as a word before it. */
  word?: string;
  /** More of it, under its words. */
  children?: ReactNode;
}

/** One thing the review says, and under it the words it rests on. */
export function Claim({ claim, word, children }: Props) {
  return (
    <li className={classes.claim}>
      <Text size="sm" component="div">
        {word && (
          <Badge variant="default" tt="none" fw={500} mr={6}>
            {word}
          </Badge>
        )}
        {claim.text}
      </Text>
      {children}
      <Evidence claim={claim} />
    </li>
  );
}

export function Evidence({ claim }: { claim: ClaimOf }) {
  const show = useContext(Show);
  return (
    <UnstyledButton
      className={classes.evidence ?? ""}
      onClick={() => show({ segment_id: claim.segment_id, quote: claim.quote, pressed: true })}
      title="Show it in the transcript"
      data-testid="evidence"
    >
      <IconQuote size={14} aria-hidden className={classes.quoteIcon} />
      <span>
        <q>{claim.quote}</q>{" "}
        <span className={classes.source}>
          {claim.name}, {formatClock(claim.start_ms)}
        </span>
      </span>
    </UnstyledButton>
  );
}

/** A place in the transcript for what has no quote of its own. */
export function ShowPlace({ segmentId, children }: { segmentId: string; children: ReactNode }) {
  const show = useContext(Show);
  return (
    <UnstyledButton
      className={classes.place ?? ""}
      onClick={() => show({ segment_id: segmentId, quote: null, pressed: true })}
      title="Show it in the transcript"
    >
      {children}
    </UnstyledButton>
  );
}
