import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import { peopleApi } from "./people-api";
import type { Team, User } from "./types";

// The same name as the list of colleagues elsewhere: it is the same list.
export const peopleQuery = queryOptions({ queryKey: ["users"], queryFn: api.users });

export const teamsQuery = queryOptions({ queryKey: ["teams"], queryFn: peopleApi.teams });

/** What the server answered to a change is what there is now. */
export function keepUser(queries: QueryClient, user: User): void {
  queries.setQueryData(
    peopleQuery.queryKey,
    (known) =>
      known && { ...known, items: known.items.map((one) => (one.user_id === user.user_id ? user : one)) },
  );
}

export function keepTeam(queries: QueryClient, team: Team): void {
  queries.setQueryData(
    teamsQuery.queryKey,
    (known) =>
      known && { ...known, items: known.items.map((one) => (one.team_id === team.team_id ? team : one)) },
  );
}

/** People and teams name each other, so a change of one is a change of both. */
export async function askAgain(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: peopleQuery.queryKey }),
    queries.invalidateQueries({ queryKey: teamsQuery.queryKey }),
  ]);
}
