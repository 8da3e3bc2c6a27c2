import { infiniteQueryOptions } from "@tanstack/react-query";
import { ask, query } from "../../api/client";
import type { Page } from "../../api/types";
import type { AuditEntry, AuditFilter, Verification } from "./types";

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) =>
      ask<Page<AuditEntry>>("GET", `/audit${query({ ...filter, cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const verify = () => ask<Verification>("POST", "/audit/verifications", {});
