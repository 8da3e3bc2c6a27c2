import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Claim as ClaimOf, ReviewView as Made, Review } from "../../api/review";
import { Section } from "../../ui/Page";
import { Claim } from "./Claim";
import classes from "./call.module.css";
import { amount, asWords, OBJECTION } from "./review-words";
import { Score } from "./Score";

/** What the call was, the score with its reasons, the next steps, then everything else with the words it rests on. */
export function ReviewView({ made, review }: { made: Made; review: Review }) {
  const [first, ...rest] = review.summary;
  return (
    <>
      <div className={classes.summary} data-testid="summary">
        {first && (
          <Title order={2} size="h3" fw={500} lh={1.4}>
            {first}
          </Title>
        )}
        {rest.length > 0 && (
          <ul className={classes.sentences}>
            {rest.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
      <Score made={made} review={review} />
      <NextSteps review={review} />
      <Claims title="Pain points" claims={review.pain_points} />
      <Claims title="Buying signals" claims={review.buying_signals} />
      <Objections review={review} />
      <Claims title="Budget" claims={review.budget ? [review.budget] : []}>
        {() => review.budget && amount(review.budget)}
      </Claims>
      <Claims title="Timeline" claims={review.timeline ? [review.timeline] : []} />
      <Claims title="Who decides" claims={review.decision_makers} />
      <Claims title="Competitors" claims={review.competitors} />
      <Claims title="Upsells" claims={review.upsells}>
        {(upsell) => `${asWords(upsell.type)}, ${Math.round(upsell.confidence * 100)} of 100 sure`}
      </Claims>
      <Claims title="Coaching moments" claims={review.coaching_moments}>
        {(moment) => (
          <>
            {asWords(moment.category)}. Better: “{moment.better}”
          </>
        )}
      </Claims>
      <NotHeard review={review} />
    </>
  );
}

interface ClaimsProps<One extends ClaimOf> {
  title: string;
  claims: readonly One[];
  /** What more there is to say about one. */
  children?: (claim: One) => ReactNode;
}

/** A group of claims; nothing at all when there are none: they are named together at the end. */
function Claims<One extends ClaimOf>({ title, claims, children }: ClaimsProps<One>) {
  if (claims.length === 0) return null;
  return (
    <Section title={title}>
      <ul className={classes.claims}>
        {claims.map((claim) => {
          const more = children?.(claim);
          return (
            <Claim key={`${claim.segment_id} ${claim.text}`} claim={claim}>
              {more && (
                <Text size="sm" c="dimmed">
                  {more}
                </Text>
              )}
            </Claim>
          );
        })}
      </ul>
    </Section>
  );
}

function Objections({ review }: { review: Review }) {
  if (review.objections.length === 0) return null;
  return (
    <Section title="Objections">
      <ul className={classes.claims}>
        {review.objections.map((one) => (
          <Claim key={`${one.segment_id} ${one.text}`} claim={one} word={OBJECTION[one.type]} />
        ))}
      </ul>
    </Section>
  );
}

function NextSteps({ review }: { review: Review }) {
  return (
    <Section title="Next steps">
      {review.next_steps.length === 0 ? (
        <Text size="sm" c="dimmed">
          No next step was agreed in this call.
        </Text>
      ) : (
        <ol className={classes.claims}>
          {review.next_steps.map((step) => (
            <Claim key={`${step.segment_id} ${step.text}`} claim={step}>
              <Text size="sm" c="dimmed">
                {step.owner}
                {step.due && `, ${step.due}`}
              </Text>
            </Claim>
          ))}
        </ol>
      )}
    </Section>
  );
}

/** What was looked for and not found, in one line, so that silence is not mistaken for an oversight. */
function NotHeard({ review }: { review: Review }) {
  const missing = [
    ["pain points", review.pain_points.length],
    ["buying signals", review.buying_signals.length],
    ["objections", review.objections.length],
    ["a budget", review.budget ? 1 : 0],
    ["a timeline", review.timeline ? 1 : 0],
    ["who decides", review.decision_makers.length],
    ["competitors", review.competitors.length],
    ["upsells", review.upsells.length],
    ["coaching moments", review.coaching_moments.length],
  ].flatMap(([word, count]) => (count === 0 ? [word] : []));
  if (missing.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" maw="var(--parley-reading)">
      Not heard in this call: {missing.join(", ")}.
    </Text>
  );
}
