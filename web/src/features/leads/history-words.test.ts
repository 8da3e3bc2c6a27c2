import { expect, it } from "vitest";
import { momentWords } from "./history-words";
import type { LeadMoment } from "./leads-api";

const moment = (more: Partial<LeadMoment>): LeadMoment => ({
  what: "added",
  at: "2026-11-21T10:00:00Z",
  by_name: null,
  call_id: null,
  title: null,
  call_status: null,
  score_before: null,
  score_after: null,
  status_before: null,
  status_after: null,
  ...more,
});

it.each<[Partial<LeadMoment>, string]>([
  [{}, "Added"],
  [{ what: "imported" }, "Came with an import"],
  [{ what: "changed_by_import" }, "Changed by an import"],
  [
    { what: "changed_by_import", status_before: "new", status_after: "met" },
    "Changed by an import: New → Met",
  ],
  [{ what: "status", status_before: "met", status_after: "qualified" }, "Status: Met → Qualified"],
  [{ what: "call", call_status: "no_show" }, "Nobody came to a call:"],
  [{ what: "score", score_after: 60, status_after: "met" }, "Score none → 60, Met after"],
  [
    { what: "score", score_before: 40, score_after: 60, status_before: "met", status_after: "met" },
    "Score 40 → 60 after",
  ],
])("%o is said as %s", (more, words) => expect(momentWords(moment(more))).toBe(words));
