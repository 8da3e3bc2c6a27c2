-- name: lock_audit_head(organization_id)^
-- Takes the organization's log for this transaction.
SELECT seq, hash FROM audit_heads WHERE organization_id = :organization_id FOR UPDATE;

-- name: begin_audit(organization_id, seq, hash)!
INSERT INTO audit_heads (organization_id, seq, hash) VALUES (:organization_id, :seq, :hash)
ON CONFLICT (organization_id) DO NOTHING;

-- name: audit_extent(organization_id)^
-- The head as it was counted (null: none), and the last entry that is there, both of one moment.
SELECT h.seq, h.hash, greatest(e.last_seq, h.seq) AS last_seq
FROM (SELECT max(seq) AS last_seq FROM audit_entries WHERE organization_id = :organization_id) e
LEFT JOIN audit_heads h ON h.organization_id = :organization_id;

-- name: audited_organizations()
SELECT organization_id FROM lookup.audited_organizations() AS found (organization_id);

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

-- name: audit_entries_after(organization_id, seq, up_to, most)
-- Oldest first.
SELECT seq, id, at, actor_kind, actor_id, action, subject_kind, subject_id, facts::text AS facts, previous, hash
FROM audit_entries WHERE organization_id = :organization_id AND seq > :seq AND seq <= :up_to
ORDER BY seq
LIMIT :most;

-- name: names_in_audit(organization_id, ids)
-- What they are called today.
SELECT 'user' AS kind, id, name FROM users WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'invitee', id, name FROM invitees WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'call', id, title FROM calls WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'team', id, name FROM teams WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'lead', id, name FROM leads WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'device', id, label FROM devices WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'question_set', id, title FROM question_sets WHERE organization_id = :organization_id AND id = ANY (:ids::uuid[])
UNION ALL
SELECT 'organization', id, name FROM organizations WHERE id = :organization_id AND id = ANY (:ids::uuid[]);
