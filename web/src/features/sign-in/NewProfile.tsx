import { Button, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMemo } from "react";
import { myZone, zoneOptions } from "../../ui/zones";

/** null: stays as it is known. */
export interface Profile {
  name: string | null;
  time_zone: string | null;
}

interface Props {
  /** As whoever invited them wrote it. */
  name: string;
  entering: boolean;
  onEnter: (profile: Profile) => void;
}

/** What an invited person says about themselves before the first sign-in. */
export function NewProfile({ name, entering, onEnter }: Props) {
  const zones = useMemo(() => zoneOptions(), []);
  const form = useForm({
    initialValues: { name, time_zone: myZone() },
    validate: { name: (value) => (value.trim() === "" ? "Write your name" : null) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, time_zone }) => onEnter({ name: name.trim(), time_zone }))}
    >
      <Stack gap="md">
        <TextInput
          label="Your name"
          description="Colleagues and guests see it."
          autoComplete="name"
          size="md"
          maxLength={200}
          {...form.getInputProps("name")}
        />
        <Select
          label="Time zone"
          description="Taken from your browser."
          data={zones}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No zone has this name"
          size="md"
          {...form.getInputProps("time_zone")}
        />
        <Button type="submit" size="md" loading={entering}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
