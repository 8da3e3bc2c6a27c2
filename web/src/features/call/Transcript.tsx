import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { transcriptQuery } from "../../api/queries";
import type { Segment } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { Empty } from "../../ui/Page";
import { SearchField } from "../../ui/SearchField";
import { voiceColour } from "../../ui/theme";
import { formatClock } from "../../ui/time";
import { found, occurrences, type Place, pieces, speakersOf } from "./transcript";
import classes from "./transcript.module.css";

/** A box that scrolls must be reachable by keyboard. */
const SCROLLED_BY_KEYS = { tabIndex: 0 };

interface Props {
  callId: string;
  place: Place | null;
}

/** What was said, with a search; goes to the place that a claim names. */
export function Transcript({ callId, place }: Props) {
  const transcript = useQuery(transcriptQuery(callId));
  return (
    <Asked query={transcript} loading="Loading the transcript" shape={{ rows: 8, height: 40 }}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nothing was written down">
            Nobody who agreed to the transcript has spoken in this call.
          </Empty>
        ) : (
          <Searched segments={items} place={place} />
        )
      }
    </Asked>
  );
}

function Searched({ segments, place }: { segments: readonly Segment[]; place: Place | null }) {
  const [words, setWords] = useState("");
  const [nth, setNth] = useState(0);
  const hits = useMemo(() => found(segments, words), [segments, words]);
  const current = hits[nth] ?? null;
  const turn = (by: number) => setNth((nth + by + hits.length) % hits.length);
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <SearchField
          label="Search the transcript"
          placeholder="Search the transcript"
          value={words}
          onSearch={(next) => {
            setWords(next);
            setNth(0);
          }}
        />
        {words && (
          <>
            <Text size="sm" c="dimmed" className="tabular" role="status" style={{ whiteSpace: "nowrap" }}>
              {hits.length === 0 ? "Not found" : `${nth + 1} of ${hits.length}`}
            </Text>
            <ActionIcon
              variant="default"
              aria-label="Previous place"
              disabled={hits.length < 2}
              onClick={() => turn(-1)}
            >
              <IconChevronUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              aria-label="Next place"
              disabled={hits.length < 2}
              onClick={() => turn(1)}
            >
              <IconChevronDown size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
      </Group>
      <Said segments={segments} words={words} current={current} place={place} />
    </>
  );
}

interface SaidProps {
  segments: readonly Segment[];
  words: string;
  /** The segment of the search that is looked at. */
  current: string | null;
  place: Place | null;
}

function Said({ segments, words, current, place }: SaidProps) {
  const box = useRef<HTMLOListElement>(null);
  const speakers = useMemo(() => speakersOf(segments), [segments]);
  useEffect(() => void show(box.current, current), [current]);
  useEffect(() => {
    const line = show(box.current, place?.segment_id ?? null);
    line?.scrollIntoView({ block: "nearest" });
    if (place?.pressed) line?.focus({ preventScroll: true });
  }, [place]);
  return (
    <ol
      ref={box}
      className={classes.box}
      aria-label="What was said"
      {...SCROLLED_BY_KEYS}
      data-testid="transcript"
    >
      {segments.map((segment, n) => {
        const isPlace = place?.segment_id === segment.segment_id;
        const marked = words || !isPlace ? words : (place.quote ?? "");
        return (
          <li
            key={segment.segment_id}
            tabIndex={-1}
            data-segment={segment.segment_id}
            data-here={isPlace || undefined}
            data-goes-on={segments[n - 1]?.identity === segment.identity || undefined}
            className={classes.line}
            style={
              {
                "--voice": voiceColour(segment.role === "agent", speakers.indexOf(segment.identity)),
              } as React.CSSProperties
            }
          >
            <div className={classes.head}>
              <span className={classes.name}>{segment.name}</span>
              <span className={classes.at}>{formatClock(segment.start_ms)}</span>
              {segment.source === "text" && <span className={classes.at}>in writing</span>}
            </div>
            <p className={classes.text}>
              {pieces(segment.text, occurrences(segment.text, marked)).map((piece) =>
                piece.marked ? <mark key={piece.from}>{piece.text}</mark> : piece.text,
              )}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

/** Brings a segment into the middle of the box, and says which line it is. */
function show(box: HTMLElement | null, segmentId: string | null): HTMLElement | null {
  if (box === null || segmentId === null) return null;
  const line = box.querySelector<HTMLElement>(`[data-segment="${CSS.escape(segmentId)}"]`);
  if (line) box.scrollTop = line.offsetTop - (box.clientHeight - line.offsetHeight) / 2;
  return line;
}
