-- name: calls_to_prepare(before)
-- Looks across organizations, for the steward.
SELECT organization_id, call_id FROM lookup.calls_to_prepare(:before);

-- name: calls_nobody_came_to(started_before)
-- Looks across organizations, for the steward.
SELECT organization_id, call_id FROM lookup.calls_nobody_came_to(:started_before);

-- name: prepare_call(organization_id, call_id, now, before)$
-- Nothing for one that was moved meanwhile, and for one that was booked for the moment itself.
UPDATE calls SET status = 'prepared', prepared_at = :now, wanted_at = coalesce(wanted_at, :now)
WHERE organization_id = :organization_id AND id = :call_id AND status = 'scheduled' AND starts_at < :before
  AND starts_at > created_at + interval '30 seconds'
RETURNING id;

-- name: miss_call(organization_id, call_id, now, started_before)$
-- Nothing when somebody of those invited was let in, or nobody had been told when to come.
UPDATE calls SET status = 'no_show', ended_at = :now, end_reason = 'nobody came'
WHERE organization_id = :organization_id AND id = :call_id AND status IN ('scheduled', 'prepared', 'live')
  AND starts_at <= :started_before::timestamptz AND starts_at > :started_before::timestamptz - interval '12 hours'
  AND EXISTS (SELECT FROM invitees i WHERE i.call_id = calls.id AND i.removed_at IS NULL
                AND (i.email IS NOT NULL OR calls.starts_at > calls.created_at + interval '30 seconds'))
  AND NOT EXISTS (SELECT FROM invitees i WHERE i.call_id = calls.id AND i.joined_at IS NOT NULL)
RETURNING id;

-- name: miss_agent(organization_id, call_id, now)$
UPDATE calls SET agent_missing_at = :now
WHERE organization_id = :organization_id AND id = :call_id AND agent_missing_at IS NULL
  AND status IN ('scheduled', 'prepared', 'live')
RETURNING id;

-- name: find_agent(organization_id, call_id)!
UPDATE calls SET agent_missing_at = NULL
WHERE organization_id = :organization_id AND id = :call_id AND agent_missing_at IS NOT NULL
  AND status IN ('scheduled', 'prepared', 'live');

-- name: fix_question_set_version(organization_id, call_id)!
UPDATE calls SET question_set_version = (
  SELECT version FROM question_sets s WHERE s.organization_id = calls.organization_id AND s.id = calls.question_set_id)
WHERE organization_id = :organization_id AND id = :call_id AND question_set_version IS NULL;
