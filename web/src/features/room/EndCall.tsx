import { Button, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";

interface Props {
  /** Everybody else in the room, by name. */
  others: readonly string[];
  onEnd: () => Promise<void>;
}

function inWords(names: readonly string[]): string {
  if (names.length === 0) return "Nobody else is in the room.";
  const list = new Intl.ListFormat("en").format(names);
  return `${list} ${names.length === 1 ? "is" : "are"} disconnected at once.`;
}

/** Ends the call for everybody, after saying what that does. */
export function EndCall({ others, onEnd }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const end = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onEnd();
      setAsking(false);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)} data-testid="end-call">
        End the call
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="End the call for everybody?" centered>
        <Text size="sm">
          {inWords(others)} Nobody can come back into this call. What was said so far is kept.
        </Text>
        {problem && <ProblemNotice problem={problem} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            Keep it going
          </Button>
          <Button color="red.8" onClick={() => void end()} loading={busy} data-testid="end-call-confirm">
            End the call
          </Button>
        </Group>
      </Modal>
    </>
  );
}
