import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { LeadScore } from "../../api/types";
import { When } from "../../ui/When";
import { LEAD_STATUS } from "./lead-words";

const shown = (score: number | null) => (score === null ? "none" : `${score}`);

/** What each reviewed call did to the score and the status, the newest first. */
export function ScoreHistory({ scores }: { scores: readonly LeadScore[] }) {
  if (scores.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        The score comes with the first call that is reviewed.
      </Text>
    );
  }
  return (
    <Table verticalSpacing={7} data-testid="scores">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Call</Table.Th>
          <Table.Th ta="end">Score</Table.Th>
          <Table.Th>Status</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {scores.map((score) => (
          <Table.Tr key={score.call_id}>
            <Table.Td>
              <Anchor
                size="sm"
                c="inherit"
                underline="always"
                renderRoot={(props) => (
                  <Link {...props} to="/calls/$callId" params={{ callId: score.call_id }} />
                )}
              >
                {score.title}
              </Anchor>
              <Text size="xs" c="dimmed">
                <When iso={score.at} />
              </Text>
            </Table.Td>
            <Table.Td ta="end" className="tabular" style={{ whiteSpace: "nowrap" }}>
              {shown(score.score_before)} → {shown(score.score_after)}
            </Table.Td>
            <Table.Td>
              {score.status_before && score.status_before !== score.status_after
                ? `${LEAD_STATUS[score.status_before]} → `
                : ""}
              {score.status_after ? LEAD_STATUS[score.status_after] : ""}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
