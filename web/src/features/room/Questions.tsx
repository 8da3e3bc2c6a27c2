import { Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { Question } from "../../room/reducer";
import classes from "./rep-room.module.css";

/** What the agent has asked, and what came back. */
export function Questions({ questions }: { questions: readonly Question[] }) {
  const answered = questions.filter((question) => question.answer !== null).length;
  return (
    <section className={classes.questions} aria-labelledby="questions-title">
      <Title order={2} size="h5" id="questions-title">
        Questions
        {questions.length > 0 && (
          <Text span size="sm" c="dimmed" fw={400} className="tabular">
            {" "}
            {answered} answered of {questions.length} asked
          </Text>
        )}
      </Title>
      {questions.length === 0 && (
        <Text size="sm" c="dimmed">
          The agent's questions appear here as it asks them.
        </Text>
      )}
      <ol className={classes.questionList}>
        {questions.map((question) => (
          <li
            key={question.question_id}
            className={classes.question}
            data-answered={question.answer !== null}
          >
            {question.answer === null ? (
              <IconCircleDashed size={18} className={classes.asked} aria-label="Asked" />
            ) : (
              <IconCircleCheck size={18} className={classes.answered} aria-label="Answered" />
            )}
            <div>
              <Text size="sm" fw={500}>
                {question.text || `Question ${question.position}`}
              </Text>
              {question.answer && (
                <Text size="sm" c="dimmed">
                  {question.answer}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
