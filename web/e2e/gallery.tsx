import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "../src/ui/global.css";
import { MantineProvider } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { api } from "../src/api/client";
import type { Call } from "../src/api/types";
import { GonePage } from "../src/features/room/GonePage";
import { ProspectRoomView } from "../src/features/room/ProspectRoomView";
import { RepRoomView } from "../src/features/room/RepRoomView";
import type { Gone } from "../src/room/call-room";
import { NudgeAnswers } from "../src/room/nudge-answers";
import { LiveStore } from "../src/room/store";
import { cssVariables, theme } from "../src/ui/theme";
import { actions, asBen, rooms } from "./gallery-data";

// The rooms need a media server to be entered; here they are drawn from written-down states instead.
const parameters = new URLSearchParams(location.search);
const view = rooms[parameters.get("room") ?? "talking"] ?? rooms.talking;
const script = actions[parameters.get("script") ?? "talk"] ?? [];
const nothing = async () => undefined;
const level = () => 0.5;
const isOff = (name: string) => parameters.getAll("off").includes(name);
const call: Pick<Call, "title" | "kind" | "switches" | "agent_dismissed" | "question_set_id"> = {
  title: "Discovery call with Brightside Foods",
  kind: parameters.get("kind") === "assisted" ? "assisted" : "discovery",
  switches: {
    recording: !isOff("recording"),
    transcript: !isOff("transcript"),
    coaching: !isOff("coaching"),
    sentiment: true,
    mail: true,
  },
  agent_dismissed: false,
  question_set_id: "set-1",
};

function Gallery() {
  const [live] = useState(() => new LiveStore());
  const [answers] = useState(() => new NudgeAnswers("call-1", live.dispatch));
  useEffect(() => {
    for (const action of script) live.dispatch(action(Date.now()));
    Object.assign(window, { live, say: actions });
  }, [live]);
  const state = useSyncExternalStore(live.subscribe, live.get);
  if (view === undefined) return null;
  const gone = parameters.get("gone") as Gone | null;
  if (gone) {
    const reader = parameters.get("as") === "rep" ? "rep" : "guest";
    return <GonePage gone={gone} reader={reader} above={call.title} onBack={() => undefined} busy={false} />;
  }
  if (parameters.get("as") === "rep") {
    return (
      <RepRoomView
        call={call}
        view={asBen(view)}
        live={state}
        logWaits={parameters.has("log-waits")}
        problem={null}
        microphoneTrouble={false}
        level={level}
        dispatch={live.dispatch}
        onSpeak={nothing}
        onSound={nothing}
        onLeave={nothing}
        onEnd={nothing}
        onWantAgent={async (wanted) => {
          await api.setAgent("call-1", wanted);
          live.dispatch({ type: "agent_wanted", wanted });
        }}
        onAnswer={(nudge_id, response) => answers.give(nudge_id, response)}
        onAnswersAgain={() => answers.again()}
      />
    );
  }
  return (
    <ProspectRoomView
      title={call.title}
      agent={{
        name: "Parley assistant",
        silent: call.kind === "assisted",
        hears: call.switches.transcript,
        wanted: true,
      }}
      asks={{ transcription: call.switches.transcript, recording: call.switches.recording }}
      view={view}
      live={state}
      way={call.switches.transcript ? "record" : "unheard"}
      level={level}
      onMute={nothing}
      onWrite={nothing}
      onChangeWay={nothing}
      onSound={nothing}
      onLeave={nothing}
    />
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Gallery />
    </MantineProvider>,
  );
}
