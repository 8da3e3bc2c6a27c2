import { LOCALE } from "../../ui/time";
import type { Verification } from "./types";

const number = (n: number) => new Intl.NumberFormat(LOCALE).format(n);
const entries = (n: number) => (n === 1 ? "1 entry" : `${number(n)} entries`);

const KEEP =
  "Verifying changed nothing. Ask whoever runs Parley to keep the database and Parley's folder as they are now.";

/** What verifying found: how much is whole, up to where it is signed, or where it breaks. */
export function verificationWords(found: Verification): { title: string; text: string } {
  if (!found.ok) return { title: brokenTitle(found), text: `${found.problem ?? ""} ${KEEP}`.trim() };
  const { entries: all, signed_up_to } = found;
  if (all === 0) return { title: "The log is empty", text: "Nothing has been done yet." };
  const title = all === 1 ? "The one entry is whole" : `All ${entries(all)} are whole`;
  if (signed_up_to === null) {
    return { title, text: "None of them is signed yet. Each hour what is there is signed." };
  }
  const rest = all - signed_up_to;
  const signed = `Signed up to entry ${number(signed_up_to)}`;
  if (rest <= 0) return { title, text: `${signed}, the last one.` };
  const after = rest === 1 ? "entry after it is" : `${entries(rest)} after it are`;
  return { title, text: `${signed}. The ${after} signed within the hour.` };
}

function brokenTitle({ at_seq }: Verification): string {
  if (at_seq === null) return "The log cannot be relied on";
  if (at_seq <= 1) return "The log breaks at its first entry";
  const before = at_seq === 2 ? "entry before it is" : `${entries(at_seq - 1)} before it are`;
  return `The log breaks at entry ${number(at_seq)}; the ${before} whole`;
}
