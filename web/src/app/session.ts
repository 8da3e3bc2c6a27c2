import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { Me } from "../api/types";

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

/** Only a place inside the app may be gone back to after signing in. */
export function safeNext(next: unknown): string {
  const isInside = typeof next === "string" && /^\/(?![/\\])/.test(next);
  return isInside ? next : "/calls";
}
