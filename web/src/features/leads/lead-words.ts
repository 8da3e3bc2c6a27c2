import type { LeadStatus } from "../../api/types";

/** In the order in which a lead usually goes through them. */
export const LEAD_STATUS: Record<LeadStatus, string> = {
  new: "New",
  scheduled: "Call booked",
  met: "Met",
  needs_follow_up: "Needs follow-up",
  qualified: "Qualified",
  unqualified: "Not qualified",
  customer: "Customer",
};

export const LEAD_STATUSES = Object.keys(LEAD_STATUS) as LeadStatus[];

export function asLeadStatus(text: string | null | undefined): LeadStatus | null {
  return LEAD_STATUSES.find((status) => status === text) ?? null;
}

export const scoreWords = (score: number | null) => (score === null ? "Not scored" : `${score} of 100`);
