import { Button, Text } from "@mantine/core";
import type { Gone } from "../../room/call-room";
import { PaperPage } from "../../ui/PaperPage";

type Reader = "guest" | "rep";

interface Page {
  title: string;
  words: Record<Reader, string>;
  /** What the button that goes back in says; none where there is no way back. */
  back: string | null;
}

const both = (words: string) => ({ guest: words, rep: words });

const PAGES: Record<Gone, Page> = {
  left: {
    title: "You left",
    words: {
      guest: "You can come back with the same link while the call goes on.",
      rep: "You can come back while the call goes on.",
    },
    back: "Join again",
  },
  elsewhere: {
    title: "The call is open in another place",
    words: {
      guest: "The same link was opened in a second tab or on another device, and the call goes on there.",
      rep: "You opened it in a second tab or on another device, and it goes on there.",
    },
    back: "Use it here instead",
  },
  ended: {
    title: "The call has ended",
    words: {
      guest: "Thank you for your time. You can close this page.",
      rep: "Nobody can come back into it. What was kept of it is on the call's page.",
    },
    back: null,
  },
  // The link or the account is no longer good for this call: trying again would only fail.
  removed: {
    title: "You are no longer in the call",
    words: {
      guest: "You were taken out of it. If that was a mistake, ask whoever invited you for a new link.",
      rep: "You were taken out of it. If that was a mistake, ask an admin.",
    },
    back: null,
  },
  lost: {
    title: "The connection was lost",
    words: both("Your browser could not get back into the call. What was said so far is kept."),
    back: "Join again",
  },
  failed: {
    title: "The room could not be reached",
    words: both("Check your connection, or try another network."),
    back: "Try again",
  },
};

interface Props {
  gone: Gone;
  reader: Reader;
  above: string;
  onBack: () => void;
  busy: boolean;
  children?: React.ReactNode;
}

export function GonePage({ gone, reader, above, onBack, busy, children }: Props) {
  const page = PAGES[gone];
  return (
    <PaperPage title={page.title} above={above}>
      <Text>{page.words[reader]}</Text>
      {page.back && (
        <Button size="md" onClick={onBack} loading={busy} data-testid="back-button">
          {page.back}
        </Button>
      )}
      {children}
    </PaperPage>
  );
}
