import { Button } from "@mantine/core";
import type { RoomView } from "../../room/call-room";
import { Notice } from "../../ui/ProblemNotice";
import classes from "./banners.module.css";

interface Props {
  view: RoomView;
  onSound: () => void;
  /** A guest can go on in writing; a rep cannot. */
  canWrite: boolean;
  children?: React.ReactNode;
}

/** What is going on with the connection. They float, so that nothing below moves. */
export function Banners({ view, onSound, canWrite, children }: Props) {
  const isReconnecting = view.phase === "reconnecting";
  return (
    <div className={classes.banners}>
      {isReconnecting && (
        <Notice title="Your connection dropped. Reconnecting">
          Stay on this page. What was said so far is kept.
        </Notice>
      )}
      {!isReconnecting && view.agent_away && (
        <Notice title="The AI's voice is reconnecting">
          {canWrite ? "You can go on by text; nothing is lost." : "The call goes on; nothing is lost."}
        </Notice>
      )}
      {children}
      {view.sound_blocked && (
        <Notice
          title="Your browser keeps the sound off"
          action={
            <Button size="sm" onClick={onSound} data-testid="sound-button">
              Turn on sound
            </Button>
          }
        />
      )}
    </div>
  );
}
