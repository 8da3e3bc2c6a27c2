import { Button, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LeaveGuard } from "../../app/LeaveGuard";
import { Confirm } from "../../ui/Confirm";
import forms from "../../ui/Form.module.css";
import { Section } from "../../ui/Page";
import { SaveBar } from "../../ui/SaveBar";
import { SideDrawer } from "../../ui/SideDrawer";
import { useSaved } from "../../ui/useSaved";
import { complaintUnder } from "./complaints";
import { Members } from "./Members";
import { inOrder, teamChanges } from "./members";
import classes from "./people.module.css";
import { peopleApi } from "./people-api";
import { askAgain, keepTeam } from "./people-queries";
import { teamGoesWords } from "./people-words";
import type { Team, User } from "./types";

interface Props {
  /** null: closed. */
  teamId: string | null;
  users: readonly User[];
  teams: readonly Team[];
  onClose: () => void;
  onDeleted: () => void;
}

/** One team: its name, who is in it as what, and its end. */
export function TeamDrawer({ teamId, users, teams, onClose, onDeleted }: Props) {
  const team = teams.find((one) => one.team_id === teamId) ?? null;
  return (
    <SideDrawer opened={teamId !== null} onClose={onClose} title={team?.name ?? "This team is not here"}>
      {!team && <Text size="sm">The link may be old, or the team was deleted.</Text>}
      {team && <Editing key={team.team_id} team={team} users={users} onDeleted={onDeleted} />}
    </SideDrawer>
  );
}

function Editing({ team, users, onDeleted }: Pick<Props, "users" | "onDeleted"> & { team: Team }) {
  const [dirty, setDirty] = useState(false);
  return (
    <div className={classes.drawer}>
      <TeamForm team={team} users={users} onDirty={setDirty} />
      <Section title="Delete" id="deleting">
        <Deleting team={team} onDeleted={onDeleted} />
      </Section>
      <LeaveGuard when={dirty} />
    </div>
  );
}

type Values = Pick<Team, "name" | "members">;

const valuesOf = ({ name, members }: Team): Values => ({ name, members: inOrder(members) });

interface FormProps {
  team: Team;
  users: readonly User[];
  onDirty: (dirty: boolean) => void;
}

function TeamForm({ team, users, onDirty }: FormProps) {
  const queries = useQueryClient();
  const saved = useSaved<Values, Team>({
    initial: valuesOf(team),
    validate: ({ name }): { name?: string } => (name.trim() === "" ? { name: "Write a name" } : {}),
    save: (values) => peopleApi.changeTeam(team.team_id, teamChanges(team, values)),
    onSaved: (now) => {
      keepTeam(queries, now);
      void askAgain(queries);
      return valuesOf(now);
    },
    onDirty,
  });
  const { form } = saved;
  return (
    <form onSubmit={saved.submit} className={forms.form} aria-label="The team">
      <TextInput label="Name" maxLength={120} {...form.getInputProps("name")} />
      <Members
        members={form.values.members}
        users={users}
        onChange={(members) => form.setFieldValue("members", members)}
        complaint={complaintUnder(form.errors, "members")}
      />
      <SaveBar saved={saved} />
    </form>
  );
}

function Deleting({ team, onDeleted }: { team: Team; onDeleted: () => void }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  return (
    <div>
      <Button variant="default" onClick={() => setAsking(true)}>
        Delete {team.name}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete the team ${team.name}?`}
        keep="Keep it"
        go="Delete the team"
        onGo={async () => {
          await peopleApi.deleteTeam(team.team_id);
          onDeleted();
          await askAgain(queries);
        }}
      >
        {teamGoesWords(team)}
      </Confirm>
    </div>
  );
}
