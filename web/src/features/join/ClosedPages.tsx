import { Anchor, Button, Text } from "@mantine/core";
import { IconCalendarPlus, IconMicrophone } from "@tabler/icons-react";
import { useEffect, useSyncExternalStore } from "react";
import type { Problem } from "../../api/problem";
import type { JoinView } from "../../api/types";
import type { Prospect } from "../../room/prospect";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { formatLeft } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { When } from "../../ui/When";
import { saveCalendar } from "./calendar";
import { Disclosure } from "./Disclosure";
import { InvitationHead } from "./InvitationHead";
import classes from "./join.module.css";
import { MicrophoneCheck } from "./MicrophoneCheck";
import { SoundChecks } from "./SoundChecks";

interface LinkProblemProps {
  /** null: the address holds no link at all. */
  problem: Problem | null;
  onRetry?: () => void;
  retrying?: boolean;
}

export function LinkProblem({ problem, onRetry, retrying = false }: LinkProblemProps) {
  if (problem === null || problem.type === "/problems/link-unknown") {
    return (
      <PaperPage title="This link does not open a call">
        <Text>
          It may be cut off or replaced by a newer one. Open it again from your latest invitation mail, or ask
          the person who invited you for a new link.
        </Text>
      </PaperPage>
    );
  }
  return (
    <PaperPage title="Your call cannot be shown yet">
      <ProblemNotice problem={problem} retrying={retrying} {...(onRetry ? { onRetry } : {})}>
        <Text size="sm">Your invitation stays valid.</Text>
      </ProblemNotice>
    </PaperPage>
  );
}

interface EarlyProps {
  link: string;
  join: JoinView;
  prospect: Prospect;
  /** How far the server's clock is ahead of ours: the doors open by the server's. */
  ahead_ms: number;
  onOpen: () => void;
}

/** Too early: counts down and looks again by itself. Meanwhile microphone and speaker can be tried. */
export function EarlyPage({ link, join, prospect, ahead_ms, onOpen }: EarlyProps) {
  const left_ms = Date.parse(join.opens_at) - (useNow(1000) + ahead_ms);
  const isTime = left_ms <= 0;
  useEffect(() => {
    if (isTime) onOpen();
  }, [isTime, onOpen]);
  return (
    <PaperPage title={join.title} above={<InvitationHead join={join} />}>
      <Disclosure join={join} />
      <div>
        <Text>
          The doors open: <When iso={join.opens_at} />
        </Text>
        <Text className="tabular" fw={600} size="xl" role="timer">
          {isTime ? "Opening" : `In ${formatLeft(left_ms)}`}
        </Text>
        <Text c="dimmed">You can leave this page open. It lets you in when it is time.</Text>
      </div>
      <div>
        <Button
          variant="default"
          onClick={() => saveCalendar(join)}
          leftSection={<IconCalendarPlus size={18} aria-hidden />}
          data-testid="calendar-button"
        >
          Save to my calendar
        </Button>
      </div>
      <Meanwhile prospect={prospect} />
      <Text size="sm">
        <Anchor href={`/manage#${link}`} inherit underline="always">
          Change the time, say that you prefer text, or cancel
        </Anchor>
      </Text>
    </PaperPage>
  );
}

/** The microphone opens only when asked to: somebody may wait here for an hour. */
function Meanwhile({ prospect }: { prospect: Prospect }) {
  const { microphone, hello, speaker } = prospect;
  const { state } = useSyncExternalStore(microphone.subscribe, microphone.get);
  if (state !== "closed") {
    return (
      <div className={classes.devices}>
        <MicrophoneCheck microphone={microphone} hello={hello} />
        <SoundChecks hello={hello} speaker={speaker} live={state === "live"} />
      </div>
    );
  }
  return (
    <div>
      <Button
        variant="default"
        onClick={() => void microphone.open()}
        leftSection={<IconMicrophone size={18} aria-hidden />}
        data-testid="early-check-button"
      >
        Check my microphone and speaker
      </Button>
    </div>
  );
}

const OVER: Record<string, { title: string; words: (join: JoinView) => string }> = {
  ended: {
    title: "This call has ended",
    words: (join) =>
      `Thank you for your time. ${join.owner_name} has what was said and can arrange another call.`,
  },
  cancelled: {
    title: "This call was cancelled",
    words: (join) => `There is nothing to join. If you did not expect this, write to ${join.owner_name}.`,
  },
  expired: {
    title: "This link is no longer valid",
    words: (join) => `The time for this call has passed. Ask ${join.owner_name} for a new one.`,
  },
};

export function OverPage({ join }: { join: JoinView }) {
  const over = OVER[join.why_not ?? "ended"] ?? OVER.ended;
  return (
    <PaperPage title={over?.title ?? ""} above={join.title}>
      <Text>{over?.words(join)}</Text>
    </PaperPage>
  );
}
