import { Loader, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { meQuery } from "../../app/session";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";

/** Signs in as one of the demo people and goes where the reader wanted to go. */
export function useDemoSignIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ as }: { as: "manager" | "rep"; next: string }) => api.demoSignIn(as),
    onSuccess: async (me, { next }) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      await navigate({ to: next });
    },
  });
}

export function DemoSignIn({ as }: { as: "manager" | "rep" }) {
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
