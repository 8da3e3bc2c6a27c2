import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type DraftQuestion, FEWEST_OPTIONS, MOST_OPTIONS } from "./editor";
import classes from "./question-sets.module.css";

interface Props {
  question: DraftQuestion;
  number: number;
  errors: Record<string, string>;
  onChange: (options: string[]) => void;
}

/** The answers that a question of choice offers. */
export function Options({ question, number, errors, onChange }: Props) {
  const { key, options } = question;
  return (
    <fieldset className={classes.options}>
      <legend className={classes.legend}>Answers to choose from</legend>
      {options.map((option, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place; it has no other name
        <div key={n} className={classes.option}>
          <TextInput
            aria-label={`Question ${number}, answer ${n + 1}`}
            size="xs"
            maxLength={200}
            value={option}
            error={errors[`${key}.${n}`]}
            onChange={(event) => onChange(options.with(n, event.currentTarget.value))}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove answer ${n + 1} of question ${number}`}
            disabled={options.length <= FEWEST_OPTIONS}
            onClick={() => onChange(options.toSpliced(n, 1))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={options.length >= MOST_OPTIONS}
          onClick={() => onChange([...options, ""])}
        >
          Add an answer
        </Button>
      </div>
    </fieldset>
  );
}
