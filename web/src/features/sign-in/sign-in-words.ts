import type { DemoPerson } from "../../api/identity";

interface Refusal {
  title: string;
  detail: string;
}

const REFUSALS = new Map<string | undefined, Refusal>([
  [
    "signed-out",
    {
      title: "You were signed out",
      detail:
        "You were away for a long time, or this device was signed out from elsewhere. Sign in to go on where you were.",
    },
  ],
  [
    "not-invited",
    {
      title: "This Google account is not invited",
      detail:
        "Ask an admin of your organization to invite its address, or sign in with the account they invited.",
    },
  ],
  [
    "wrong-domain",
    {
      title: "This is not your organization's Google account",
      detail: "Your organization lets in accounts of its own domain only. Choose your work account instead.",
    },
  ],
  [
    "disabled",
    {
      title: "Your account is disabled",
      detail: "Ask an admin of your organization to enable it again. What you had is still there.",
    },
  ],
  [
    "google-failed",
    {
      title: "Google did not sign you in",
      detail: "It was cancelled, or it took too long. Nothing has changed; you can try again.",
    },
  ],
]);

/** Why one stands before the door: signed out, or Google's answer did not open it. null for a word that is not ours. */
export function refusalOf(problem: string | undefined): Refusal | null {
  return REFUSALS.get(problem) ?? null;
}

export const DEMO_PEOPLE: readonly { as: DemoPerson; name: string }[] = [
  { as: "manager", name: "the demo manager" },
  { as: "rep", name: "the demo rep" },
  { as: "admin", name: "the demo admin" },
];
