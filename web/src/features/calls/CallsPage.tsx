import { Button, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { useSignedIn } from "../../app/session";
import { midnight, mondayOf } from "../../ui/days";
import { Page } from "../../ui/Page";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { SearchField } from "../../ui/SearchField";
import { Found } from "./Found";
import { ImportCalls } from "./ImportCalls";
import { Today } from "./Today";
import { Week } from "./Week";

/** Today first, then a week; a search takes the place of both. */
export function CallsPage() {
  const { week, search, view } = useSearch({ from: "/shell/calls" });
  const navigate = useNavigate({ from: "/calls" });
  const monday = mondayOf((week && midnight(week)) || new Date());
  const onSearch = useCallback(
    (words: string) =>
      void navigate({
        search: ({ search: _, ...old }) => (words ? { ...old, search: words } : old),
        replace: true,
      }),
    [navigate],
  );
  return (
    <Page
      title="Calls"
      wide={view === "grid"}
      actions={
        <>
          <ImportCalls />
          <NewDemoCall />
        </>
      }
    >
      <SearchField
        label="Search calls"
        placeholder="Title, lead, company or guest"
        value={search ?? ""}
        onSearch={onSearch}
      />
      {search ? (
        <Found words={search} />
      ) : (
        <>
          <Today />
          <Week monday={monday} view={view === "grid" ? "grid" : "list"} />
        </>
      )}
    </Page>
  );
}

/** Asking for the demo makes a call when there is none that has not ended. Local mode only. */
function NewDemoCall() {
  const me = useSignedIn();
  const queries = useQueryClient();
  const demo = useMutation({
    mutationFn: api.demo,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["calls"] }),
  });
  if (!me.local_mode) return null;
  return (
    <>
      <Button variant="default" onClick={() => demo.mutate()} loading={demo.isPending}>
        New demo call
      </Button>
      {demo.error && <ProblemNotice problem={asProblem(demo.error)} onRetry={() => demo.mutate()} />}
      {demo.data && (
        <Text size="sm" role="status" w="100%">
          <Link to="/calls/$callId" params={{ callId: demo.data.call.call_id }}>
            {demo.data.call.title}
          </Link>{" "}
          is ready.
        </Text>
      )}
    </>
  );
}
