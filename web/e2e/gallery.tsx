import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "../src/ui/global.css";
import { MantineProvider } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { ProspectRoomView } from "../src/features/room/ProspectRoomView";
import { RepRoomView } from "../src/features/room/RepRoomView";
import { LiveStore } from "../src/room/store";
import { cssVariables, theme } from "../src/ui/theme";
import { actions, asBen, rooms } from "./gallery-data";

// The rooms need a media server to be entered; here they are drawn from written-down states instead.
const parameters = new URLSearchParams(location.search);
const view = rooms[parameters.get("room") ?? "talking"] ?? rooms.talking;
const script = actions[parameters.get("script") ?? "talk"] ?? [];
const nothing = async () => undefined;
const level = () => 0.5;

function Gallery() {
  const [live] = useState(() => new LiveStore());
  useEffect(() => {
    for (const action of script) live.dispatch(action(Date.now()));
    Object.assign(window, { live, say: actions });
  }, [live]);
  const state = useSyncExternalStore(live.subscribe, live.get);
  if (view === undefined) return null;
  if (parameters.get("as") === "rep") {
    return (
      <RepRoomView
        title="Discovery call with Brightside Foods"
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
      />
    );
  }
  return (
    <ProspectRoomView
      title="Discovery call with Brightside Foods"
      agentName="Parley assistant"
      view={view}
      live={state}
      way="record"
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
