import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { type Draft, moved, withQuestion } from "./editor";
import { QuestionCard } from "./QuestionCard";
import classes from "./question-sets.module.css";

interface Props {
  draft: Draft;
  errors: Record<string, string>;
  onChange: (draft: Draft) => void;
}

/** The questions in their order, moved by dragging, by keys on the handle, or by the two arrows. */
export function QuestionList({ draft, errors, onChange }: Props) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const place = (key: unknown) => draft.questions.findIndex((one) => one.key === key);
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over && over.id !== active.id) onChange(moved(draft, place(active.id), place(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={onDragEnd}
      accessibility={{
        screenReaderInstructions: {
          draggable:
            "Press space to lift this question, arrow keys to move it, space to put it down, escape to stop.",
        },
        announcements: {
          onDragStart: ({ active }) => `Question ${place(active.id) + 1} is lifted.`,
          onDragOver: ({ over }) =>
            over ? `It would be question ${place(over.id) + 1}.` : "It is outside the list.",
          onDragEnd: ({ over }) =>
            over ? `It is question ${place(over.id) + 1} now.` : "It stays where it was.",
          onDragCancel: () => "It stays where it was.",
        },
      }}
    >
      <SortableContext items={draft.questions.map((one) => one.key)} strategy={verticalListSortingStrategy}>
        <ol className={classes.list}>
          {draft.questions.map((question, n) => (
            <QuestionCard
              key={question.key}
              question={question}
              number={n + 1}
              all={draft.questions}
              errors={errors}
              onChange={(change) => onChange(withQuestion(draft, question.key, change))}
              onMove={(by) => onChange(moved(draft, n, n + by))}
              onRemove={() =>
                onChange({ ...draft, questions: draft.questions.filter((one) => one.key !== question.key) })
              }
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}
