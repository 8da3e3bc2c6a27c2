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

-- name: add_lead(lead_id, organization_id, name, company, industry, notes, email, status)!
INSERT INTO leads (id, organization_id, name, company, industry, notes, email, status)
VALUES (:lead_id, :organization_id, :name, :company, :industry, :notes, :email, :status);

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
