import { Checkbox, Select, TextInput } from "@mantine/core";
import { answersOf, type DraftQuestion, type DraftSkip } from "./editor";
import classes from "./question-sets.module.css";

interface Props {
  skip: DraftSkip | null;
  number: number;
  above: readonly DraftQuestion[];
  error: string | undefined;
  onChange: (skip: DraftSkip | null) => void;
}

/** Leaves the question out when one above it was answered in a certain way. */
export function SkipRule({ skip, number, above, error, onChange }: Props) {
  const by = above.find((one) => one.key === skip?.key);
  const offered = by ? answersOf(by) : [];
  // What is shown under the choice of a question belongs to that choice, until there is one.
  const isOfChoice = by === undefined || by.question_id === null;
  return (
    <div className={classes.asking}>
      <Select
        label="Skip it because of the answer to"
        placeholder={above.length === 0 ? "No question stands above" : "Never skipped"}
        data={above.map((one, place) => ({
          value: one.key,
          label: `${place + 1}. ${one.text.trim() || "Not written yet"}`,
        }))}
        value={by?.key ?? null}
        error={isOfChoice ? error : undefined}
        disabled={above.length === 0 && skip === null}
        clearable
        clearButtonProps={{ "aria-label": `Never skip question ${number}` }}
        onChange={(key) => onChange(key === null ? null : { key, answers: [], words: "" })}
      />
      {skip && by && offered.length > 0 && (
        <Checkbox.Group
          label="when the answer is one of"
          value={skip.answers}
          error={isOfChoice ? undefined : error}
          onChange={(answers) => onChange({ ...skip, answers })}
        >
          <div className={classes.answers}>
            {[...new Set([...offered, ...skip.answers])].map((answer) => (
              <Checkbox key={answer} value={answer} label={answer} size="sm" />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {skip && by && offered.length === 0 && (
        <TextInput
          label="when the answer has one of these words"
          placeholder="no, never"
          value={skip.words}
          error={isOfChoice ? undefined : error}
          onChange={(event) => onChange({ ...skip, words: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
