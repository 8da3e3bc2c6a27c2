import type { JoinView } from "../../api/types";
import { formatMinutes, formatZone } from "../../ui/time";
import { When } from "../../ui/When";
import { formatIn, myZone, sameClock } from "../../ui/zones";

/** Who invites, when and how long; where the call was booked by another clock, that time too. */
export function InvitationHead({ join }: { join: JoinView }) {
  const { starts_at, time_zone } = join;
  const isElsewhere = !sameClock(new Date(starts_at), time_zone, myZone());
  return (
    <>
      {join.owner_name} of {join.organization_name} invites you
      <br />
      <When iso={starts_at} />, {formatMinutes(join.duration_minutes)}, {formatZone(starts_at)}
      {isElsewhere && (
        <>
          <br />
          Booked as {formatIn(starts_at, time_zone)}, {time_zone.replaceAll("_", " ")}
        </>
      )}
    </>
  );
}
