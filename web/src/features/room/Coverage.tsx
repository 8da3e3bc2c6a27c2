import { Progress, Text, Title, UnstyledButton } from "@mantine/core";
import { IconCircle, IconCircleCheck, IconCircleDashed, IconCircleMinus } from "@tabler/icons-react";
import type { CoverageStatus, Question } from "../../room/coverage";
import classes from "./rep-room.module.css";

interface Props {
  questions: readonly Question[];
  names: ReadonlyMap<string, string>;
  /** Said where there are no questions. */
  empty: string;
  onShow: (segment_id: string) => void;
}

const STATUS: Record<CoverageStatus, { word: string; Icon: typeof IconCircle }> = {
  open: { word: "Open", Icon: IconCircle },
  asked: { word: "Asked", Icon: IconCircleDashed },
  answered: { word: "Answered", Icon: IconCircleCheck },
  refused: { word: "Rather not say", Icon: IconCircleMinus },
};

/** Which questions are open, asked, answered and by whom, or refused. */
export function Coverage({ questions, names, empty, onShow }: Props) {
  const closed = questions.filter(({ status }) => status === "answered" || status === "refused").length;
  const total = questions.length;
  return (
    <section className={classes.questions} aria-labelledby="questions-title">
      <Title order={2} size="h5" id="questions-title">
        Questions
        {total > 0 && (
          <Text span size="sm" c="dimmed" fw={400} className="tabular" data-testid="coverage-count">
            {" "}
            {closed} of {total} covered
          </Text>
        )}
      </Title>
      {total > 0 && (
        <Progress value={(100 * closed) / total} size="xs" mt={6} aria-label="Questions covered" />
      )}
      {total === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      <ol className={classes.questionList}>
        {questions.map((question) => (
          <Covered key={question.question_id} question={question} names={names} onShow={onShow} />
        ))}
      </ol>
    </section>
  );
}

function Covered({ question, names, onShow }: { question: Question } & Pick<Props, "names" | "onShow">) {
  const { status, answer, segment_id } = question;
  const { word, Icon } = STATUS[status];
  const who = (question.identity !== null && names.get(question.identity)) || question.answered_by;
  const facts = [
    status === "refused" ? word : null,
    status === "asked" ? "Asked, no answer yet" : null,
    who || null,
    question.volunteered ? "said before it was asked" : null,
  ].filter((fact) => fact !== null);
  return (
    <li
      className={classes.question}
      data-testid="coverage-question"
      data-status={status}
      data-answered={status === "answered"}
    >
      <Icon size={18} className={classes[status] ?? ""} aria-label={word} />
      <div>
        <Text size="sm" fw={status === "open" ? 400 : 500}>
          {question.text || `Question ${question.position}`}
        </Text>
        {answer &&
          (segment_id ? (
            <UnstyledButton
              className={classes.answer}
              onClick={() => onShow(segment_id)}
              title="Show where it was said"
            >
              “{answer}”
            </UnstyledButton>
          ) : (
            <Text size="sm">“{answer}”</Text>
          ))}
        {facts.length > 0 && (
          <Text size="xs" c="dimmed">
            {facts.join(", ")}
          </Text>
        )}
      </div>
    </li>
  );
}
