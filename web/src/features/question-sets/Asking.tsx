import { Checkbox, NumberInput, Select, Text } from "@mantine/core";
import type { Depth } from "../../api/types";
import { DEPTHS } from "./asking-words";
import { type DraftQuestion, SECONDS } from "./editor";
import classes from "./question-sets.module.css";
import { SkipRule } from "./SkipRule";

interface Props {
  question: DraftQuestion;
  number: number;
  above: readonly DraftQuestion[];
  errors: Record<string, string>;
  onChange: (change: Partial<DraftQuestion>) => void;
}

/** How a question is asked: whether at all, how far, how long, and when not. */
export function Asking({ question, number, above, errors, onChange }: Props) {
  return (
    <fieldset className={classes.options}>
      <legend className={classes.legend}>How question {number} is asked</legend>
      <div className={classes.asking}>
        <Checkbox
          label="Must be asked"
          description="Comes before the others when the time gets short."
          checked={question.must_ask}
          onChange={(event) => onChange({ must_ask: event.currentTarget.checked })}
        />
        <Checkbox
          label="Not asked for now"
          description="Stays in the set; the agent leaves it out."
          checked={!question.is_active}
          onChange={(event) => onChange({ is_active: !event.currentTarget.checked })}
        />
        <Select
          label="Depth"
          description={DEPTHS[question.depth].what}
          data={Object.entries(DEPTHS).map(([value, { word }]) => ({ value, label: word }))}
          renderOption={({ option }) => (
            <span>
              {option.label}
              <Text size="xs" c="dimmed">
                {DEPTHS[option.value as Depth].what}
              </Text>
            </span>
          )}
          value={question.depth}
          allowDeselect={false}
          onChange={(depth) => onChange({ depth: depth as Depth })}
        />
        <NumberInput
          label="Longest time in seconds"
          description="Empty: as long as it takes."
          allowDecimal={false}
          {...SECONDS}
          value={question.time_box_seconds ?? ""}
          error={errors[`${question.key}.time`]}
          onChange={(value) => onChange({ time_box_seconds: typeof value === "number" ? value : null })}
        />
      </div>
      <SkipRule
        skip={question.skip}
        number={number}
        above={above}
        error={errors[`${question.key}.skip`]}
        onChange={(skip) => onChange({ skip })}
      />
    </fieldset>
  );
}
