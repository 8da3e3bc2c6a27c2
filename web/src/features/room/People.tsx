import { IconMicrophoneOff, IconSparkles } from "@tabler/icons-react";
import type { Person } from "../../room/people";
import { voiceColour } from "../../ui/theme";
import { type AgentPart, agentWord } from "./agent-words";
import { AGENT_LATE_MS } from "./Banners";
import classes from "./people.module.css";
import { useLasting } from "./useLasting";

/** On a narrow window the tiles scroll, so they must be reachable by keyboard. */
const SCROLLED_BY_KEYS = { tabIndex: 0 };

interface Props {
  people: readonly Person[];
  speakers: readonly string[];
  agent: AgentPart;
  /** The agent was here and is not now. */
  agentAway: boolean;
  /** The server has said that no agent can come. */
  agentMissing: boolean;
  /** Small for a strip beside a transcript. */
  small?: boolean;
}

/** Who is here, as calm tiles. The agent has a place from the beginning, so nothing moves when it comes. */
export function People({ people, speakers, agent, agentAway, agentMissing, small = false }: Props) {
  const agents = people.filter((person) => person.is_agent);
  const late = useLasting(agents.length === 0, AGENT_LATE_MS);
  const humans = people.filter((person) => !person.is_agent);
  return (
    <ul
      className={classes.people}
      data-small={small || undefined}
      aria-label="People in the call"
      {...SCROLLED_BY_KEYS}
    >
      {agents.length === 0 && (
        <AgentTile
          here={null}
          part={agent}
          late={late}
          away={agentAway}
          missing={agentMissing}
          brief={!small}
        />
      )}
      {agents.map((here) => (
        <AgentTile key={here.identity} here={here} part={agent} brief={!small} />
      ))}
      {humans.map((person) => (
        <PersonTile key={person.identity} person={person} place={speakers.indexOf(person.identity)} />
      ))}
    </ul>
  );
}

interface AgentTileProps {
  here: Person | null;
  part: AgentPart;
  late?: boolean;
  away?: boolean;
  missing?: boolean;
  brief: boolean;
}

function AgentTile({ here, part, late = false, away = false, missing = false, brief }: AgentTileProps) {
  const state = here?.agent_state ?? null;
  const speaking = here !== null && (here.speaking || state === "speaking");
  return (
    <li className={classes.tile} data-agent data-speaking={speaking || undefined}>
      <span className={classes.face} style={{ "--voice": voiceColour(true, 0) } as React.CSSProperties}>
        <IconSparkles aria-hidden size="1.3em" stroke={1.6} />
      </span>
      <span className={classes.words}>
        <span className={classes.name}>{here?.name ?? part.name}</span>
        <span
          className={classes.state}
          data-testid="agent-state"
          data-state={here === null ? "away" : (state ?? "here")}
        >
          <span className={classes.tag}>AI</span>{" "}
          {agentWord(state, here !== null, part, { late, away, missing, brief })}
        </span>
      </span>
    </li>
  );
}

function stateOf(person: Person): string {
  if (person.transcription === false) return person.microphone_on ? "Not heard by the AI" : "By text";
  if (!person.microphone_on) return "Muted";
  return person.speaking ? "Speaking" : "Listening";
}

function PersonTile({ person, place }: { person: Person; place: number }) {
  const initials = person.name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");
  return (
    <li className={classes.tile} data-speaking={person.speaking || undefined}>
      <span className={classes.face} style={{ "--voice": voiceColour(false, place) } as React.CSSProperties}>
        <span aria-hidden>{initials}</span>
      </span>
      <span className={classes.words}>
        <span className={classes.name}>{person.name}</span>
        <span className={classes.state}>
          {!person.microphone_on && <IconMicrophoneOff size={14} aria-hidden />}
          {person.is_me ? `You · ${stateOf(person)}` : stateOf(person)}
        </span>
      </span>
    </li>
  );
}
