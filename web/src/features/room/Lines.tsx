import { Button } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { Fragment, type ReactNode, useEffect } from "react";
import type { Line } from "../../room/lines";
import type { Note } from "../../room/notes";
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
  /** What happened to the call, between the lines. */
  notes?: readonly Note[];
  /** The line to bring into view and to mark; a new object shows it again. */
  shown?: { segment_id: string } | null;
}

const NO_NOTES: readonly Note[] = [];

/** What is being said, newest last. Follows by itself; the page around it never moves. */
export function Lines({ lines, speakers, me, look, empty, notes = NO_NOTES, shown = null }: Props) {
  const { box, following, onScroll, jump, stay } = useFollow(lines);
  useEffect(() => {
    if (shown === null) return;
    const line = box.current?.querySelector(`[data-segment="${CSS.escape(shown.segment_id)}"]`);
    if (!line) return;
    stay();
    line.scrollIntoView({ block: "center" });
  }, [shown, box, stay]);
  const isRep = look === "transcript";
  const places = placesOf(notes, lines);
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
        {lines.map((line, n) => {
          const between = places.get(n) ?? NO_NOTES;
          return (
            <Fragment key={line.id}>
              <NoteLines notes={between} />
              <LineView
                line={line}
                isRep={isRep}
                name={line.identity === me ? "You" : line.name}
                colour={voiceColour(line.role === "agent", speakers.indexOf(line.identity))}
                goesOn={between.length === 0 && lines[n - 1]?.identity === line.identity}
                isShown={line.id === shown?.segment_id}
              />
            </Fragment>
          );
        })}
        <NoteLines notes={places.get(lines.length) ?? NO_NOTES} />
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

/** A note stands before the first line that began after it; lines without a time are being said now. */
function placeOf(note: Note, lines: readonly Line[]): number {
  const next = lines.findIndex((line) => line.start_ms === null || line.start_ms > note.at_ms);
  return next === -1 ? lines.length : next;
}

function placesOf(notes: readonly Note[], lines: readonly Line[]): Map<number, Note[]> {
  const places = new Map<number, Note[]>();
  for (const note of notes) {
    const place = placeOf(note, lines);
    places.set(place, [...(places.get(place) ?? []), note]);
  }
  return places;
}

function NoteLines({ notes }: { notes: readonly Note[] }) {
  return notes.map((note) => (
    <p key={note.id} className={classes.note} data-testid="call-note">
      <span className={classes.at}>{formatClock(note.at_ms)}</span> {note.words}
      {note.reason && ` ${note.reason}`}
    </p>
  ));
}

interface LineViewProps {
  line: Line;
  isRep: boolean;
  name: string;
  colour: string;
  /** The same voice as the line before: its name is not said again. */
  goesOn: boolean;
  isShown: boolean;
}

function LineView({ line, isRep, name, colour, goesOn, isShown }: LineViewProps) {
  return (
    <div
      className={classes.line}
      data-testid={isRep ? "rep-segment" : "caption"}
      data-final={line.final}
      data-segment={line.id}
      data-shown={isShown || undefined}
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
