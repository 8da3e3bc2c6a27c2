import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import type { QuestionSet } from "../../api/types";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { SideDrawer } from "../../ui/SideDrawer";
import classes from "./question-sets.module.css";
import { TrialStatus } from "./TrialStatus";
import { useTrial } from "./useTrial";

const MOST_SAID = 200;

/** The agent's questions, tried in writing: what it would say, and what it has understood. */
export function Trial({ set, isDirty }: { set: QuestionSet; isDirty: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Try it
      </Button>
      <SideDrawer opened={isOpen} onClose={() => setOpen(false)} title={`Try “${set.title}”`}>
        {isOpen && (
          <Stack gap="md">
            <Text size="sm">
              You are the guest. The agent goes by the same rules as in a call; nothing is kept.
              {isDirty && " It asks what was saved last, without your changes."}
            </Text>
            <Conversation set={set} />
          </Stack>
        )}
      </SideDrawer>
    </>
  );
}

function Conversation({ set }: { set: QuestionSet }) {
  const { said, tried, asking, say, again, restart } = useTrial(set.question_set_id);
  const [text, setText] = useState("");
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said last comes into sight.
  useEffect(() => {
    // Newer browsers return a promise here, which is nothing to clean up with.
    end.current?.scrollIntoView({ block: "nearest" });
  }, [said.length]);
  const isOver = tried?.is_over === true || said.length >= MOST_SAID;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || asking.isPending) return;
    say(text.trim());
    setText("");
  };
  return (
    <>
      <ol className={classes.said} aria-live="polite" data-testid="trial-said">
        {said.map((one, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was said stays where it is
          <li key={n} data-who={one.who}>
            <Text size="xs" c="dimmed">
              {one.who === "agent" ? "Agent" : "You"}
            </Text>
            <Text size="sm">{one.text}</Text>
          </li>
        ))}
      </ol>
      <Text size="sm" c="dimmed" role="status">
        {asking.isPending && "The agent thinks."}
        {!asking.isPending && tried?.is_over && "The interview is over."}
        {!asking.isPending && !isOver && said.at(-1)?.who === "guest" && "The agent waits for more."}
      </Text>
      <div ref={end} />
      {asking.error && (
        <ProblemNotice problem={asProblem(asking.error)} onRetry={again} retrying={asking.isPending} />
      )}
      {!isOver && (
        <form onSubmit={submit} className={classes.say}>
          <TextInput
            aria-label="Your answer"
            placeholder="Answer as a guest would"
            maxLength={2000}
            autoComplete="off"
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit">Say it</Button>
        </form>
      )}
      <div>
        {/* A button that goes dead under the finger loses the focus, and the drawer its keys. */}
        <Button variant="default" size="xs" onClick={() => asking.isPending || restart()}>
          Start again
        </Button>
      </div>
      {tried && <TrialStatus questions={set.questions} tried={tried} />}
    </>
  );
}
