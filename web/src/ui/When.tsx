import { formatWhen, formatZone } from "./time";

/** A time in the reader's zone, its offset on hover. */
export function When({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={formatZone(iso)}>
      {formatWhen(iso)}
    </time>
  );
}
