import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./ImportTable.module.css";

interface Line {
  line: number;
  email: string;
  problem: string | null;
  warning?: string | null;
}

interface Props<L extends Line> {
  lines: L[];
  /** Over the names. */
  who: string;
  /** Leads to what was made of the line, when something was. */
  name: (line: L) => ReactNode;
  result: (line: L) => string;
}

/** What became of each line of a table that was imported, by the number a spreadsheet shows. */
export function ImportTable<L extends Line>({ lines, who, name, result }: Props<L>) {
  return (
    <Table verticalSpacing={6} className={classes.table ?? ""}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Line</Table.Th>
          <Table.Th>{who}</Table.Th>
          <Table.Th>What becomes of it</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line) => (
          <Table.Tr key={line.line} data-testid="import-line">
            <Table.Td className="tabular">{line.line}</Table.Td>
            <Table.Td>
              {name(line)}
              <Text size="xs" c="dimmed" className={classes.address ?? ""}>
                {line.email}
              </Text>
            </Table.Td>
            <Table.Td>
              {result(line)}
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
