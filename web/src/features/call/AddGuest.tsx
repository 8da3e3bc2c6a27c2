import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fieldErrors, formProblem } from "../../api/fields";
import { isProblem } from "../../api/problem";
import type { Call } from "../../api/types";
import { callQuery } from "../../app/session";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { SideDrawer } from "../../ui/SideDrawer";
import { zoneOptions } from "../../ui/zones";
import classes from "../booking/booking.module.css";
import type { Done } from "./ChangeCall";
import { callApi } from "./call-api";
import { additionWords } from "./notice-words";

const THERE = "Somebody in this call has this address already.";
const isThere = (error: unknown) => isProblem(error, "/problems/already-there");

/** Invites one more, also to a call that goes on. */
export function AddGuest({ call, onDone }: { call: Call; onDone: (done: Done) => void }) {
  const [opened, setOpened] = useState(false);
  return (
    <div>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        Add a guest
      </Button>
      <SideDrawer opened={opened} onClose={() => setOpened(false)} title="Add a guest">
        {opened && <AddForm call={call} onClose={() => setOpened(false)} onDone={onDone} />}
      </SideDrawer>
    </div>
  );
}

interface FormProps {
  call: Call;
  onClose: () => void;
  onDone: (done: Done) => void;
}

function AddForm({ call, onClose, onDone }: FormProps) {
  const queries = useQueryClient();
  const zones = useMemo(() => zoneOptions(), []);
  const form = useForm({
    initialValues: { name: "", email: "", time_zone: null as string | null },
    validate: { name: (name) => (name.trim() === "" ? "Write the guest's name." : null) },
  });
  const inviting = useMutation({
    mutationFn: ({ name, email, time_zone }: typeof form.values) =>
      callApi.invite(call.call_id, { name: name.trim(), email: email.trim() || null, time_zone }),
    onSuccess: (now, { name, email }) => {
      queries.setQueryData(callQuery(call.call_id).queryKey, now);
      void queries.invalidateQueries({ queryKey: ["calls", call.call_id] });
      onDone({ title: `${name.trim()} is invited`, words: additionWords(call, email) });
      onClose();
    },
    onError: (error) => form.setErrors(isThere(error) ? { email: THERE } : fieldErrors(error)),
  });
  return (
    <form
      className={classes.fields}
      noValidate
      aria-label="Add a guest"
      onSubmit={form.onSubmit((values) => inviting.mutate(values))}
    >
      <TextInput label="Name" autoComplete="off" maxLength={200} {...form.getInputProps("name")} />
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="off"
        maxLength={254}
        {...form.getInputProps("email")}
      />
      <Select
        label="Time zone"
        placeholder={`As the call: ${call.time_zone.replaceAll("_", " ")}`}
        data={zones}
        searchable
        clearable
        limit={60}
        clearButtonProps={{ "aria-label": "As the call" }}
        {...form.getInputProps("time_zone")}
      />
      <Text size="sm" role="status">
        {additionWords(call, form.values.email)}
      </Text>
      {inviting.error && !isThere(inviting.error) && <ProblemNotice problem={formProblem(inviting.error)} />}
      <Group>
        <Button type="submit" loading={inviting.isPending}>
          Add the guest
        </Button>
      </Group>
    </form>
  );
}
