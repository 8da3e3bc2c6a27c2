import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ImportTable } from "../../ui/ImportTable";
import type { CallImport } from "./call-import";

type Line = CallImport["lines"][number];

const RESULT: Record<Line["result"], string> = {
  booked: "Booked",
  checked: "Can be booked",
  problem: "Left out",
};

export function ImportReport({ report }: { report: CallImport }) {
  return (
    <ImportTable
      lines={report.lines}
      who="Guest"
      name={(line) => <Guest line={line} />}
      result={(line) => RESULT[line.result]}
    />
  );
}

function Guest({ line: { name, call_id } }: { line: Line }) {
  if (call_id === null) return name || "No name";
  return (
    <Anchor
      size="sm"
      c="inherit"
      underline="always"
      renderRoot={(props) => <Link {...props} to="/calls/$callId" params={{ callId: call_id }} />}
    >
      {name}
    </Anchor>
  );
}
