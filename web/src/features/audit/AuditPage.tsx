import { Button, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSignedIn } from "../../app/session";
import { Asked } from "../../ui/Asked";
import { More } from "../../ui/More";
import { Empty, Page } from "../../ui/Page";
import { formatZone } from "../../ui/time";
import { useAddress } from "../../ui/useAddress";
import { peopleQuery, teamsQuery } from "../people/people-queries";
import { auditQuery, verify } from "./audit-queries";
import { Entries } from "./Entries";
import { Filters } from "./Filters";
import { periodOf } from "./period";
import { Verification } from "./Verification";

/** What was done in the organization, by whom; and whether the log is still the one that was written. */
export function AuditPage() {
  const me = useSignedIn();
  if (me.role !== "admin") {
    return (
      <Page title="Audit log">
        <Empty title="The audit log is for admins">
          Ask an admin of {me.organization_name} to look for you.
        </Empty>
      </Page>
    );
  }
  return <Log />;
}

function Log() {
  const [wanted, change] = useAddress(["actor", "action", "from", "to"]);
  const users = useQuery(peopleQuery);
  const teams = useQuery(teamsQuery);
  const names = useMemo(() => {
    const people = (users.data?.items ?? []).map((user) => [user.user_id, user.name] as const);
    const groups = (teams.data?.items ?? []).map((team) => [team.team_id, team.name] as const);
    return new Map([...people, ...groups]);
  }, [users.data, teams.data]);
  const { actor, action, from, to } = wanted;
  const entries = useInfiniteQuery({
    ...auditQuery({
      ...(actor ? { actor_id: actor } : {}),
      ...(action ? { action } : {}),
      ...periodOf(from, to),
    }),
    placeholderData: keepPreviousData,
  });
  const verifying = useMutation({ mutationFn: verify });
  const isFiltered = Boolean(actor || action || from || to);
  return (
    <Page
      title="Audit log"
      below={`Times and days are in ${formatZone(new Date().toISOString())}.`}
      actions={
        <Button variant="default" onClick={() => verifying.mutate()} loading={verifying.isPending}>
          Verify
        </Button>
      }
    >
      <Verification verifying={verifying} />
      <Filters wanted={wanted} users={users.data?.items ?? []} onChange={change} />
      <Asked query={entries} loading="Loading the audit log" shape={{ rows: 8, height: 36 }}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length > 0) return <Entries entries={items} names={names} />;
          return isFiltered ? (
            <Empty title="No entry fits">Try another person, action or time.</Empty>
          ) : (
            <Empty title="Nothing has been done yet">
              Who signs in, joins a call, agrees to something, reads a call or changes a right is listed here
              for good.
            </Empty>
          );
        }}
      </Asked>
      <More query={entries} />
      {entries.isFetchNextPageError && (
        <Text size="sm" role="alert">
          More entries could not be read. Those above are right; try again.
        </Text>
      )}
    </Page>
  );
}
