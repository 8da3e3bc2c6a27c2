import { Loader, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../../api/client";
import type { DemoPerson } from "../../api/identity";
import { asProblem } from "../../api/problem";
import { useEntering } from "../../app/session";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";

/** Signs in as one of the demo people and goes where the reader wanted to go. */
export function useDemoSignIn() {
  const enter = useEntering();
  return useMutation({
    mutationFn: ({ as }: { as: DemoPerson; next: string }) => api.demoSignIn(as),
    onSuccess: (me, { next }) => enter(me, next),
  });
}

/** An address that signs in by itself, for the line that a starting server prints. */
export function DemoSignIn({ as }: { as: DemoPerson }) {
  const { mutate, error, isPending } = useDemoSignIn();
  useEffect(() => mutate({ as, next: "/calls" }), [mutate, as]);
  const problem = error && asProblem(error);
  return (
    <PaperPage title={problem ? "The demo is not here" : `Signing in as the demo ${as}`}>
      {problem?.status === 404 && (
        <Text>This server has no demo people. Ask whoever runs it how to sign in.</Text>
      )}
      {problem && problem.status !== 404 && (
        <ProblemNotice
          problem={problem}
          retrying={isPending}
          onRetry={() => mutate({ as, next: "/calls" })}
        />
      )}
      {!problem && <Loader size="sm" aria-label="Signing in" />}
    </PaperPage>
  );
}
