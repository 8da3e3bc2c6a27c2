import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { mailApi } from "./mail-api";

export const organizationQuery = queryOptions({
  queryKey: ["settings", "organization"],
  queryFn: api.organization,
});

export const mailServersQuery = queryOptions({
  queryKey: ["settings", "mail-servers"],
  queryFn: mailApi.servers,
});

export const inboxQuery = queryOptions({ queryKey: ["settings", "inbox"], queryFn: mailApi.inbox });

export const suppressedQuery = queryOptions({
  queryKey: ["suppressed-addresses"],
  queryFn: mailApi.suppressed,
});

export const providersQuery = queryOptions({ queryKey: ["settings", "providers"], queryFn: api.providers });
