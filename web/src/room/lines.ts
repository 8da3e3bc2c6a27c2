import type { Role, Segment } from "../api/types";

/** One line of the transcript on screen. */
export interface Line {
  id: string;
  identity: string;
  name: string;
  role: Role | null;
  text: string;
  final: boolean;
  /** Known once the line is in the log. */
  start_ms: number | null;
  source: Segment["source"] | null;
  revision: number;
}

/** Puts a line where it belongs: over its older form, or by its start. Empty finals go away. */
export function addLine(lines: readonly Line[], line: Line): readonly Line[] {
  const at = lines.findIndex((known) => known.id === line.id);
  const known = lines[at];
  if (known === undefined) return line.text.trim() === "" ? lines : inserted(lines, line);
  if (isOlder(line, known)) return lines;
  if (line.final && line.text.trim() === "") return lines.filter((other) => other.id !== line.id);
  const merged = { ...line, start_ms: line.start_ms ?? known.start_ms, source: line.source ?? known.source };
  return lines.with(at, { ...merged, role: line.role ?? known.role });
}

/** A final is never taken back by an interim; the log's words win over the room's. */
function isOlder(line: Line, known: Line): boolean {
  if (known.final && !line.final) return true;
  return line.revision < known.revision;
}

/** Lines without a start are being said now, so anything with a start goes before them. */
function inserted(lines: readonly Line[], line: Line): readonly Line[] {
  const start = line.start_ms;
  if (start === null) return [...lines, line];
  const before = lines.findLastIndex((known) => known.start_ms !== null && known.start_ms <= start);
  const rest = lines.slice(before + 1);
  return [...lines.slice(0, before + 1), line, ...rest];
}
