import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";

const LOOK_AGAIN_MS = 5_000;

/** New mails come in by themselves while the page is open. */
export const mailboxQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["mailbox", "list", search],
    queryFn: ({ pageParam }) => api.mailbox(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_AGAIN_MS,
  });

/** A message that was received never changes. */
export const messageQuery = (messageId: string) =>
  queryOptions({
    queryKey: ["mailbox", messageId],
    queryFn: () => api.message(messageId),
    staleTime: Number.POSITIVE_INFINITY,
  });
