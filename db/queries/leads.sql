-- name: list_leads(organization_id, most)
SELECT id AS lead_id, name, company, industry, notes, email, status
FROM leads WHERE organization_id = :organization_id
ORDER BY created_at DESC, id DESC
LIMIT :most;

-- name: add_lead(lead_id, organization_id, name, company, industry, notes, email, status)<!
INSERT INTO leads (id, organization_id, name, company, industry, notes, email, status)
VALUES (:lead_id, :organization_id, :name, :company, :industry, :notes, :email, :status)
ON CONFLICT (id) DO UPDATE SET name = excluded.name
RETURNING id AS lead_id, name, company, industry, notes, email, status;
