import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import type { Call } from "../../api/types";
import type { Rep } from "../../room/rep";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { formatMinutes } from "../../ui/time";
import { When } from "../../ui/When";
import { coachingOff, noTranscript } from "./switch-words";

export function BackToCalls() {
  return (
    <Anchor component={Link} to="/calls" size="sm" underline="always">
      Back to calls
    </Anchor>
  );
}

const OVER: Partial<Record<Call["status"], string>> = {
  ended: "This call has ended. Nobody can join it any more.",
  cancelled: "This call was cancelled.",
};

/** Who leads, and what the rep gets from the agent in this call. */
function partOf(call: Call): string {
  const leads =
    call.kind === "assisted"
      ? "You lead the call. The agent does not speak, and you can ask it to leave."
      : "The agent leads the call.";
  const off = noTranscript(call) ?? coachingOff(call);
  return `${leads} ${off ?? "You read along, and nudges that only you see appear beside the transcript."}`;
}

/** A moment before the room: nobody is heard by accident. */
export function RepPrejoin({ rep, call }: { rep: Rep; call: Call }) {
  const { stage, problem } = useSyncExternalStore(rep.subscribe, rep.get);
  const over = OVER[call.status];
  const here =
    call.participants_present === 0
      ? "Nobody is in the room yet."
      : `${call.participants_present} in the room now.`;
  const above = (
    <>
      <When iso={call.starts_at} />, {formatMinutes(call.duration_minutes)}
      {call.lead && `, with ${call.lead.name} of ${call.lead.company}`}
    </>
  );
  // Who leads the call speaks in it; next to a leading agent one listens first.
  const isLed = call.kind === "discovery";
  const joinMuted = (
    <Button
      size={isLed ? "lg" : "md"}
      variant={isLed ? "filled" : "default"}
      onClick={() => void rep.join(false)}
      loading={isLed && stage === "entering"}
      disabled={!isLed && stage === "entering"}
      data-testid="rep-join-button"
    >
      Join muted
    </Button>
  );
  return (
    <PaperPage title={call.title} above={above}>
      {over && <Text>{over}</Text>}
      {!over && (
        <>
          <Text>
            {here} {partOf(call)}
          </Text>
          {isLed && joinMuted}
          <Button
            size={isLed ? "md" : "lg"}
            variant={isLed ? "default" : "filled"}
            onClick={() => void rep.join(true)}
            loading={!isLed && stage === "entering"}
            disabled={isLed && stage === "entering"}
            data-testid="rep-join-speaking"
          >
            Join with my microphone on
          </Button>
          {!isLed && joinMuted}
          <Text size="sm" c="dimmed">
            The others see that you are here. You can turn your microphone on and off during the call.
          </Text>
        </>
      )}
      {problem && <ProblemNotice problem={problem} />}
      <BackToCalls />
    </PaperPage>
  );
}
