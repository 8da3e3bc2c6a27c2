import { Anchor, Button, Modal, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { leadQuery } from "../../api/queries";
import type { LeadDetail } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { MailLink, Page, Section } from "../../ui/Page";
import { Fact } from "../call/Score";
import { CallRow } from "../calls/CallRow";
import calls from "../calls/calls.module.css";
import { History } from "./History";
import { LeadForm } from "./LeadForm";
import { LEAD_STATUS, scoreWords } from "./lead-words";
import classes from "./leads.module.css";
import { ScoreHistory } from "./ScoreHistory";

/** One lead: what is known, their calls, and how their score came about. */
export function LeadPage() {
  const { leadId } = useParams({ from: "/shell/leads/$leadId" });
  const lead = useQuery(leadQuery(leadId));
  if (lead.data) return <Known key={leadId} lead={lead.data} />;
  const isGone = lead.error !== null && asProblem(lead.error).status === 404;
  return (
    <Page title={isGone ? "This lead is not here" : "The lead"} above={<Back />} hidden={lead.error === null}>
      <Asked query={lead} loading="Loading the lead" shape={{ rows: 4, height: 60 }}>
        {() => null}
      </Asked>
    </Page>
  );
}

function Back() {
  return (
    <Anchor component={Link} to="/leads" size="sm" underline="always">
      Leads
    </Anchor>
  );
}

function Known({ lead }: { lead: LeadDetail }) {
  const [isEditing, setEditing] = useState(false);
  const [isSaved, setSaved] = useState(false);
  return (
    <Page
      title={lead.name}
      above={<Back />}
      below={lead.company}
      actions={
        <>
          <Button variant="default" onClick={() => setEditing(true)}>
            Edit
          </Button>
          <Button
            variant="light"
            renderRoot={(props) => <Link {...props} to="/calls/new" search={{ lead: lead.lead_id }} />}
          >
            Book a call with {lead.name.split(" ")[0]}
          </Button>
        </>
      }
    >
      {isSaved && (
        <Text size="sm" role="status">
          Saved.
        </Text>
      )}
      <dl className={classes.facts}>
        <Fact name="Status">{LEAD_STATUS[lead.status]}</Fact>
        <Fact name="Score">{scoreWords(lead.score)}</Fact>
        <Fact name="E-mail">{lead.email ? <MailLink address={lead.email} /> : "Not known"}</Fact>
        <Fact name="Industry">{lead.industry || "Not known"}</Fact>
      </dl>
      {lead.notes && (
        <Section title="Notes">
          <Text size="sm" className={classes.notes ?? ""}>
            {lead.notes}
          </Text>
        </Section>
      )}
      <Section title="Score">
        <ScoreHistory scores={lead.scores} />
      </Section>
      <Section title="Calls">
        {lead.calls.length === 0 ? (
          <Text size="sm" c="dimmed">
            No call with {lead.name} has been booked yet.
          </Text>
        ) : (
          <ul className={calls.list}>
            {lead.calls.map((call) => (
              <CallRow key={call.call_id} call={call} />
            ))}
          </ul>
        )}
      </Section>
      <Section title="History">
        <History leadId={lead.lead_id} />
      </Section>
      <Modal opened={isEditing} onClose={() => setEditing(false)} title={`Edit ${lead.name}`} centered>
        <LeadForm
          lead={lead}
          onSaved={() => {
            setEditing(false);
            setSaved(true);
          }}
          onCancel={() => setEditing(false)}
        />
      </Modal>
    </Page>
  );
}
