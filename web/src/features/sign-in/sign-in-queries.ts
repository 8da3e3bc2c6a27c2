import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";

export const waysQuery = queryOptions({ queryKey: ["sign-in"], queryFn: api.waysIn, staleTime: 60_000 });

/** What a link is for. Asked once: when it has been used, the answer is that it is not there. */
export const linkQuery = (link: string) =>
  queryOptions({
    queryKey: ["sign-in", "link", link],
    queryFn: () => api.viewSignInLink(link),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
