import { Button, Text, Title } from "@mantine/core";
import { useCallback, useState } from "react";
import type { Problem } from "../../api/problem";
import type { Call, NudgeResponse } from "../../api/types";
import type { RoomView } from "../../room/call-room";
import { type Action, currentNudge, type Live } from "../../room/reducer";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { formatClock } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { AgentControl } from "./AgentControl";
import type { AgentPart } from "./agent-words";
import { Banners } from "./Banners";
import { Coverage } from "./Coverage";
import { EarlierNudges } from "./EarlierNudges";
import { EndCall } from "./EndCall";
import { Lines } from "./Lines";
import { MicrophoneButton } from "./MicrophoneButton";
import { NudgeSlot } from "./NudgeSlot";
import { People } from "./People";
import classes from "./rep-room.module.css";
import { coachingOff, noQuestions, noTranscript } from "./switch-words";

interface Props {
  call: Pick<Call, "title" | "kind" | "switches" | "agent_dismissed" | "question_set_id">;
  view: RoomView;
  live: Live;
  logWaits: boolean;
  problem: Problem | null;
  microphoneTrouble: boolean;
  level: () => number;
  dispatch: (action: Action) => void;
  onSpeak: (on: boolean) => Promise<void>;
  onSound: () => void;
  onLeave: () => void;
  onEnd: () => Promise<void>;
  onWantAgent: (wanted: boolean) => Promise<void>;
  onAnswer: (nudge_id: string, response: NudgeResponse) => void;
  onAnswersAgain: () => void;
}

/** On a narrow window it scrolls, so it must be reachable by keyboard. */
const SCROLLED_BY_KEYS = { tabIndex: 0 };

/** The room as a rep sees it: the words on the left, one nudge on the right, below it what is covered. */
export function RepRoomView(props: Props) {
  const { call, view, live } = props;
  const [shown, setShown] = useState<{ segment_id: string } | null>(null);
  const show = useCallback((segment_id: string) => setShown({ segment_id }), []);
  const nudge = currentNudge(live);
  const agent: AgentPart = {
    name: "Agent",
    silent: call.kind === "assisted",
    hears: call.switches.transcript,
    wanted: live.agent_wanted ?? !call.agent_dismissed,
  };
  const me = view.people.find((person) => person.is_me)?.identity ?? null;
  const others = view.people.filter((person) => !person.is_me).map((person) => person.name);
  return (
    <main className={classes.room}>
      <header className={classes.header}>
        <div className={classes.title}>
          <Title order={1} size="h4" lineClamp={1}>
            {call.title}
          </Title>
          {live.started_at !== null && <Elapsed since={live.started_at} />}
        </div>
        <div className={classes.controls}>
          <MicrophoneButton on={view.microphone === "on"} level={props.level} onToggle={props.onSpeak} />
          <Button variant="default" onClick={props.onLeave} data-testid="leave-button">
            Leave
          </Button>
          <EndCall others={others} onEnd={props.onEnd} />
        </div>
      </header>
      <div className={classes.strip}>
        <People
          people={view.people}
          speakers={live.speakers}
          agent={agent}
          agentAway={view.agent_away}
          agentMissing={view.agent_missing}
          small
        />
        <AgentControl
          here={view.people.some((person) => person.is_agent)}
          wanted={agent.wanted}
          onWant={props.onWantAgent}
        />
      </div>
      <div className={classes.body}>
        <div className={classes.transcript}>
          <Banners view={view} agent={agent} onSound={props.onSound} reader="rep">
            <Told {...props} />
          </Banners>
          <Lines
            lines={live.lines}
            speakers={live.speakers}
            me={me}
            look="transcript"
            empty={noTranscript(call) ?? emptyWords(view)}
            notes={live.notes}
            shown={shown}
          />
        </div>
        <aside className={classes.side} aria-label="Coaching" {...SCROLLED_BY_KEYS}>
          <NudgeSlot
            nudge={nudge}
            off={coachingOff(call)}
            wanted={agent.wanted}
            dispatch={props.dispatch}
            onAnswer={props.onAnswer}
            onShow={show}
          />
          <Coverage questions={live.questions} names={live.names} empty={noQuestions(call)} onShow={show} />
          <EarlierNudges
            nudges={live.nudges}
            current={nudge}
            onAnswer={props.onAnswer}
            onAgain={props.onAnswersAgain}
          />
        </aside>
      </div>
    </main>
  );
}

function emptyWords({ agent_missing }: RoomView): string {
  return agent_missing
    ? "There is no transcript while the AI is not here."
    : "The transcript appears here as soon as somebody speaks.";
}

/** Troubles that do not stop the call. */
function Told({ problem, logWaits, microphoneTrouble }: Props) {
  return (
    <>
      {problem && <ProblemNotice problem={problem} />}
      {logWaits && (
        <Notice title="The record of the call is reconnecting">
          Live captions go on; missed lines come back.
        </Notice>
      )}
      {microphoneTrouble && (
        <Notice title="Your microphone cannot be used">
          Allow it in your browser and press “Muted” again. You still hear everybody.
        </Notice>
      )}
    </>
  );
}

function Elapsed({ since }: { since: number }) {
  const now = useNow(1000);
  return (
    <Text size="sm" c="dimmed" className="tabular" title="Time since the call started">
      {formatClock(now - since)}
    </Text>
  );
}
