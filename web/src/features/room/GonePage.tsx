import { Button, Text } from "@mantine/core";
import type { Gone } from "../../room/call-room";
import { PaperPage } from "../../ui/PaperPage";

interface Page {
  title: string;
  words: string;
  /** What the button that goes back in says; none where there is no way back. */
  back: string | null;
}

const PAGES: Record<Gone, Page> = {
  left: {
    title: "You left",
    words: "You can come back with the same link while the call goes on.",
    back: "Join again",
  },
  elsewhere: {
    title: "The call is open in another place",
    words: "The same link was opened in a second tab or on another device, and the call goes on there.",
    back: "Use it here instead",
  },
  ended: {
    title: "The call has ended",
    words: "Thank you for your time. You can close this page.",
    back: null,
  },
  removed: {
    title: "You are no longer in the call",
    words: "Somebody in the call took you out of it. If that was a mistake, you can try to come back.",
    back: "Join again",
  },
  lost: {
    title: "The connection was lost",
    words: "Your browser could not get back into the call. What was said so far is kept.",
    back: "Join again",
  },
  failed: {
    title: "The room could not be reached",
    words: "Check your connection, or try another network.",
    back: "Try again",
  },
};

interface Props {
  gone: Gone;
  above: string;
  onBack: () => void;
  busy: boolean;
  children?: React.ReactNode;
}

export function GonePage({ gone, above, onBack, busy, children }: Props) {
  const page = PAGES[gone];
  return (
    <PaperPage title={page.title} above={above}>
      <Text>{page.words}</Text>
      {page.back && (
        <Button size="md" onClick={onBack} loading={busy} data-testid="back-button">
          {page.back}
        </Button>
      )}
      {children}
    </PaperPage>
  );
}
