import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { api } from "../api/client";
import type { Me } from "../api/types";

const START = "/calls";

// "Signed out" is an answer to keep: asking again at each mount would hide it behind a loading state.
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: api.me,
  retry: false,
  retryOnMount: false,
  refetchOnWindowFocus: false,
  staleTime: 60_000,
});

/** The demo exists only in local mode; elsewhere the server answers 404. */
export const demoQuery = queryOptions({
  queryKey: ["demo"],
  queryFn: api.demo,
  retry: false,
  staleTime: 30_000,
});

export const callQuery = (callId: string) =>
  queryOptions({ queryKey: ["calls", callId], queryFn: () => api.call(callId) });

export const useMe = () => useQuery(meQuery);

/** Who is signed in, inside the shell, where it is known. */
export function useSignedIn(): Me {
  const me = useMe();
  if (me.data === undefined) throw new Error("used outside the shell");
  return me.data;
}

/** After every way of signing in: nothing of whoever was here before stays, and on it goes. */
export function useEntering(): (me: Me, next: string) => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (me: Me, next: string) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      await navigate({ href: next, replace: true });
    },
    [queries, navigate],
  );
}

export function useSignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/sign-in" });
    },
  });
}

/** Asks again who is signed in, when somebody was and the server says that nobody is: SignedIn then sends them to sign in. */
export function lookAgain(queries: QueryClient): void {
  if (queries.getQueryData(meQuery.queryKey) === undefined) return;
  void queries.resetQueries({ queryKey: meQuery.queryKey, exact: true });
}

/** Only a place inside the app may be gone back to after signing in. */
export function safeNext(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, location.origin)) return START;
  const { origin, pathname, search, hash } = new URL(next, location.origin);
  // Two slashes can come out of a path that did not begin with them, and would then name another site.
  return origin === location.origin && !pathname.includes("//") ? pathname + search + hash : START;
}
