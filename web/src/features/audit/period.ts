import { midnight, plusDays } from "../../ui/days";

/** From the beginning of one day to the end of another, by the reader's calendar; what is no day does not limit. */
export function periodOf(
  from: string | undefined,
  to: string | undefined,
): { from?: string; before?: string } {
  const first = from ? midnight(from) : null;
  const last = to ? midnight(to) : null;
  return {
    ...(first ? { from: first.toISOString() } : {}),
    ...(last ? { before: plusDays(last, 1).toISOString() } : {}),
  };
}
