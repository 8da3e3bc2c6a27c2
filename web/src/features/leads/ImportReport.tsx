import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import classes from "./leads.module.css";
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

/** What became of each line, by the number a spreadsheet shows. */
export function ImportReport({ report, isDone }: Props) {
  return (
    <Table verticalSpacing={6} className={classes.report ?? ""}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Line</Table.Th>
          <Table.Th>Name</Table.Th>
          <Table.Th>What becomes of it</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {report.lines.map((line) => (
          <Table.Tr key={line.line} data-testid="import-line">
            <Table.Td className="tabular">{line.line}</Table.Td>
            <Table.Td>
              <Name line={line} />
              <Text size="xs" c="dimmed" className={classes.address ?? ""}>
                {line.email}
              </Text>
            </Table.Td>
            <Table.Td>
              {(isDone ? RESULT : WOULD_BE)[line.result]}
              {line.problem && (
                <Text size="xs" c="var(--mantine-color-error)">
                  {line.problem}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
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
