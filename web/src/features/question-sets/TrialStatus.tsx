import { Text } from "@mantine/core";
import type { SetQuestion } from "../../api/types";
import classes from "./question-sets.module.css";
import type { TriedInterview } from "./question-sets-api";

const WORDS: Record<TriedInterview["status"][number]["status"], string> = {
  open: "Not asked yet",
  asked: "Asked",
  answered: "Answered",
  refused: "Not answered, and not asked again",
  skipped: "Skipped by its rule",
};

interface Props {
  questions: readonly SetQuestion[];
  tried: TriedInterview;
}

/** Where the interview stands with each question. */
export function TrialStatus({ questions, tried }: Props) {
  return (
    <section aria-label="Where it stands">
      <Text size="sm" fw={600} component="h3" mb={4}>
        Where it stands
      </Text>
      <ul className={classes.list}>
        {tried.status.map(({ question_id, status, answer }) => (
          <li key={question_id} data-testid="trial-status">
            <Text size="sm">{questions.find((one) => one.question_id === question_id)?.text}</Text>
            <Text size="xs" c="dimmed">
              {WORDS[status]}
              {answer && `: ${answer}`}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
