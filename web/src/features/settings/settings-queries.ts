import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";

export const organizationQuery = queryOptions({
  queryKey: ["settings", "organization"],
  queryFn: api.organization,
});

export const smtpQuery = queryOptions({ queryKey: ["settings", "smtp"], queryFn: api.smtp });

export const providersQuery = queryOptions({ queryKey: ["settings", "providers"], queryFn: api.providers });
