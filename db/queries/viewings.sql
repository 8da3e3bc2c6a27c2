-- name: lock_viewing(viewing)$
-- Until the end of the transaction nobody else gets past here for this viewing.
SELECT pg_advisory_xact_lock(hashtextextended(:viewing, 5));

-- name: was_viewed(organization_id, user_id, call_id)$
-- Within the last hour.
SELECT EXISTS (
  SELECT FROM audit_entries
  WHERE organization_id = :organization_id AND actor_id = :user_id AND action = 'call_viewed'
    AND subject_id = :call_id AND at > now() - interval '1 hour');
