import { Button, Table, Text } from "@mantine/core";
import { Empty } from "../../ui/Page";
import { SearchField } from "../../ui/SearchField";
import { Here } from "./Here";
import { teamsOf, whoAnswersFor, whoFits } from "./people";
import classes from "./people.module.css";
import { listed, ROLE } from "./people-words";
import { StatusWord } from "./StatusWord";
import type { Team, User } from "./types";

interface Props {
  users: readonly User[];
  teams: readonly Team[];
  search: string;
  onSearch: (words: string) => void;
  onInvite: () => void;
}

export function PeopleList({ users, teams, search, onSearch, onInvite }: Props) {
  const fitting = whoFits(search, users, teams);
  return (
    <>
      <SearchField
        label="Search people"
        placeholder="Name, address, role or team"
        value={search}
        onSearch={onSearch}
      />
      {fitting.length === 0 && <Empty title="Nobody fits">Try fewer letters.</Empty>}
      {fitting.length > 0 && <PeopleTable users={users} teams={teams} shown={fitting} />}
      {users.length === 1 && (
        <Empty title="You are alone here" action={<Button onClick={onInvite}>Invite a person</Button>}>
          Whoever you invite gets a mail with a link, and comes in with the role and the teams you choose.
        </Empty>
      )}
    </>
  );
}

function PeopleTable({ users, teams, shown }: Pick<Props, "users" | "teams"> & { shown: readonly User[] }) {
  return (
    <Table stickyHeader stickyHeaderOffset={56} verticalSpacing={7} className={classes.table ?? ""}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th className={classes.roomy}>Role</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th className={classes.roomy}>Teams</Table.Th>
          <Table.Th className={classes.roomy}>Answers for them</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {shown.map((user) => {
          const inTeams = teamsOf(user, teams).map((team) => team.name);
          const above = whoAnswersFor(user, users, teams).map(({ manager }) => manager.name);
          return (
            <Table.Tr key={user.user_id} data-testid="person-row">
              <Table.Td>
                <Here to={{ person: user.user_id }}>{user.name || user.email}</Here>
                <Text size="xs" c="dimmed" className={classes.narrow ?? ""}>
                  {[ROLE[user.role].word, ...inTeams].join(", ")}
                </Text>
              </Table.Td>
              <Table.Td className={`${classes.roomy} ${classes.role}`}>{ROLE[user.role].word}</Table.Td>
              <Table.Td>
                <StatusWord status={user.status} />
              </Table.Td>
              <Table.Td className={classes.roomy}>{inTeams.join(", ") || <Nobody word="none" />}</Table.Td>
              <Table.Td className={classes.roomy}>
                {above.length > 0 ? listed(above) : user.role === "rep" && <Nobody word="nobody" />}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function Nobody({ word }: { word: string }) {
  return (
    <Text span size="sm" c="dimmed">
      {word}
    </Text>
  );
}
