import { Button, Title } from "@mantine/core";
import { IconDoorExit } from "@tabler/icons-react";
import type { RoomView } from "../../room/call-room";
import { type Asks, speaks, type Way } from "../../room/consent";
import type { Live } from "../../room/reducer";
import type { AgentPart } from "./agent-words";
import { Banners } from "./Banners";
import { ConsentControl } from "./ConsentControl";
import { Lines } from "./Lines";
import { MessageField } from "./MessageField";
import { MicrophoneButton } from "./MicrophoneButton";
import { People } from "./People";
import classes from "./prospect-room.module.css";

interface Props {
  title: string;
  agent: AgentPart;
  asks: Asks;
  view: RoomView;
  live: Live;
  way: Way;
  level: () => number;
  onMute: (muted: boolean) => Promise<void>;
  onWrite: (text: string) => Promise<void>;
  onChangeWay: (way: Way) => Promise<void>;
  onSound: () => void;
  onLeave: () => void;
}

/** The room as a guest sees it: people, words, and four things to do. */
export function ProspectRoomView(props: Props) {
  const { title, agent, asks, view, live, way } = props;
  const me = view.people.find((person) => person.is_me)?.identity ?? null;
  return (
    <main className={classes.room}>
      <header className={classes.header}>
        <Title order={1} size="h4" lineClamp={1}>
          {title}
        </Title>
        <ConsentControl way={way} asks={asks} onChange={props.onChangeWay} />
      </header>
      <div className={classes.stage}>
        <People
          people={view.people}
          speakers={live.speakers}
          agent={agent}
          agentAway={view.agent_away}
          agentMissing={view.agent_missing}
        />
        <div className={classes.words}>
          <Banners view={view} agent={agent} onSound={props.onSound} reader="guest" />
          <Lines
            lines={live.lines}
            speakers={live.speakers}
            me={me}
            look="captions"
            empty={emptyWords(agent, view)}
          />
        </div>
      </div>
      <footer className={classes.footer}>
        {speaks(way) && (
          <MicrophoneButton
            on={view.microphone === "on"}
            level={props.level}
            onToggle={(on) => props.onMute(!on)}
          />
        )}
        <MessageField onSend={props.onWrite} />
        <Button
          variant="default"
          onClick={props.onLeave}
          leftSection={<IconDoorExit size={18} aria-hidden />}
          data-testid="leave-button"
        >
          Leave
        </Button>
      </footer>
    </main>
  );
}

function emptyWords({ name, hears, silent }: AgentPart, { agent_missing }: RoomView): string {
  if (!hears)
    return "This call is not transcribed. What is said does not appear here and is not written down.";
  if (agent_missing) return "Nothing is written down while the AI is not here.";
  return silent ? "What is said appears here." : `What is said appears here. ${name} starts in a moment.`;
}
