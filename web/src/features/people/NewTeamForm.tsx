import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { fieldErrors, formProblem } from "../../api/fields";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { peopleApi } from "./people-api";
import { teamsQuery } from "./people-queries";
import type { Team } from "./types";

interface Props {
  onMade: (team: Team) => void;
  onCancel: () => void;
}

/** A team by its name; who is in it is asked next. */
export function NewTeamForm({ onMade, onCancel }: Props) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === "" ? "Write a name." : null) },
  });
  const making = useMutation({
    mutationFn: ({ name }: { name: string }) => peopleApi.createTeam(name.trim()),
    onSuccess: async (team) => {
      await queries.invalidateQueries({ queryKey: teamsQuery.queryKey });
      onMade(team);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => making.mutate(values))}>
      <Stack gap="sm">
        <TextInput label="Name" maxLength={120} data-autofocus required {...form.getInputProps("name")} />
        <Text size="sm" c="dimmed">
          You add its members next. A manager of the team answers for its reps.
        </Text>
        {making.error && <ProblemNotice problem={formProblem(making.error)} />}
        <Group gap="xs" justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending}>
            Create the team
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
