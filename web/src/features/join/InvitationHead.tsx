import type { JoinView } from "../../api/types";
import { formatMinutes, formatZone } from "../../ui/time";
import { When } from "../../ui/When";

/** Who invites, when and how long. */
export function InvitationHead({ join }: { join: JoinView }) {
  return (
    <>
      {join.owner_name} of {join.organization_name} invites you
      <br />
      <When iso={join.starts_at} />, {formatMinutes(join.duration_minutes)}, {formatZone(join.starts_at)}
    </>
  );
}
