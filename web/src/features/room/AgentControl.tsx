import { Button, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import classes from "./rep-room.module.css";

interface Props {
  /** It is in the room now. */
  here: boolean;
  /** False: somebody asked it to leave. */
  wanted: boolean;
  onWant: (wanted: boolean) => Promise<void>;
}

/** Asks the agent to leave or to come back. Between the asking and the doing it says so. */
export function AgentControl({ here, wanted, onWant }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState<"leave" | "back" | null>(null);
  const isDone = (asked === "leave" && !here) || (asked === "back" && here);
  useEffect(() => {
    if (isDone) setAsked(null);
  }, [isDone]);
  const ask = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onWant(!wanted);
      setAsked(wanted ? "leave" : "back");
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  const waits = asked === "leave" ? "The agent is leaving." : "The agent is on its way.";
  return (
    <div className={classes.agentControl}>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        c="dimmed"
        onClick={() => void ask()}
        loading={busy}
        data-testid="agent-control"
        data-wanted={wanted}
      >
        {wanted ? "Ask the agent to leave" : "Bring the agent back"}
      </Button>
      <Text size="xs" c="dimmed" role="status">
        {asked !== null && !isDone && waits}
      </Text>
      {problem && (
        <Text size="xs" c="red.8" role="alert">
          {problem.title}. Nothing has changed.
        </Text>
      )}
    </div>
  );
}
