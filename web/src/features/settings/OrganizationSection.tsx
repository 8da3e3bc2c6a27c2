import { NumberInput, Select, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../api/client";
import type { OrganizationSettings } from "../../api/settings";
import { meQuery } from "../../app/session";
import { Asked } from "../../ui/Asked";
import forms from "../../ui/Form.module.css";
import { SaveBar } from "../../ui/SaveBar";
import { useSaved } from "../../ui/useSaved";
import { zoneOptions } from "../../ui/zones";
import { organizationQuery } from "./settings-queries";

interface Props {
  onDirty: (dirty: boolean) => void;
}

/** Source: docs/wire.md and the table's own check, 1 to 3650 days. */
const LONGEST_DAYS = 3650;

export function OrganizationSection({ onDirty }: Props) {
  const organization = useQuery(organizationQuery);
  return (
    <Asked query={organization} loading="Loading the organization" shape={{ rows: 3, height: 60 }}>
      {(data) => <OrganizationForm data={data} onDirty={onDirty} />}
    </Asked>
  );
}

function OrganizationForm({ data, onDirty }: { data: OrganizationSettings; onDirty: Props["onDirty"] }) {
  const queries = useQueryClient();
  const zones = useMemo(() => zoneOptions(data.time_zone), [data.time_zone]);
  const saved = useSaved({
    initial: { ...data, google_domain: data.google_domain ?? "" },
    validate: complaints,
    save: (values) => api.setOrganization({ ...values, google_domain: values.google_domain.trim() || null }),
    onSaved: (now) => {
      queries.setQueryData(organizationQuery.queryKey, now);
      void queries.invalidateQueries(meQuery);
      return { ...now, google_domain: now.google_domain ?? "" };
    },
    onDirty,
  });
  const { form } = saved;
  return (
    <form onSubmit={saved.submit} className={forms.form} aria-label="Organization">
      <TextInput
        label="Name"
        description="Stands in invitations and on the join page."
        maxLength={120}
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <Select
        label="Time zone"
        description="Where the organization is at home. Each call is booked with a zone of its own."
        data={zones}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No zone has this name"
        key={form.key("time_zone")}
        {...form.getInputProps("time_zone")}
      />
      <div>
        <NumberInput
          label="Keep what was said for"
          suffix=" days"
          min={1}
          max={LONGEST_DAYS}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          key={form.key("retention_days")}
          {...form.getInputProps("retention_days")}
        />
        <Erased />
      </div>
      <TextInput
        label="Google accounts of"
        description="Only accounts of this company domain may sign in with Google. Empty: any account that was invited."
        placeholder="example.com"
        maxLength={253}
        key={form.key("google_domain")}
        {...form.getInputProps("google_domain")}
      />
      <SaveBar saved={saved} />
    </form>
  );
}

function Erased() {
  return (
    <Text size="sm" c="dimmed" mt={6} maw="60ch">
      When that time is over, a call's transcript, nudges and review are erased for good. That it took place,
      with its title, time and people, and what each of them agreed to, stays.
    </Text>
  );
}

const DOMAIN = /^([a-z0-9-]+\.)+[a-z]{2,}$/i;

function complaints({
  name,
  retention_days,
  google_domain,
}: OrganizationSettings & { google_domain: string }) {
  const days = Number(retention_days);
  const isRight = Number.isInteger(days) && days >= 1 && days <= LONGEST_DAYS;
  return {
    ...(name.trim() === "" ? { name: "Write a name" } : {}),
    ...(google_domain.trim() === "" || DOMAIN.test(google_domain.trim())
      ? {}
      : { google_domain: "Write a domain like example.com, or nothing" }),
    ...(isRight ? {} : { retention_days: `Write a whole number of days, from 1 to ${LONGEST_DAYS}` }),
  };
}
