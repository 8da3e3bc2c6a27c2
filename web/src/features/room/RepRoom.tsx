import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { Call, NudgeResponse } from "../../api/types";
import type { CallRoom } from "../../room/call-room";
import { inTrouble } from "../../room/microphone";
import type { Rep } from "../../room/rep";
import { GonePage } from "./GonePage";
import { BackToCalls } from "./RepPrejoin";
import { RepRoomView } from "./RepRoomView";

interface Props {
  rep: Rep;
  room: CallRoom;
  call: Call;
  onLookAgain: () => void;
}

export function RepRoom({ rep, room, call, onLookAgain }: Props) {
  const view = useSyncExternalStore(room.subscribe, room.get);
  const live = useSyncExternalStore(rep.live.subscribe, rep.live.get);
  const { stage, log_waits, problem } = useSyncExternalStore(rep.subscribe, rep.get);
  const microphone = useSyncExternalStore(rep.microphone.subscribe, rep.microphone.get);
  const { gone } = view;
  // Whoever comes in later has missed the notice.
  const wasMissing = call.agent_missing_at !== null && !view.people.some((person) => person.is_agent);
  const agent_missing = view.agent_missing || wasMissing;
  const answer = useCallback(
    (nudge_id: string, response: NudgeResponse) => rep.answers.give(nudge_id, response),
    [rep],
  );
  useEffect(() => {
    if (gone !== null) onLookAgain();
  }, [gone, onLookAgain]);
  if (gone !== null) {
    const isOver =
      gone !== "left" && gone !== "elsewhere" && (live.ended !== null || call.status === "ended");
    const shown = isOver ? "ended" : gone;
    return (
      <GonePage
        gone={shown}
        reader="rep"
        above={call.title}
        onBack={() => void rep.join(false)}
        busy={stage === "entering"}
      >
        {shown === "ended" && (
          <Button
            size="md"
            renderRoot={(props) => <Link {...props} to="/calls/$callId" params={{ callId: call.call_id }} />}
          >
            To the call's page
          </Button>
        )}
        <BackToCalls />
      </GonePage>
    );
  }
  return (
    <RepRoomView
      call={call}
      view={{ ...view, agent_missing }}
      live={live}
      logWaits={log_waits}
      problem={problem}
      microphoneTrouble={inTrouble(microphone.state)}
      level={() => rep.microphone.level()}
      dispatch={rep.live.dispatch}
      onSpeak={(on) => rep.speak(on)}
      onSound={() => void room.turnOnSound()}
      onLeave={() => void rep.leave()}
      onEnd={() => rep.endCall()}
      onWantAgent={(wanted) => rep.wantAgent(wanted)}
      onAnswer={answer}
      onAnswersAgain={() => rep.answers.again()}
    />
  );
}
