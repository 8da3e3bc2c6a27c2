import { useNow } from "../../ui/useNow";
import { When } from "../../ui/When";

const MINUTE_MS = 60_000;

/** "12 min ago" within the hour, else when. */
export function LastSeen({ iso }: { iso: string }) {
  const minutes = Math.floor((useNow(MINUTE_MS) - Date.parse(iso)) / MINUTE_MS);
  if (minutes < 1) return <>just now</>;
  return minutes < 60 ? <>{minutes} min ago</> : <When iso={iso} />;
}
