import { Table, Text } from "@mantine/core";
import { LOCALE } from "../../ui/time";
import { When } from "../../ui/When";
import classes from "./audit.module.css";
import { details, type Names, sentence } from "./audit-words";
import type { AuditEntry } from "./types";

/** What was done, the newest first. */
export function Entries({ entries, names }: { entries: readonly AuditEntry[]; names: Names }) {
  const number = new Intl.NumberFormat(LOCALE);
  return (
    <Table stickyHeader stickyHeaderOffset={56} verticalSpacing={7} className={classes.table ?? ""}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className={classes.when}>When</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th ta="end" className={classes.number}>
            Entry
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => {
          const more = details(entry, names);
          return (
            <Table.Tr key={entry.seq} data-testid="audit-row">
              <Table.Td className={classes.when}>
                <When iso={entry.at} />
              </Table.Td>
              <Table.Td>
                {sentence(entry, names)}
                {more && (
                  <Text size="xs" c="dimmed">
                    {more}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="end" className={`tabular ${classes.number}`}>
                {number.format(entry.seq)}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
