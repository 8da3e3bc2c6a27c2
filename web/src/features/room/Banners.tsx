import { Button } from "@mantine/core";
import type { RoomView } from "../../room/call-room";
import { Notice } from "../../ui/ProblemNotice";
import type { AgentPart } from "./agent-words";
import classes from "./banners.module.css";
import { useLasting } from "./useLasting";

/** An agent that crashed is replaced well within this. */
export const AGENT_LATE_MS = 20_000;

interface Props {
  view: RoomView;
  agent: AgentPart;
  onSound: () => void;
  /** "guest" can go on in writing; "rep" reads about the record and the nudges. */
  reader: "guest" | "rep";
  children?: React.ReactNode;
}

/** What is going on with the connection. They float, so that nothing below moves. */
export function Banners({ view, agent, onSound, reader, children }: Props) {
  const isReconnecting = view.phase === "reconnecting";
  return (
    <div className={classes.banners}>
      {isReconnecting && (
        <Notice title="Your connection dropped. Reconnecting">
          Stay on this page. What was said so far is kept.
        </Notice>
      )}
      {!isReconnecting && view.agent_missing && agent.wanted && (
        <AgentMissing agent={agent} reader={reader} />
      )}
      {!isReconnecting && !view.agent_missing && view.agent_away && agent.wanted && (
        <AgentAway agent={agent} reader={reader} />
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

/** The server has tried, and says so. */
function AgentMissing({ agent, reader }: Pick<Props, "agent" | "reader">) {
  if (agent.silent) {
    return (
      <Notice title="The AI cannot come">
        {reader === "guest"
          ? "The call goes on without it. Nothing is written down."
          : "The call goes on. There is no transcript and there are no nudges until it is here."}
      </Notice>
    );
  }
  return (
    <Notice title="The AI cannot come">
      {reader === "guest"
        ? "Your host is told. You can talk with the people here, or come back at another time. Writing does not work without it."
        : "Talk with the guests yourself, or arrange another time. The owner of the call has a mail about it."}
    </Notice>
  );
}

/** It was here and is not. A guest cannot know why, so after a while the page only says what is. */
function AgentAway({ agent, reader }: Pick<Props, "agent" | "reader">) {
  const late = useLasting(true, AGENT_LATE_MS);
  if (agent.silent) {
    if (reader === "guest") return null;
    return (
      <Notice title={late ? "The agent is not in the room" : "The agent is reconnecting"}>
        The call goes on. Until it is back there is no transcript and there are no nudges.
      </Notice>
    );
  }
  if (late) {
    return (
      <Notice title="The AI is not in the room now">
        The call goes on with the people here. What was said so far is kept.
      </Notice>
    );
  }
  return (
    <Notice title="The AI's voice is reconnecting">
      {reader === "guest" ? "You can go on by text; nothing is lost." : "The call goes on; nothing is lost."}
    </Notice>
  );
}
