import { Anchor, Button, Group, Modal, Select, Table, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { leadListQuery } from "../../api/queries";
import type { Lead } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { More } from "../../ui/More";
import { Empty, Page } from "../../ui/Page";
import { SearchField } from "../../ui/SearchField";
import { ImportLeads } from "./ImportLeads";
import { LeadForm } from "./LeadForm";
import { asLeadStatus, LEAD_STATUS, LEAD_STATUSES } from "./lead-words";
import classes from "./leads.module.css";

/** The people one wants to sell to, the newest first; the address keeps search and filter. */
export function LeadsPage() {
  const { search, status } = useSearch({ from: "/shell/leads" });
  const navigate = useNavigate({ from: "/leads" });
  const [isNew, setNew] = useState(false);
  const wanted = asLeadStatus(status);
  const change = useCallback(
    (next: { search?: string; status?: string }) =>
      void navigate({
        search: (old) => {
          const merged = { ...old, ...next };
          return Object.fromEntries(Object.entries(merged).filter(([, value]) => value));
        },
        replace: true,
      }),
    [navigate],
  );
  const onSearch = useCallback((words: string) => change({ search: words }), [change]);
  const leads = useInfiniteQuery({
    ...leadListQuery({ ...(search ? { search } : {}), ...(wanted ? { status: wanted } : {}) }),
    placeholderData: keepPreviousData,
  });
  const add = <Button onClick={() => setNew(true)}>New lead</Button>;
  const isFiltered = Boolean(search || wanted);
  return (
    <Page
      title="Leads"
      actions={
        <>
          <ImportLeads />
          <Button variant="default" onClick={() => setNew(true)}>
            New lead
          </Button>
        </>
      }
    >
      <Group gap="sm">
        <SearchField
          label="Search leads"
          placeholder="Name, company or address"
          value={search ?? ""}
          onSearch={onSearch}
        />
        <Select
          aria-label="Status"
          placeholder="Every status"
          data={LEAD_STATUSES.map((value) => ({ value, label: LEAD_STATUS[value] }))}
          value={wanted}
          onChange={(value) => change({ status: value ?? "" })}
          clearable
          clearButtonProps={{ "aria-label": "Every status" }}
          w={180}
        />
      </Group>
      <Asked query={leads} loading="Loading leads" shape={{ rows: 6, height: 36 }}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length > 0) return <LeadTable leads={items} />;
          return isFiltered ? (
            <Empty title="No lead fits">Try fewer letters or another status.</Empty>
          ) : (
            <Empty title="No leads yet" action={add}>
              A lead is a person at a company. Their score and status change with each call that was reviewed.
            </Empty>
          );
        }}
      </Asked>
      <More query={leads} />
      <Modal opened={isNew} onClose={() => setNew(false)} title="New lead" centered>
        <LeadForm
          lead={null}
          onSaved={(made) => void navigate({ to: "/leads/$leadId", params: { leadId: made.lead_id } })}
          onCancel={() => setNew(false)}
        />
      </Modal>
    </Page>
  );
}

function LeadTable({ leads }: { leads: readonly Lead[] }) {
  return (
    <Table stickyHeader stickyHeaderOffset={56} verticalSpacing={7} className={classes.table ?? ""}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th className={classes.roomy}>Company</Table.Th>
          <Table.Th className={`${classes.roomy} ${classes.industry}`}>Industry</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th ta="end">Score of 100</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {leads.map((lead) => (
          <Table.Tr key={lead.lead_id} data-testid="lead-row">
            <Table.Td>
              <Anchor
                size="sm"
                fw={600}
                c="inherit"
                renderRoot={(props) => (
                  <Link {...props} to="/leads/$leadId" params={{ leadId: lead.lead_id }} />
                )}
              >
                {lead.name}
              </Anchor>
              <Text size="xs" c="dimmed" className={classes.narrow ?? ""}>
                {lead.company}
              </Text>
            </Table.Td>
            <Table.Td className={classes.roomy}>{lead.company}</Table.Td>
            <Table.Td className={`${classes.roomy} ${classes.industry}`}>{lead.industry}</Table.Td>
            <Table.Td className={classes.status ?? ""}>{LEAD_STATUS[lead.status]}</Table.Td>
            <Table.Td ta="end" className="tabular">
              {lead.score === null ? (
                <Text span size="sm" c="dimmed">
                  none
                </Text>
              ) : (
                lead.score
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
