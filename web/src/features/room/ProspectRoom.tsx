import { useEffect, useSyncExternalStore } from "react";
import type { JoinView } from "../../api/types";
import type { CallRoom } from "../../room/call-room";
import type { Prospect } from "../../room/prospect";
import { asksOf } from "../join/join-words";
import { GonePage } from "./GonePage";
import { ProspectRoomView } from "./ProspectRoomView";

interface Props {
  prospect: Prospect;
  room: CallRoom;
  join: JoinView;
  onLookAgain: () => void;
}

export function ProspectRoom({ prospect, room, join, onLookAgain }: Props) {
  const view = useSyncExternalStore(room.subscribe, room.get);
  const live = useSyncExternalStore(prospect.live.subscribe, prospect.live.get);
  const { way, stage } = useSyncExternalStore(prospect.subscribe, prospect.get);
  const { gone } = view;
  useEffect(() => {
    // Whether the call goes on decides what the page can offer.
    if (gone !== null) onLookAgain();
  }, [gone, onLookAgain]);
  if (gone !== null) {
    const isOver = join.why_not === "ended" && gone !== "elsewhere";
    return (
      <GonePage
        gone={isOver ? "ended" : gone}
        reader="guest"
        above={join.title}
        onBack={() => void prospect.rejoin()}
        busy={stage === "entering"}
      />
    );
  }
  return (
    <ProspectRoomView
      title={join.title}
      agent={{
        name: join.agent_name,
        silent: join.kind === "assisted",
        hears: join.asks_transcription,
        wanted: !join.agent_dismissed,
      }}
      asks={asksOf(join)}
      view={view}
      live={live}
      way={way}
      level={() => prospect.microphone.level()}
      onMute={(muted) => room.mute(muted)}
      onWrite={(text) => prospect.write(text)}
      onChangeWay={(chosen) => prospect.changeWay(chosen)}
      onSound={() => void room.turnOnSound()}
      onLeave={() => void prospect.leave()}
    />
  );
}
