import { Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import type { Me } from "../../api/types";
import { meQuery } from "../../app/session";
import forms from "../../ui/Form.module.css";
import { SaveBar } from "../../ui/SaveBar";
import { useSaved } from "../../ui/useSaved";
import { zoneOptions } from "../../ui/zones";

interface Props {
  me: Me;
  onDirty: (dirty: boolean) => void;
}

/** The choice of no zone of one's own. */
const OF_ORGANIZATION = "organization";

const fieldsOf = ({ name, title, time_zone }: Me) => ({
  name,
  title,
  time_zone: time_zone ?? OF_ORGANIZATION,
});
type Fields = ReturnType<typeof fieldsOf>;

const changeOf = ({ name, title, time_zone }: Fields) => ({
  name: name.trim(),
  title: title.trim(),
  time_zone: time_zone === OF_ORGANIZATION ? null : time_zone,
});

export function AboutForm({ me, onDirty }: Props) {
  const queries = useQueryClient();
  const zones = useMemo(
    () => [{ value: OF_ORGANIZATION, label: "As the organization" }, ...zoneOptions(me.time_zone)],
    [me.time_zone],
  );
  const saved = useSaved({
    initial: fieldsOf(me),
    validate: ({ name }) => (name.trim() === "" ? { name: "Write your name" } : {}),
    save: (fields) => api.changeMe(changeOf(fields)),
    onSaved: (now) => {
      queries.setQueryData(meQuery.queryKey, now);
      return fieldsOf(now);
    },
    onDirty,
  });
  const { form } = saved;
  return (
    <form onSubmit={saved.submit} className={forms.form} aria-label="About you">
      <TextInput
        label="Name"
        description="Colleagues and guests see it."
        autoComplete="name"
        maxLength={200}
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Title"
        description="What you are called at work, as you like to write it. May stay empty."
        autoComplete="organization-title"
        maxLength={200}
        key={form.key("title")}
        {...form.getInputProps("title")}
      />
      <Select
        label="Time zone"
        data={zones}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No zone has this name"
        key={form.key("time_zone")}
        {...form.getInputProps("time_zone")}
      />
      <SaveBar saved={saved} />
    </form>
  );
}
