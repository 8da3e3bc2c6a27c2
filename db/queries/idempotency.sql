-- name: lock_key(organization_id, user_id, key)$
-- Until the end of the transaction nobody else gets past here with this key.
SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', :organization_id::uuid, :user_id::uuid, :key::text), 0));

-- name: get_answered_request(organization_id, user_id, key)^
SELECT request_sha256, call_id FROM idempotency_keys
WHERE organization_id = :organization_id AND user_id = :user_id AND key = :key;

-- name: get_answered_requests(organization_id, user_id, keys)
SELECT key, request_sha256, call_id FROM idempotency_keys
WHERE organization_id = :organization_id AND user_id = :user_id AND key = ANY (:keys::text[]);

-- name: keep_answered_request(organization_id, user_id, key, request_sha256, call_id)!
-- Also forgets this person's keys of more than a week ago: a form that was sent then is not open any more.
WITH old AS (
  DELETE FROM idempotency_keys
  WHERE organization_id = :organization_id AND user_id = :user_id AND created_at < now() - interval '7 days'
)
INSERT INTO idempotency_keys (organization_id, user_id, key, request_sha256, call_id)
VALUES (:organization_id, :user_id, :key, :request_sha256, :call_id);
