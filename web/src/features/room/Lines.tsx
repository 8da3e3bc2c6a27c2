import { Button } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Line } from "../../room/lines";
import { voiceColour } from "../../ui/theme";
import { formatClock } from "../../ui/time";
import classes from "./lines.module.css";
import { useFollow } from "./useFollow";

/** A list that scrolls must be reachable by keyboard. */
const SCROLLED_BY_KEYS = { tabIndex: 0 };

interface Props {
  lines: readonly Line[];
  speakers: readonly string[];
  /** Who reads: their own lines are named "You". */
  me: string | null;
  /** "captions": big, for prospects. "transcript": dense, with times, for reps. */
  look: "captions" | "transcript";
  empty: ReactNode;
}

/** What is being said, newest last. Follows by itself; the page around it never moves. */
export function Lines({ lines, speakers, me, look, empty }: Props) {
  const { box, following, onScroll, jump } = useFollow(lines);
  const isRep = look === "transcript";
  return (
    <section className={classes.frame} aria-label={isRep ? "Transcript" : "Captions"}>
      <div
        ref={box}
        className={classes.box}
        data-look={look}
        onScroll={onScroll}
        role="log"
        aria-live="off"
        {...SCROLLED_BY_KEYS}
        aria-label={isRep ? "What was said" : "What is being said"}
        {...(isRep ? { "data-testid": "rep-transcript" } : {})}
      >
        {lines.length === 0 && <div className={classes.empty}>{empty}</div>}
        {lines.map((line, n) => (
          <LineView
            key={line.id}
            line={line}
            isRep={isRep}
            name={line.identity === me ? "You" : line.name}
            colour={voiceColour(line.role === "agent", speakers.indexOf(line.identity))}
            goesOn={lines[n - 1]?.identity === line.identity}
          />
        ))}
      </div>
      {!following && lines.length > 0 && (
        <Button
          className={classes.jump}
          size="xs"
          radius="xl"
          onClick={jump}
          leftSection={<IconArrowDown size={14} />}
        >
          Jump to newest
        </Button>
      )}
    </section>
  );
}

interface LineViewProps {
  line: Line;
  isRep: boolean;
  name: string;
  colour: string;
  /** The same voice as the line before: its name is not said again. */
  goesOn: boolean;
}

function LineView({ line, isRep, name, colour, goesOn }: LineViewProps) {
  return (
    <div
      className={classes.line}
      data-testid={isRep ? "rep-segment" : "caption"}
      data-final={line.final}
      data-speaker={line.identity}
      data-role={line.role ?? undefined}
      data-goes-on={goesOn || undefined}
      style={{ "--voice": colour } as React.CSSProperties}
    >
      {!goesOn && (
        <div className={classes.head}>
          <span className={classes.name}>{name}</span>
          {isRep && line.start_ms !== null && (
            <span className={classes.at}>{formatClock(line.start_ms)}</span>
          )}
          {line.source === "text" && <span className={classes.at}>in writing</span>}
        </div>
      )}
      <p className={classes.text}>{line.text}</p>
    </div>
  );
}
