import { MultiSelect, Select, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { meQuery } from "../../app/session";
import forms from "../../ui/Form.module.css";
import { SaveBar } from "../../ui/SaveBar";
import { useSaved } from "../../ui/useSaved";
import { complaintUnder } from "./complaints";
import { type Access, accessOf, changesOf, isOnlyAdmin, possibleManagers, whoAnswersFor } from "./people";
import { peopleApi } from "./people-api";
import { askAgain, keepUser } from "./people-queries";
import { onlyAdminWords, ROLE, ROLES, roleChangeWords, throughTeamsWords } from "./people-words";
import type { Team, User } from "./types";

interface Props {
  user: User;
  users: readonly User[];
  teams: readonly Team[];
  isMe: boolean;
  onDirty: (dirty: boolean) => void;
}

const noComplaints = () => ({});

/** The list stays open while more are chosen: it must not cover the button below. */
const UPWARDS = { comboboxProps: { position: "top-start" } } as const;

/** Role, teams and managers of one person. */
export function AccessForm({ user, users, teams, isMe, onDirty }: Props) {
  const queries = useQueryClient();
  const saved = useSaved<Access, User>({
    initial: accessOf(user),
    validate: noComplaints,
    save: (values) => peopleApi.changeUser(user.user_id, changesOf(accessOf(user), values)),
    onSaved: (now) => {
      keepUser(queries, now);
      void askAgain(queries);
      if (isMe) void queries.invalidateQueries(meQuery);
      return accessOf(now);
    },
    onDirty,
  });
  const { form } = saved;
  const { role } = form.values;
  const isOnly = isOnlyAdmin(user, users);
  const follows = roleChangeWords(user, role);
  const throughTeams = throughTeamsWords(whoAnswersFor(user, users, teams));
  return (
    <form onSubmit={saved.submit} className={forms.form} aria-label="What they may do">
      <Select
        label="Role"
        description={isOnly ? onlyAdminWords(user, isMe) : ROLE[role].what}
        data={ROLES.map((value) => ({ value, label: ROLE[value].word }))}
        allowDeselect={false}
        disabled={isOnly}
        {...form.getInputProps("role")}
      />
      {follows && <Text size="sm">{follows}</Text>}
      {isMe && role !== user.role && (
        <Text size="sm">This is your own role. Once it is saved, only another admin can give it back.</Text>
      )}
      <MultiSelect
        {...UPWARDS}
        label="Teams"
        description="What they are in each team is set with the team."
        placeholder={form.values.team_ids.length === 0 ? "None" : ""}
        data={teams.map((team) => ({ value: team.team_id, label: team.name }))}
        nothingFoundMessage="There are no teams yet"
        {...form.getInputProps("team_ids")}
        error={complaintUnder(form.errors, "team_ids")}
      />
      {role === "rep" && (
        <MultiSelect
          {...UPWARDS}
          label="Managers who answer for them"
          description={
            throughTeams ?? "They see the rep's calls and reviews, and can join and end the calls."
          }
          placeholder={form.values.manager_ids.length === 0 ? "Nobody besides" : ""}
          data={possibleManagers(user, users).map((one) => ({ value: one.user_id, label: one.name }))}
          nothingFoundMessage="There are no managers yet"
          searchable
          {...form.getInputProps("manager_ids")}
          error={complaintUnder(form.errors, "manager_ids")}
        />
      )}
      <SaveBar saved={saved} />
    </form>
  );
}
