import { useSortable } from "@dnd-kit/sortable";
import { ActionIcon, Button, Select, Text, Textarea } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconTrash } from "@tabler/icons-react";
import { type CSSProperties, useState } from "react";
import type { QuestionType } from "../../api/types";
import { Asking } from "./Asking";
import { askingWords } from "./asking-words";
import type { DraftQuestion } from "./editor";
import { Options } from "./Options";
import classes from "./question-sets.module.css";

const TYPES: Record<QuestionType, string> = {
  open_ended: "Open: answered in their own words",
  multiple_choice: "Choice: one of the answers below",
  rating: "Rating: from 1 to 10",
};

interface Props {
  question: DraftQuestion;
  number: number;
  /** The whole set, in its order. */
  all: readonly DraftQuestion[];
  errors: Record<string, string>;
  onChange: (change: Partial<DraftQuestion>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function QuestionCard({ question, number, all, errors, onChange, onMove, onRemove }: Props) {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } =
    useSortable({
      id: question.key,
    });
  const style: CSSProperties = {
    ...(transform ? { transform: `translate3d(0, ${transform.y}px, 0)` } : {}),
    ...(transition ? { transition } : {}),
  };
  const [isOpen, setOpen] = useState(false);
  // What is wrong inside is never folded away.
  const isUnfolded = isOpen || `${question.key}.skip` in errors || `${question.key}.time` in errors;
  const icon = { size: 18, "aria-hidden": true } as const;
  const quiet = { variant: "subtle", color: "gray" } as const;
  return (
    <li
      ref={setNodeRef}
      style={style}
      className={classes.card}
      data-dragging={isDragging || undefined}
      data-resting={!question.is_active || undefined}
      data-testid="question-card"
    >
      <ActionIcon
        {...quiet}
        ref={setActivatorNodeRef}
        className={classes.handle ?? ""}
        {...attributes}
        {...listeners}
        aria-label={`Move question ${number}`}
      >
        <IconGripVertical {...icon} />
      </ActionIcon>
      <div className={classes.fields}>
        <Textarea
          label={`Question ${number}`}
          autosize
          minRows={1}
          maxRows={5}
          maxLength={500}
          value={question.text}
          error={errors[question.key]}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
        <Select
          aria-label={`Kind of question ${number}`}
          data={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
          value={question.type}
          allowDeselect={false}
          onChange={(type) => onChange({ type: type as QuestionType })}
        />
        {question.type === "multiple_choice" && (
          <Options
            question={question}
            number={number}
            errors={errors}
            onChange={(options) => onChange({ options })}
          />
        )}
        <div className={classes.askingHead}>
          <Text size="sm" c="dimmed" data-testid="asking-words">
            {askingWords(question, all)}
          </Text>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={isUnfolded}
            aria-label={`How question ${number} is asked`}
            onClick={() => setOpen(!isUnfolded)}
          >
            {isUnfolded ? "Less" : "Change"}
          </Button>
        </div>
        {isUnfolded && (
          <Asking
            question={question}
            number={number}
            above={all.slice(0, number - 1)}
            errors={errors}
            onChange={onChange}
          />
        )}
      </div>
      <div className={classes.tools}>
        <ActionIcon
          {...quiet}
          aria-label={`Move question ${number} up`}
          disabled={number === 1}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp {...icon} />
        </ActionIcon>
        <ActionIcon
          {...quiet}
          aria-label={`Move question ${number} down`}
          disabled={number === all.length}
          onClick={() => onMove(1)}
        >
          <IconArrowDown {...icon} />
        </ActionIcon>
        <ActionIcon {...quiet} aria-label={`Remove question ${number}`} onClick={onRemove}>
          <IconTrash {...icon} />
        </ActionIcon>
      </div>
    </li>
  );
}
