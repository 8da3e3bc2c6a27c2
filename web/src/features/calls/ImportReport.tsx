import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CallImport } from "./call-import";

type Line = CallImport["lines"][number];

const RESULT: Record<Line["result"], string> = {
  booked: "Booked",
  checked: "Can be booked",
  problem: "Left out",
};

/** What became of each line, by the number a spreadsheet shows. */
export function ImportReport({ report }: { report: CallImport }) {
  return (
    <Table verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Line</Table.Th>
          <Table.Th w="42%">Guest</Table.Th>
          <Table.Th>What becomes of it</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {report.lines.map((line) => (
          <Table.Tr key={line.line} data-testid="import-line">
            <Table.Td>{line.line}</Table.Td>
            <Table.Td style={{ overflowWrap: "anywhere" }}>
              <Guest line={line} />
              <Text size="xs" c="dimmed">
                {line.email}
              </Text>
            </Table.Td>
            <Table.Td>
              {RESULT[line.result]}
              {line.problem && (
                <Text size="xs" c="var(--mantine-color-error)">
                  {line.problem}
                </Text>
              )}
              {line.warning && <Text size="xs">{line.warning}</Text>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
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
