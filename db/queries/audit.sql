-- name: lock_audit_head(organization_id)^
-- Takes the organization's log for this transaction.
SELECT seq, hash FROM audit_heads WHERE organization_id = :organization_id FOR UPDATE;

-- name: begin_audit(organization_id, seq, hash)!
INSERT INTO audit_heads (organization_id, seq, hash) VALUES (:organization_id, :seq, :hash)
ON CONFLICT (organization_id) DO NOTHING;

-- name: get_audit_head(organization_id)^
SELECT seq, hash FROM audit_heads WHERE organization_id = :organization_id;

-- name: audited_organizations()
SELECT lookup.audited_organizations AS organization_id FROM lookup.audited_organizations();

-- name: add_audit_entry(organization_id, seq, entry_id, at, actor_kind, actor_id, action, subject_kind, subject_id, facts, previous, hash)!
WITH added AS (
  INSERT INTO audit_entries (organization_id, seq, id, at, actor_kind, actor_id, action, subject_kind, subject_id, facts,
    previous, hash)
  VALUES (:organization_id, :seq, :entry_id, :at, :actor_kind, :actor_id, :action, :subject_kind, :subject_id,
    :facts::text::jsonb, :previous, :hash)
  RETURNING organization_id, seq, hash
)
UPDATE audit_heads h SET seq = added.seq, hash = added.hash FROM added WHERE h.organization_id = added.organization_id;

-- name: list_audit_entries(organization_id, actor_id, action, since, before, below_seq, most)
-- Newest first. What is null does not filter.
SELECT seq, id, at, actor_kind, actor_id, action, subject_kind, subject_id, facts::text AS facts, previous, hash
FROM audit_entries
WHERE organization_id = :organization_id
  AND (:actor_id::uuid IS NULL OR actor_id = :actor_id::uuid)
  AND (:action::text IS NULL OR action = :action::text)
  AND (:since::timestamptz IS NULL OR at >= :since::timestamptz)
  AND (:before::timestamptz IS NULL OR at < :before::timestamptz)
  AND (:below_seq::bigint IS NULL OR seq < :below_seq::bigint)
ORDER BY seq DESC
LIMIT :most;

-- name: audit_entries_after(organization_id, seq, most)
-- Oldest first.
SELECT seq, id, at, actor_kind, actor_id, action, subject_kind, subject_id, facts::text AS facts, previous, hash
FROM audit_entries WHERE organization_id = :organization_id AND seq > :seq
ORDER BY seq
LIMIT :most;
