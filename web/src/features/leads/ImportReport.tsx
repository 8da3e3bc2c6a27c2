import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ImportTable } from "../../ui/ImportTable";
import type { ImportedLead, LeadImport } from "./leads-api";

const RESULT: Record<ImportedLead["result"], string> = {
  added: "Added",
  changed: "Changed",
  problem: "Left out",
};

const WOULD_BE: Record<ImportedLead["result"], string> = {
  added: "New",
  changed: "Known: is changed",
  problem: "Is left out",
};

interface Props {
  report: LeadImport;
  isDone: boolean;
}

export function ImportReport({ report, isDone }: Props) {
  return (
    <ImportTable
      lines={report.lines}
      who="Name"
      name={(line) => <Name line={line} />}
      result={(line) => (isDone ? RESULT : WOULD_BE)[line.result]}
    />
  );
}

function Name({ line: { name, lead_id } }: { line: ImportedLead }) {
  if (lead_id === null) return name || "No name";
  return (
    <Anchor
      size="sm"
      c="inherit"
      underline="always"
      renderRoot={(props) => <Link {...props} to="/leads/$leadId" params={{ leadId: lead_id }} />}
    >
      {name}
    </Anchor>
  );
}
