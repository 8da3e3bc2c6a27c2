import type { KeptNudge, Nudge, NudgeResponse } from "../api/types";

export interface ShownNudge extends Nudge {
  state: "shown" | "acted" | "dismissed" | "expired";
  reaction: NudgeResponse["reaction"];
  /** Milliseconds since the call started. */
  shown_at_ms: number;
  /** By the reader's clock. */
  expires_at: number;
  /** Milliseconds left while somebody points at the card; null while time runs. */
  held_ms: number | null;
  /** The reader's last answer has not reached the server, and will not without another try. */
  unsaved: boolean;
}

export type Nudges = readonly ShownNudge[];

/** What the reader has said about a nudge so far. */
export function responseOf({ state, reaction }: ShownNudge): NudgeResponse {
  return { state: state === "acted" || state === "dismissed" ? state : null, reaction };
}

/** The one nudge to show: the newest that still runs. */
export function newestShown(nudges: Nudges): ShownNudge | null {
  return nudges.findLast((nudge) => nudge.state === "shown") ?? null;
}

/**
 * From the log a nudge may be old: it shows only for what is left of its time. From the room it is new.
 * `kept` is what this reader said about it in an earlier visit.
 */
export function arrived(
  nudge: Nudge,
  at: { at_ms: number; shown_at: number; now: number },
  kept: NudgeResponse | undefined,
): ShownNudge {
  const expires_at = at.shown_at + nudge.expires_after_ms;
  return {
    ...nudge,
    shown_at_ms: at.at_ms,
    state: kept?.state ?? (expires_at <= at.now ? "expired" : "shown"),
    reaction: kept?.reaction ?? null,
    expires_at,
    held_ms: null,
    unsaved: false,
  };
}

export function atTime(nudges: Nudges, now: number): Nudges {
  const over = (nudge: ShownNudge) =>
    nudge.state === "shown" && nudge.held_ms === null && nudge.expires_at <= now;
  if (!nudges.some(over)) return nudges;
  return nudges.map((nudge) => (over(nudge) ? { ...nudge, state: "expired" } : nudge));
}

export const held = (nudge: ShownNudge, now: number): ShownNudge =>
  nudge.state === "shown"
    ? { ...nudge, held_ms: nudge.held_ms ?? Math.max(0, nudge.expires_at - now) }
    : nudge;

export const released = (nudge: ShownNudge, now: number): ShownNudge =>
  nudge.state === "shown" && nudge.held_ms !== null
    ? { ...nudge, expires_at: now + nudge.held_ms, held_ms: null }
    : nudge;

/** The reader's answer; taking it back gives the nudge what is left of its time. */
export function responded(nudge: ShownNudge, { state, reaction }: NudgeResponse, now: number): ShownNudge {
  const isRunning = nudge.held_ms !== null || nudge.expires_at > now;
  return { ...nudge, state: state ?? (isRunning ? "shown" : "expired"), reaction };
}

/** What the server kept of earlier visits, by nudge. */
export function keptOf(items: readonly KeptNudge[]): ReadonlyMap<string, NudgeResponse> {
  return new Map(
    items.map(({ nudge_id, state, reaction }) => [
      nudge_id,
      { state: state === "expired" ? null : state, reaction },
    ]),
  );
}
