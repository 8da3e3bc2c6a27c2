import { Button, Table, Text } from "@mantine/core";
import { Empty } from "../../ui/Page";
import { Here } from "./Here";
import classes from "./people.module.css";
import { listed } from "./people-words";
import type { MemberRole, Team } from "./types";

interface Props {
  teams: readonly Team[];
  onNew: () => void;
}

const namesOf = (team: Team, role: MemberRole) =>
  listed(team.members.filter((member) => member.role === role).map((member) => member.name));

export function TeamList({ teams, onNew }: Props) {
  if (teams.length === 0) {
    return (
      <Empty title="No teams yet" action={<Button onClick={onNew}>New team</Button>}>
        A team has managers and reps. Its managers see the calls of its reps and answer for them.
      </Empty>
    );
  }
  return (
    <Table stickyHeader stickyHeaderOffset={56} verticalSpacing={7} className={classes.table ?? ""}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Managers</Table.Th>
          <Table.Th>Reps</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {teams.map((team) => (
          <Table.Tr key={team.team_id} data-testid="team-row">
            <Table.Td>
              <Here to={{ team: team.team_id }}>{team.name}</Here>
            </Table.Td>
            <Table.Td>{namesOf(team, "manager") || <None />}</Table.Td>
            <Table.Td>{namesOf(team, "rep") || <None />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function None() {
  return (
    <Text span size="sm" c="dimmed">
      none
    </Text>
  );
}
