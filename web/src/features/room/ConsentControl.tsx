import { Button, Group, Modal, Text } from "@mantine/core";
import { IconEar, IconEarOff, IconKeyboard, IconPlayerRecord } from "@tabler/icons-react";
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import type { Way } from "../../room/consent";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { ConsentChoice } from "../join/ConsentChoice";

const SAID = {
  record: { words: "Transcribed, recording allowed", Icon: IconPlayerRecord },
  transcribe: { words: "Transcribed, not recorded", Icon: IconEar },
  text: { words: "By text only", Icon: IconKeyboard },
  unheard: { words: "The AI does not hear you", Icon: IconEarOff },
} as const;

/** Shows what was agreed to, and changes it at once. */
export function ConsentControl({ way, onChange }: { way: Way; onChange: (way: Way) => Promise<void> }) {
  const [draft, setDraft] = useState<Way | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const { words, Icon } = SAID[way];
  const keep = async () => {
    if (draft === null) return;
    setBusy(true);
    setProblem(null);
    try {
      if (draft !== way) await onChange(draft);
      setDraft(null);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        c="dimmed"
        onClick={() => setDraft(way)}
        leftSection={<Icon size={16} aria-hidden />}
        title="Change how you take part"
        data-testid="consent-button"
      >
        {words}
      </Button>
      <Modal opened={draft !== null} onClose={() => setDraft(null)} title="How you take part" centered>
        <ConsentChoice way={draft ?? way} onChoose={setDraft} />
        <Text size="sm" c="dimmed" my="sm">
          A change acts at once. What was agreed before stays as it was.
        </Text>
        {problem && <ProblemNotice problem={problem} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setDraft(null)}>
            Cancel
          </Button>
          <Button onClick={() => void keep()} loading={busy} data-testid="consent-keep">
            Use this choice
          </Button>
        </Group>
      </Modal>
    </>
  );
}
