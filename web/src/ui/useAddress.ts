import { useLocation, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

export type Parameters<Name extends string> = { [name in Name]?: string };

/** The named parameters of what stands behind "?" in the address. A number there is read as text. */
export function parametersOf<Name extends string>(
  search: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Parameters<Name> {
  const pairs = names.flatMap((name) => {
    const value = search[name];
    return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== "")) as Parameters<Name>;
}

/** The parameters after a change; what is empty is left out. */
export function changed(
  search: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value));
}

/** What the page shows stands in its address, so that a link to it can be shared. */
export function useAddress<Name extends string>(names: readonly Name[]) {
  const search: Record<string, unknown> = useLocation({ select: (location) => location.search });
  const navigate = useNavigate();
  const change = useCallback(
    (next: Parameters<Name>, how: { ignoreBlocker?: boolean } = {}) =>
      void navigate({
        to: ".",
        // The page names its own parameters; the router's type knows those of all pages together.
        search: ((old: Record<string, unknown>) => changed(old, next)) as never,
        replace: true,
        resetScroll: false,
        ...how,
      }),
    [navigate],
  );
  return [parametersOf(search, names), change] as const;
}
