import { Badge, Text } from "@mantine/core";
import type { Review, ReviewView } from "../../api/review";
import type { LeadStatus } from "../../api/types";
import { Section } from "../../ui/Page";
import { LEAD_STATUS } from "../leads/lead-words";
import { ShowPlace } from "./Claim";
import classes from "./call.module.css";
import { asWords, mood, QUALIFICATION, signed } from "./review-words";

const statusWord = (status: LeadStatus | null) => (status ? LEAD_STATUS[status] : null);

/** The score, what made it, and what it did to the lead. */
export function Score({ made, review }: { made: ReviewView; review: Review }) {
  const before = statusWord(made.lead_status_before);
  const after = statusWord(made.lead_status_after);
  return (
    <Section title="Score">
      <div className={classes.score}>
        <div className={classes.number} data-testid="score">
          <span className={classes.points}>{review.lead_score}</span> of 100
          {made.lead_score_before !== null && (
            <Text size="sm" c="dimmed">
              before the call {made.lead_score_before}
            </Text>
          )}
        </div>
        <div className={classes.verdict}>
          <Badge variant={review.qualification === "qualified" ? "filled" : "default"} tt="none" fw={500}>
            {QUALIFICATION[review.qualification]}
          </Badge>
          <Text size="sm">{review.qualification_reason}</Text>
          {after && (
            <Text size="sm" c="dimmed" data-testid="lead-status">
              Lead: {before && before !== after ? `${before} → ${after}` : after}
            </Text>
          )}
        </div>
      </div>
      {review.score_reasons.length > 0 && (
        <ul className={classes.reasons} aria-label="Why the score is not 50">
          {review.score_reasons.map((reason) => (
            <li key={`${reason.segment_id} ${reason.text}`} className={classes.reason}>
              <span className={classes.signed} data-sign={Math.sign(reason.points)}>
                {signed(reason.points)}
              </span>
              {reason.segment_id ? (
                <ShowPlace segmentId={reason.segment_id}>{reason.text}</ShowPlace>
              ) : (
                <span>{reason.text}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <dl className={classes.facts}>
        <Fact name="Follow up">{asWords(review.follow_up_priority)}</Fact>
        <Fact name="Engagement">{asWords(review.engagement)}</Fact>
        <Fact name="Mood">{review.sentiment === null ? "Switched off" : mood(review.sentiment)}</Fact>
      </dl>
    </Section>
  );
}

export function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
