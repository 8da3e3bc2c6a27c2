-- name: list_leads(organization_id, search, status, cursor_created_at, cursor_lead_id, most)
-- Newest first, after the cursor (created at, id). What is null does not filter.
SELECT id AS lead_id, name, company, industry, notes, email, status, score, created_at
FROM leads
WHERE organization_id = :organization_id
  AND (:search::text IS NULL
       OR strpos(lower(concat_ws(E'\n', name, company, email)), lower(:search::text)) > 0)
  AND (:status::text IS NULL OR status = :status::text)
  AND (:cursor_created_at::timestamptz IS NULL
       OR (created_at, id) < (:cursor_created_at::timestamptz, :cursor_lead_id::uuid))
ORDER BY created_at DESC, id DESC
LIMIT :most;

-- name: get_lead(organization_id, lead_id)^
SELECT id AS lead_id, name, company, industry, notes, email, status, score
FROM leads WHERE organization_id = :organization_id AND id = :lead_id;

-- name: lock_lead(organization_id, lead_id)^
-- Nobody else changes it until the end of the transaction.
SELECT id AS lead_id, name, company, industry, notes, email, status, score
FROM leads WHERE organization_id = :organization_id AND id = :lead_id
FOR UPDATE;

-- name: lock_lead_imports(organization_id)$
-- Of two imports of the same table the second finds what the first has added.
SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'lead imports', :organization_id::uuid), 0));

-- name: leads_by_address(organization_id, addresses)
-- Addresses in small letters; of several leads with one, that which came first.
SELECT DISTINCT ON (lower(email)) id AS lead_id, name, company, industry, notes, email, status, score
FROM leads WHERE organization_id = :organization_id AND lower(email) = ANY (:addresses::text[])
ORDER BY lower(email), created_at, id;

-- name: add_lead(lead_id, organization_id, name, company, industry, notes, email, status, created_by_import)!
INSERT INTO leads (id, organization_id, name, company, industry, notes, email, status, created_by_import)
VALUES (:lead_id, :organization_id, :name, :company, :industry, :notes, :email, :status, :created_by_import);

-- name: change_lead(organization_id, lead_id, name, company, industry, notes, has_email, email, status)^
-- What is null stays; the e-mail address may become null, so it has a word of its own.
UPDATE leads SET
  name = coalesce(:name, name), company = coalesce(:company, company), industry = coalesce(:industry, industry),
  notes = coalesce(:notes, notes), email = CASE WHEN :has_email::boolean THEN :email ELSE email END,
  status = coalesce(:status, status), updated_at = now()
WHERE organization_id = :organization_id AND id = :lead_id
RETURNING id AS lead_id, name, company, industry, notes, email, status, score;

-- name: set_lead_scheduled(organization_id, lead_id)!
-- A call was booked; whoever has come further stays there.
UPDATE leads SET status = 'scheduled', updated_at = now()
WHERE organization_id = :organization_id AND id = :lead_id AND status = 'new';

-- name: list_scores_of_lead(organization_id, owner_ids, lead_id, most)
-- What the reviews of its calls with these owners made of it, newest first; null: everybody's calls.
SELECT c.id AS call_id, c.title, r.finished_at AS at, r.lead_score_before AS score_before,
  r.lead_score_after AS score_after, r.lead_status_before AS status_before, r.lead_status_after AS status_after
FROM reviews r JOIN calls c ON c.id = r.call_id
WHERE r.organization_id = :organization_id AND c.lead_id = :lead_id
  AND (:owner_ids::uuid[] IS NULL OR c.owner_id = ANY (:owner_ids::uuid[]))
  AND r.lead_score_after IS NOT NULL AND r.lead_status_after IS NOT NULL AND r.finished_at IS NOT NULL
ORDER BY r.finished_at DESC, c.id DESC
LIMIT :most;

-- name: list_history_of_lead(organization_id, owner_ids, lead_id, most)
-- How it came, its calls with these owners and what their reviews made of it, and what people changed; newest first.
-- What people and imports changed is in the audit log.
SELECT h.what, h.at, h.call_id, h.title, h.call_status, h.score_before, h.score_after, h.status_before, h.status_after,
  u.name AS by_name
FROM (
  SELECT CASE WHEN l.created_by_import IS NULL THEN 'added' ELSE 'imported' END AS what, l.created_at AS at,
    NULL::uuid AS call_id, NULL::text AS title, NULL::text AS call_status, NULL::integer AS score_before,
    NULL::integer AS score_after, NULL::text AS status_before, NULL::text AS status_after,
    (SELECT e.actor_id FROM audit_entries e
     WHERE e.organization_id = l.organization_id AND e.action = 'leads_imported'
       AND e.subject_id = l.created_by_import::text) AS by_id
  FROM leads l WHERE l.organization_id = :organization_id AND l.id = :lead_id
  UNION ALL
  SELECT 'call', c.starts_at, c.id, c.title, c.status, NULL, NULL, NULL, NULL, c.owner_id
  FROM calls c
  WHERE c.organization_id = :organization_id AND c.lead_id = :lead_id
    AND (:owner_ids::uuid[] IS NULL OR c.owner_id = ANY (:owner_ids::uuid[]))
  UNION ALL
  SELECT 'score', r.finished_at, c.id, c.title, c.status, r.lead_score_before, r.lead_score_after, r.lead_status_before,
    r.lead_status_after, NULL
  FROM reviews r JOIN calls c ON c.id = r.call_id
  WHERE r.organization_id = :organization_id AND c.lead_id = :lead_id
    AND (:owner_ids::uuid[] IS NULL OR c.owner_id = ANY (:owner_ids::uuid[]))
    AND r.lead_score_after IS NOT NULL AND r.lead_status_after IS NOT NULL AND r.finished_at IS NOT NULL
  UNION ALL
  SELECT CASE e.action WHEN 'lead_imported' THEN 'changed_by_import' ELSE 'status' END, e.at, NULL, NULL, NULL, NULL, NULL,
    e.facts ->> 'status_before', e.facts ->> 'status_after', e.actor_id
  FROM audit_entries e
  WHERE e.organization_id = :organization_id AND e.action IN ('lead_status_changed', 'lead_imported')
    AND e.subject_id = :lead_id::uuid::text
) h
LEFT JOIN users u ON u.organization_id = :organization_id AND u.id = h.by_id
ORDER BY h.at DESC, h.what
LIMIT :most;
