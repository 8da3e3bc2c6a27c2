import { Button, Group, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { fieldErrors, formProblem } from "../../api/fields";
import { isProblem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { mailServersQuery } from "../settings/settings-queries";
import { complaintUnder } from "./complaints";
import classes from "./people.module.css";
import { peopleApi } from "./people-api";
import { askAgain } from "./people-queries";
import { invitationWords, mailWayWords, ROLE, ROLES } from "./people-words";
import type { NewUser, Team, User } from "./types";

interface Props {
  teams: readonly Team[];
  onInvited: (user: User) => void;
  onCancel: () => void;
}

const ALREADY_THERE = "/problems/already-there";

function mistakes({ name, email }: NewUser): Record<string, string> {
  const found: Record<string, string> = {};
  if (name.trim() === "") found.name = "Write the name.";
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) found.email = "Write an e-mail address.";
  return found;
}

/** Asks for who it is and what they may do, and says what the mail will do before it goes. */
export function InviteForm({ teams, onInvited, onCancel }: Props) {
  const queries = useQueryClient();
  const servers = useQuery(mailServersQuery);
  const form = useForm<NewUser>({
    initialValues: { name: "", email: "", role: "rep", team_ids: [] },
    validate: mistakes,
  });
  const inviting = useMutation({
    mutationFn: ({ name, email, ...rest }: NewUser) =>
      peopleApi.invite({ name: name.trim(), email: email.trim(), ...rest }),
    onSuccess: (user) => {
      void askAgain(queries);
      onInvited(user);
    },
    onError: (error) =>
      form.setErrors(
        isProblem(error, ALREADY_THERE)
          ? { email: "Somebody with this address is here already." }
          : fieldErrors(error),
      ),
  });
  const { error } = inviting;
  const chosen = teams.filter((team) => form.values.team_ids.includes(team.team_id));
  return (
    <form noValidate onSubmit={form.onSubmit((values) => inviting.mutate(values))}>
      <Stack gap="sm">
        <TextInput label="Name" maxLength={200} data-autofocus required {...form.getInputProps("name")} />
        <TextInput label="E-mail" type="email" maxLength={254} required {...form.getInputProps("email")} />
        <Select
          label="Role"
          description={ROLE[form.values.role].what}
          data={ROLES.map((value) => ({ value, label: ROLE[value].word }))}
          allowDeselect={false}
          {...form.getInputProps("role")}
        />
        {teams.length > 0 && (
          <MultiSelect
            label="Teams"
            placeholder={chosen.length === 0 ? "None" : ""}
            data={teams.map((team) => ({ value: team.team_id, label: team.name }))}
            {...form.getInputProps("team_ids")}
            error={complaintUnder(form.errors, "team_ids")}
          />
        )}
        <div className={classes.effect} data-testid="mail-effect">
          <Text size="sm" fw={600}>
            What happens
          </Text>
          <Text size="sm">{invitationWords(form.values, chosen)}</Text>
          {servers.data && <Text size="sm">{mailWayWords(servers.data.items)}</Text>}
        </div>
        {error && !isProblem(error, ALREADY_THERE) && <ProblemNotice problem={formProblem(error)} />}
        <Group gap="xs" justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={inviting.isPending}>
            Send the invitation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
