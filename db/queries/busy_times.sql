-- name: lock_owner(organization_id, owner_id)$
-- One at a time chooses among the owner's free times; bookings by colleagues do not wait.
SELECT id FROM users WHERE organization_id = :organization_id AND id = :owner_id FOR NO KEY UPDATE;

-- name: list_busy_times(organization_id, owner_id, call_id, starts_from, starts_before)
-- When the owner has another call that is not over. No call is longer than 480 minutes.
SELECT starts_at, starts_at + duration_minutes * interval '1 minute' AS ends_at FROM calls
WHERE organization_id = :organization_id AND owner_id = :owner_id AND id <> :call_id
  AND status IN ('scheduled', 'prepared', 'live')
  AND starts_at > :starts_from::timestamptz - interval '480 minutes' AND starts_at < :starts_before::timestamptz
ORDER BY starts_at;
