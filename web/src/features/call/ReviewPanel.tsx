import { Button, Loader, Text } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { reviewQuery } from "../../api/queries";
import type { ReviewView as Made, ReviewStep } from "../../api/review";
import type { Call } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { Empty, Section } from "../../ui/Page";
import { ProblemNotice } from "../../ui/ProblemNotice";
import classes from "./call.module.css";
import { ReviewView } from "./ReviewView";
import { STEP } from "./review-words";

/** The review as it comes into being: steps, a failure with its reason, or the whole. */
export function ReviewPanel({ call }: { call: Call }) {
  const review = useQuery(reviewQuery(call.call_id));
  return (
    <Asked query={review} loading="Loading the review" shape={{ rows: 4, height: 72 }}>
      {(made) => <ReviewState call={call} made={made} />}
    </Asked>
  );
}

function ReviewState({ call, made }: { call: Call; made: Made }) {
  if (made.status === "none") {
    return (
      <Empty title="There is no review">
        {call.switches.transcript
          ? "Nothing was said in this call that could be reviewed."
          : "The transcript was switched off for this call, so there is nothing to review."}
      </Empty>
    );
  }
  const isAtWork = made.status === "queued" || made.status === "running";
  return (
    <>
      {isAtWork && (
        <Section title="The review is being made">
          <Text size="sm" c="dimmed">
            It appears here by itself. You can leave this page; the owner gets it by mail.
          </Text>
          <Steps steps={made.steps} />
        </Section>
      )}
      {made.status === "failed" && <Failed callId={call.call_id} made={made} />}
      {made.review && <ReviewView made={made} review={made.review} />}
      {made.status === "done" && made.review && <MadeBy callId={call.call_id} by={made.review.made_by} />}
    </>
  );
}

function Steps({ steps }: { steps: readonly ReviewStep[] }) {
  return (
    <ol className={classes.steps} data-testid="review-steps" aria-live="polite">
      {steps.map(({ name, state }) => (
        <li key={name} data-state={state}>
          <StepIcon state={state} />
          {STEP[name]}
        </li>
      ))}
    </ol>
  );
}

const STATE_WORD = { waiting: "Waiting", running: "Under way", done: "Done", failed: "Failed" } as const;

function StepIcon({ state }: { state: ReviewStep["state"] }) {
  const word = STATE_WORD[state];
  if (state === "running") return <Loader size={16} role="img" aria-label={word} />;
  if (state === "done") return <IconCheck size={18} aria-label={word} className={classes.done} />;
  if (state === "failed") return <IconX size={18} aria-label={word} className={classes.failed} />;
  return <IconCircleDashed size={18} aria-label={word} className={classes.waiting} />;
}

function useRunAgain(callId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.reviewAgain(callId),
    onSuccess: () => queries.invalidateQueries({ queryKey: reviewQuery(callId).queryKey }),
  });
}

function Failed({ callId, made }: { callId: string; made: Made }) {
  const again = useRunAgain(callId);
  return (
    <Section title="The review could not be made">
      <Text size="sm">{made.problem ?? "Something went wrong while it was made."}</Text>
      <Text size="sm" c="dimmed">
        The transcript is kept and complete.
      </Text>
      <Steps steps={made.steps} />
      {again.error && <ProblemNotice problem={asProblem(again.error)} />}
      <div>
        <Button onClick={() => again.mutate()} loading={again.isPending}>
          Run again
        </Button>
      </div>
    </Section>
  );
}

function MadeBy({ callId, by }: { callId: string; by: string }) {
  const again = useRunAgain(callId);
  return (
    <footer className={classes.madeBy}>
      <Text size="sm" c="dimmed">
        Made by {by}.
      </Text>
      <Button variant="default" size="xs" onClick={() => again.mutate()} loading={again.isPending}>
        Run again
      </Button>
      {again.error && <ProblemNotice problem={asProblem(again.error)} />}
    </footer>
  );
}
