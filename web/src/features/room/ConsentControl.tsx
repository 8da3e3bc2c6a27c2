import { Button, Group, Modal, Text } from "@mantine/core";
import { IconEar, IconEarOff, IconKeyboard, IconMicrophone, IconPlayerRecord } from "@tabler/icons-react";
import { useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import type { Asks, Way } from "../../room/consent";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { ConsentChoice } from "../join/ConsentChoice";
import { wordsOf } from "../join/ways";

const ICONS: Record<Way, typeof IconEar> = {
  record: IconPlayerRecord,
  transcribe: IconEar,
  keep: IconPlayerRecord,
  text: IconKeyboard,
  unheard: IconEarOff,
};

interface Props {
  way: Way;
  asks: Asks;
  onChange: (way: Way) => Promise<void>;
}

/** Shows what was agreed to, and changes it at once. */
export function ConsentControl({ way, asks, onChange }: Props) {
  const [draft, setDraft] = useState<Way | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const Icon = way === "unheard" && !asks.transcription ? IconMicrophone : ICONS[way];
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
        {wordsOf(way, asks).said}
      </Button>
      <Modal opened={draft !== null} onClose={() => setDraft(null)} title="How you take part" centered>
        <ConsentChoice way={draft ?? way} asks={asks} onChoose={setDraft} />
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
