import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { Me } from "../../api/types";
import { SignedIn } from "../../app/SignedIn";
import { callsQuery } from "../../app/session";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { CallRow } from "./CallRow";
import classes from "./calls.module.css";

export function CallsPage() {
  return <SignedIn>{(me) => <Calls me={me} />}</SignedIn>;
}

function Calls({ me }: { me: Me }) {
  const demo = useNewDemoCall();
  return (
    <main className={classes.page}>
      <header className={classes.header}>
        <div>
          <Title order={1} size="h2">
            Calls
          </Title>
          <Text size="sm" c="dimmed">
            {me.name}, {me.organization_name}
          </Text>
        </div>
        <Group gap="xs">
          <SignOut />
          {me.local_mode && (
            <Button onClick={() => demo.mutate()} loading={demo.isPending}>
              New demo call
            </Button>
          )}
        </Group>
      </header>
      {demo.error && <ProblemNotice problem={asProblem(demo.error)} onRetry={() => demo.mutate()} />}
      {demo.data && (
        <Text size="sm" role="status">
          “{demo.data.call.title}” is ready.
        </Text>
      )}
      <CallList localMode={me.local_mode} />
    </main>
  );
}

/** Asking for the demo makes a call when there is none that has not ended. */
function useNewDemoCall() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.demo,
    onSuccess: () => queries.invalidateQueries({ queryKey: callsQuery.queryKey }),
  });
}

function SignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/" });
    },
  });
  return (
    <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
      Sign out
    </Button>
  );
}

function CallList({ localMode }: { localMode: boolean }) {
  const calls = useQuery({ ...callsQuery, refetchInterval: 15_000 });
  if (calls.isPending) return <Loading />;
  if (calls.error && !calls.data) {
    return (
      <ProblemNotice
        problem={asProblem(calls.error)}
        onRetry={() => void calls.refetch()}
        retrying={calls.isFetching}
      />
    );
  }
  if (calls.data.items.length === 0) {
    return (
      <div className={classes.empty}>
        <Text fw={600}>No calls yet</Text>
        <Text size="sm" c="dimmed">
          Calls you own or may see are listed here, with their room and the guests' links.
          {localMode && " Start with “New demo call”."}
        </Text>
      </div>
    );
  }
  return (
    <ul className={classes.list}>
      {calls.data.items.map((call) => (
        <CallRow key={call.call_id} call={call} />
      ))}
    </ul>
  );
}

function Loading() {
  return (
    <Stack gap="xs" role="status" aria-label="Loading calls">
      {[1, 2, 3].map((n) => (
        <Skeleton key={n} height={76} />
      ))}
    </Stack>
  );
}
