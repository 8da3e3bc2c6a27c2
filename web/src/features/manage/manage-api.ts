import { ask, tell } from "../../api/client";
import type { ManagementView } from "../../api/generated";
import type { JoinView } from "../../api/types";

export type { ManagementView };

/** A guest's link travels in the body only: addresses end up in logs. */
export const manageApi = {
  view: (link: string) => ask<ManagementView>("POST", "/joins/management", { link }),
  move: (link: string, starts_at: string, revision: number) =>
    ask<JoinView>("POST", "/joins/moves", { link, starts_at, revision }),
  cancel: (link: string, reason: string) => tell("POST", "/joins/cancellations", { link, reason }),
  preferText: (link: string, prefers_text: boolean) =>
    tell("PUT", "/joins/preferences", { link, prefers_text }),
};
