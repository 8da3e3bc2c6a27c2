-- name: get_lease(organization_id, call_id)^
SELECT epoch, dispatched_at, heartbeat_at, now() AS looked_at
FROM agent_leases WHERE organization_id = :organization_id AND call_id = :call_id;

-- name: take_lease(organization_id, call_id, expected_epoch)$
-- Raises the epoch by one when it is still the expected one (0: no lease yet); returns the new epoch or null.
INSERT INTO agent_leases (call_id, organization_id, epoch, dispatched_at)
SELECT :call_id::uuid, :organization_id::uuid, 1, now() WHERE :expected_epoch::integer = 0
   OR EXISTS (SELECT 1 FROM agent_leases WHERE call_id = :call_id::uuid)
ON CONFLICT (call_id) DO UPDATE
SET epoch = agent_leases.epoch + 1, dispatched_at = now(), heartbeat_at = NULL
WHERE agent_leases.epoch = :expected_epoch::integer
RETURNING epoch;

-- name: keep_lease(organization_id, call_id, epoch)^
-- The agent's heartbeat; returns the highest epoch, so that an agent that has been replaced learns of it, whether it was
-- asked to leave, and what has become of the call.
WITH kept AS (
  UPDATE agent_leases SET heartbeat_at = now()
  WHERE organization_id = :organization_id AND call_id = :call_id AND epoch = :epoch
)
SELECT l.epoch, c.agent_dismissed_at IS NOT NULL AS is_dismissed, c.status = 'live' AS is_live,
  c.wanted_at IS NOT NULL AND c.status IN ('scheduled', 'prepared', 'live') AS is_wanted, c.starts_at
FROM agent_leases l JOIN calls c ON c.organization_id = l.organization_id AND c.id = l.call_id
WHERE l.organization_id = :organization_id AND l.call_id = :call_id;

-- name: calls_that_sent_their_agent_away()
-- Looks across organizations, for the steward.
SELECT organization_id, call_id FROM lookup.calls_that_sent_their_agent_away();
