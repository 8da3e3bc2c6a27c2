import { Button, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { PaperPage } from "../../ui/PaperPage";

interface Props {
  title: string;
  above?: ReactNode;
  /** In the line, from 1. */
  place: number;
  onGiveUp: () => void;
}

/** In front of a full room: one comes in by oneself, in the order of asking. */
export function Lobby({ title, above, place, onGiveUp }: Props) {
  return (
    <PaperPage title={title} above={above}>
      <Text>The call is full at the moment. You wait for the next free place.</Text>
      <div role="status" data-testid="lobby-place" data-place={place}>
        <Text fw={600} size="xl" className="tabular">
          You are number {place} in line
        </Text>
        <Text c="dimmed">{aheadWords(place - 1)}</Text>
      </div>
      <Text>
        Keep this page open: it lets you in when somebody leaves. If you close it, you lose your place. Nobody
        hears you while you wait.
      </Text>
      <div>
        <Button variant="default" onClick={onGiveUp} data-testid="lobby-give-up">
          Stop waiting
        </Button>
      </div>
    </PaperPage>
  );
}

function aheadWords(ahead: number): string {
  if (ahead === 0) return "Nobody is before you.";
  return ahead === 1 ? "One person is before you." : `${ahead} people are before you.`;
}
