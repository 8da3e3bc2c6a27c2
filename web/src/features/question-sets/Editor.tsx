import { Button, Group, NumberInput, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formProblem } from "../../api/fields";
import { isProblem } from "../../api/problem";
import type { QuestionSet } from "../../api/types";
import { LeaveGuard } from "../../app/LeaveGuard";
import { Page, Section } from "../../ui/Page";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { Archive } from "./Archive";
import { broughtBack, emptyQuestion, MINUTES, MOST_QUESTIONS } from "./editor";
import { MakeDefault } from "./MakeDefault";
import { QuestionList } from "./QuestionList";
import classes from "./question-sets.module.css";
import { Trial } from "./Trial";
import { useEditor } from "./useEditor";
import { Versions } from "./Versions";

/** Writes a question set: the order on the page is the order of asking. */
export function Editor({ set, above }: { set: QuestionSet | null; above: ReactNode }) {
  const { draft, saved, errors, saving, readingAgain, isDirty, change, save } = useEditor(set);
  const isLate = isProblem(saving.error, "/problems/question-set-changed");
  const isFull = draft.questions.length >= MOST_QUESTIONS;
  const wasMade = useLocation({ select: ({ state }) => state.saved === true });
  const state = isDirty ? "Not saved yet." : saving.isSuccess || wasMade ? "Saved." : "";
  return (
    <Page
      title={set ? set.title : "New question set"}
      above={above}
      below={set?.is_default ? "The default: chosen first for a new discovery call." : undefined}
      actions={
        set && (
          <>
            <Trial set={set} isDirty={isDirty} />
            <Versions
              set={set}
              onBringBack={(version) => change(broughtBack(version, draft.time_box_minutes, saved))}
            />
            {!set.is_archived && <MakeDefault set={set} />}
            {!set.is_archived && <Archive set={set} />}
          </>
        )
      }
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
        <NumberInput
          label="Time for the whole set, in minutes"
          description="Empty: the length of the call. When it gets short, what must be asked comes first."
          allowDecimal={false}
          {...MINUTES}
          maw={420}
          value={draft.time_box_minutes ?? ""}
          error={errors.time_box_minutes}
          onChange={(value) =>
            change({ ...draft, time_box_minutes: typeof value === "number" ? value : null })
          }
        />
        <Section title="Questions" aside={<Count count={draft.questions.length} />}>
          <QuestionList draft={draft} errors={errors} onChange={change} />
          {errors.questions && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {errors.questions}
            </Text>
          )}
          {draft.questions.length > 0 && !draft.questions.some((one) => one.is_active) && (
            <Text size="sm">No question is asked for now, so no call can be booked with this set.</Text>
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
        {isLate && set && (
          <Notice
            title="Somebody else has saved this set meanwhile"
            action={
              <Button
                size="xs"
                variant="default"
                loading={readingAgain.isPending}
                onClick={() => readingAgain.mutate(set.question_set_id)}
              >
                Show theirs
              </Button>
            }
          >
            Nothing of yours was saved. Copy what you need: showing theirs drops what you wrote.
          </Notice>
        )}
        {saving.error && !isLate && <ProblemNotice problem={formProblem(saving.error)} />}
        {readingAgain.error && <ProblemNotice problem={formProblem(readingAgain.error)} />}
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
