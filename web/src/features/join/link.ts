import { useSyncExternalStore } from "react";

/** The guest's secret, from behind the `#`: the one part of an address that no server ever sees. */
export function linkFrom(hash: string): string | null {
  const link = hash.replace(/^#/, "").trim();
  return link === "" ? null : link;
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

export function useLink(): string | null {
  return linkFrom(useSyncExternalStore(subscribe, () => location.hash));
}
