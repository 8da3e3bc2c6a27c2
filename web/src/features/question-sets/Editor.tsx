import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { formProblem } from "../../api/fields";
import type { QuestionSet } from "../../api/types";
import { LeaveGuard } from "../../app/LeaveGuard";
import { Page, Section } from "../../ui/Page";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Archive } from "./Archive";
import { emptyQuestion, MOST_QUESTIONS } from "./editor";
import { QuestionList } from "./QuestionList";
import classes from "./question-sets.module.css";
import { useEditor } from "./useEditor";

/** Writes a question set: the order on the page is the order of asking. */
export function Editor({ set, above }: { set: QuestionSet | null; above: ReactNode }) {
  const { draft, errors, saving, isDirty, change, save } = useEditor(set);
  const isFull = draft.questions.length >= MOST_QUESTIONS;
  const state = saving.isSuccess && !isDirty ? "Saved." : isDirty ? "Not saved yet." : "";
  return (
    <Page
      title={set ? set.title : "New question set"}
      above={above}
      actions={set && !set.is_archived && <Archive set={set} />}
    >
      <LeaveGuard when={isDirty && !saving.isPending} />
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label="Title"
          description="Seen by you and your colleagues only."
          maxLength={200}
          value={draft.title}
          error={errors.title}
          onChange={(event) => change({ ...draft, title: event.currentTarget.value })}
          required
        />
        <Section title="Questions" aside={<Count count={draft.questions.length} />}>
          <QuestionList draft={draft} errors={errors} onChange={change} />
          {errors.questions && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {errors.questions}
            </Text>
          )}
          <div>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => change({ ...draft, questions: [...draft.questions, emptyQuestion()] })}
              disabled={isFull}
            >
              Add a question
            </Button>
            {isFull && (
              <Text size="sm" c="dimmed" mt={4}>
                A set has at most {MOST_QUESTIONS} questions.
              </Text>
            )}
          </div>
        </Section>
        {saving.error && <ProblemNotice problem={formProblem(saving.error)} />}
        {Object.keys(errors).length > 0 && !saving.error && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            Not saved: see what is marked above.
          </Text>
        )}
        <Group gap="sm" className={classes.buttons ?? ""}>
          <Button type="submit" loading={saving.isPending} disabled={set !== null && !isDirty}>
            Save
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {state}
          </Text>
        </Group>
      </form>
    </Page>
  );
}

function Count({ count }: { count: number }) {
  return (
    <Text size="sm" c="dimmed" className="tabular">
      {count === 1 ? "1 question" : `${count} questions`}
    </Text>
  );
}
