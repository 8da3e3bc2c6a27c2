import { Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconCircleMinus, IconMessageQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { coverageQuery } from "../../api/queries";
import type { Call, CoverageItem } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { Section } from "../../ui/Page";
import { formatClock } from "../../ui/time";
import { ShowPlace } from "./Claim";
import classes from "./call.module.css";

const STATUS = {
  open: { word: "Not asked", Icon: IconCircleDashed },
  asked: { word: "Asked, no answer", Icon: IconMessageQuestion },
  answered: { word: "Answered", Icon: IconCircleCheck },
  refused: { word: "Did not want to answer", Icon: IconCircleMinus },
} as const;

/** What the agent was to ask, and what came of each question. */
export function Coverage({ call }: { call: Call }) {
  const coverage = useQuery(coverageQuery(call.call_id));
  const isAhead = call.status === "scheduled";
  if (coverage.data?.items.length === 0) return null;
  const items = coverage.data?.items ?? [];
  const answered = items.filter((item) => item.status === "answered").length;
  return (
    <Section
      title={isAhead ? "What the agent will ask" : "Questions"}
      aside={
        !isAhead &&
        items.length > 0 && (
          <Text size="sm" c="dimmed" className="tabular">
            {answered} of {items.length} answered
          </Text>
        )
      }
    >
      <Asked query={coverage} loading="Loading the questions" shape={{ rows: 4, height: 32 }}>
        {() => (
          <ol className={classes.coverage} data-testid="coverage">
            {items.map((item) => (
              <Item key={item.question_id} item={item} isAhead={isAhead} />
            ))}
          </ol>
        )}
      </Asked>
    </Section>
  );
}

function Item({ item, isAhead }: { item: CoverageItem; isAhead: boolean }) {
  const { word, Icon } = STATUS[item.status];
  return (
    <li className={classes.covered} data-status={item.status}>
      {!isAhead && <Icon size={18} aria-hidden className={classes.coveredIcon} />}
      <div>
        <Text size="sm" fw={500}>
          {item.text}
        </Text>
        {!isAhead && item.status !== "answered" && (
          <Text size="sm" c="dimmed">
            {word}
          </Text>
        )}
        {item.answer && (
          <Text size="sm" component="div">
            {item.segment_id ? <ShowPlace segmentId={item.segment_id}>{item.answer}</ShowPlace> : item.answer}
            <Text span size="sm" c="dimmed">
              {" "}
              {[
                item.answered_by,
                item.start_ms !== null && formatClock(item.start_ms),
                item.volunteered && "said before it was asked",
              ]
                .filter(Boolean)
                .join(", ")}
            </Text>
          </Text>
        )}
      </div>
    </li>
  );
}
