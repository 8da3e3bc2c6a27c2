import { Button, Group, Modal, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { leadListQuery } from "../../api/queries";
import type { Lead } from "../../api/types";
import { LeadForm } from "../leads/LeadForm";

const REST_MS = 250;

interface Props {
  lead: Pick<Lead, "lead_id" | "name" | "company"> | null;
  error?: ReactNode;
  onPick: (lead: Lead) => void;
  onClear: () => void;
}

const nameOf = ({ name, company }: { name: string; company: string }) =>
  company ? `${name}, ${company}` : name;

/** Finds a lead, or makes one without leaving the form. */
export function LeadPicker({ lead, error, onPick, onClear }: Props) {
  const [words, setWords] = useState("");
  const [isNew, setNew] = useState(false);
  const [search] = useDebouncedValue(words, REST_MS);
  // The chosen one's own words in the field are no search.
  const isSearch = search !== "" && (lead === null || search !== nameOf(lead));
  const found = useInfiniteQuery({
    ...leadListQuery(isSearch ? { search } : {}),
    placeholderData: keepPreviousData,
  });
  const leads = found.data?.pages.flatMap((page) => page.items) ?? [];
  const options = new Map(leads.map((one) => [one.lead_id, nameOf(one)]));
  if (lead) options.set(lead.lead_id, nameOf(lead));
  const pick = (leadId: string | null) => {
    const picked = leads.find((one) => one.lead_id === leadId);
    if (picked) onPick(picked);
    else if (leadId === null) onClear();
  };
  return (
    <div>
      <Select
        label="Lead"
        description="Whom the call is about. Its score and status change with the review."
        placeholder="Search by name or company"
        data={[...options].map(([value, label]) => ({ value, label }))}
        // The server has searched already.
        filter={({ options: all }) => all}
        value={lead?.lead_id ?? null}
        onChange={pick}
        onSearchChange={setWords}
        nothingFoundMessage={found.isFetching ? "Searching" : "No lead has these words"}
        error={found.error ? "The leads cannot be searched now. You can book without one." : error}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "No lead" }}
      />
      <Group mt={4}>
        <Button variant="subtle" size="compact-sm" onClick={() => setNew(true)}>
          New lead
        </Button>
      </Group>
      <Modal opened={isNew} onClose={() => setNew(false)} title="New lead" centered>
        <LeadForm
          lead={null}
          onSaved={(made) => {
            setNew(false);
            onPick(made);
          }}
          onCancel={() => setNew(false)}
        />
      </Modal>
    </div>
  );
}
