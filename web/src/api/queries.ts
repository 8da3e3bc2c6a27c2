import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Slot } from "./client";
import type { CallEmail } from "./settings";
import type { CallFilter, LeadFilter } from "./types";

/** What pages read, with the names it is kept under: all of a call is under ["calls", its id]. */

const AT_WORK_MS = 2_000;
const MAIL_UNDER_WAY_MS = 3_000;

const pages = { initialPageParam: null as string | null };

export const callListQuery = (filter: CallFilter) =>
  infiniteQueryOptions({
    ...pages,
    queryKey: ["calls", "list", filter],
    queryFn: ({ pageParam }) => api.calls(filter, pageParam),
    getNextPageParam: (page) => page.next_cursor,
  });

export const conflictsQuery = (slot: Slot) =>
  queryOptions({ queryKey: ["calls", "conflicts", slot], queryFn: () => api.conflicts(slot) });

/** Asks again while the review is being made. */
export const reviewQuery = (callId: string) =>
  queryOptions({
    queryKey: ["calls", callId, "review"],
    queryFn: () => api.review(callId),
    refetchInterval: ({ state }) =>
      state.data?.status === "queued" || state.data?.status === "running" ? AT_WORK_MS : false,
  });

export const transcriptQuery = (callId: string) =>
  queryOptions({ queryKey: ["calls", callId, "transcript"], queryFn: () => api.transcript(callId) });

export const coverageQuery = (callId: string) =>
  queryOptions({ queryKey: ["calls", callId, "coverage"], queryFn: () => api.coverage(callId) });

export const nudgesQuery = (callId: string) =>
  queryOptions({ queryKey: ["calls", callId, "nudges"], queryFn: () => api.nudges(callId) });

/** Reminders wait for their time, which can be weeks. */
const isUnderWay = ({ status, kind }: CallEmail) =>
  status === "sending" || (status === "waiting" && kind !== "reminder");

/** Asks again while a mail is on its way. */
export const emailsQuery = (callId: string) =>
  queryOptions({
    queryKey: ["calls", callId, "emails"],
    queryFn: () => api.emails(callId),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? MAIL_UNDER_WAY_MS : false),
  });

export const ownersQuery = queryOptions({
  queryKey: ["users", "owners"],
  queryFn: api.owners,
  staleTime: 60_000,
});

export const leadListQuery = (filter: LeadFilter) =>
  infiniteQueryOptions({
    ...pages,
    queryKey: ["leads", "list", filter],
    queryFn: ({ pageParam }) => api.leads(filter, pageParam),
    getNextPageParam: (page) => page.next_cursor,
  });

export const leadQuery = (leadId: string) =>
  queryOptions({ queryKey: ["leads", leadId], queryFn: () => api.lead(leadId) });

export const questionSetListQuery = infiniteQueryOptions({
  ...pages,
  queryKey: ["question-sets", "list"],
  queryFn: ({ pageParam }) => api.questionSets(pageParam),
  getNextPageParam: (page) => page.next_cursor,
});

export const questionSetQuery = (setId: string) =>
  queryOptions({ queryKey: ["question-sets", setId], queryFn: () => api.questionSet(setId) });
