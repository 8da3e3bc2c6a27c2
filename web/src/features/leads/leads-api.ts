import { ask } from "../../api/client";
import type { ImportedLead, LeadImport, LeadMoment } from "../../api/generated";

export type { ImportedLead, LeadImport, LeadMoment };

export const leadsApi = {
  /** `check`: says what it would be, and keeps nothing. */
  importTable: (csv: string, check: boolean) =>
    ask<LeadImport>("POST", `/lead-imports?check=${check}`, { csv }),
  history: (leadId: string) =>
    ask<{ items: LeadMoment[] }>("GET", `/leads/${encodeURIComponent(leadId)}/history`),
};
