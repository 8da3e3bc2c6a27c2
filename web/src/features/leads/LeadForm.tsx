import { Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { fieldErrors, formProblem } from "../../api/fields";
import type { Lead, LeadStatus } from "../../api/types";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { LEAD_STATUS, LEAD_STATUSES } from "./lead-words";

interface Props {
  /** null: a new one. */
  lead: Lead | null;
  onSaved: (lead: Lead) => void;
  onCancel: () => void;
}

interface Fields {
  name: string;
  company: string;
  email: string;
  industry: string;
  notes: string;
  status: LeadStatus;
}

function mistakes({ name, company, email }: Fields): Record<string, string> {
  const found: Record<string, string> = {};
  if (name.trim() === "") found.name = "Write the name.";
  if (company.trim() === "") found.company = "Write the company.";
  if (email.trim() !== "" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim()))
    found.email = "This is not an e-mail address.";
  return found;
}

/** Makes a lead, or changes one. */
export function LeadForm({ lead, onSaved, onCancel }: Props) {
  const queries = useQueryClient();
  const form = useForm<Fields>({
    initialValues: {
      name: lead?.name ?? "",
      company: lead?.company ?? "",
      email: lead?.email ?? "",
      industry: lead?.industry ?? "",
      notes: lead?.notes ?? "",
      status: lead?.status ?? "new",
    },
    validate: mistakes,
  });
  const saving = useMutation({
    mutationFn: ({ status, ...fields }: Fields) => {
      const body = { ...fields, email: fields.email.trim() || null };
      return lead ? api.changeLead(lead.lead_id, { ...body, status }) : api.createLead(body);
    },
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ["leads"] });
      onSaved(saved);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        // A portal's events go up the tree of components: the form around a dialog must not be sent too.
        event.stopPropagation();
        form.onSubmit((fields) => saving.mutate(fields))(event);
      }}
    >
      <Stack gap="sm">
        <TextInput label="Name" maxLength={200} data-autofocus required {...form.getInputProps("name")} />
        <TextInput label="Company" maxLength={200} required {...form.getInputProps("company")} />
        <TextInput label="E-mail" type="email" maxLength={254} {...form.getInputProps("email")} />
        <TextInput label="Industry" maxLength={200} {...form.getInputProps("industry")} />
        {lead && (
          <Select
            label="Status"
            data={LEAD_STATUSES.map((value) => ({ value, label: LEAD_STATUS[value] }))}
            allowDeselect={false}
            {...form.getInputProps("status")}
          />
        )}
        <Textarea
          label="Notes"
          description="For you and your colleagues. Guests never see them."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={5000}
          {...form.getInputProps("notes")}
        />
        {saving.error && <ProblemNotice problem={formProblem(saving.error)} />}
        <Group gap="xs" justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {lead ? "Save" : "Add the lead"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
