-- name: get_organization_settings(organization_id)^
-- What is set, else the defaults of the table.
SELECT o.name, coalesce(s.time_zone, 'UTC') AS time_zone, coalesce(s.retention_days, 90) AS retention_days,
  s.google_domain
FROM organizations o LEFT JOIN organization_settings s ON s.organization_id = o.id
WHERE o.id = :organization_id;

-- name: rename_organization(organization_id, name)!
UPDATE organizations SET name = :name WHERE id = :organization_id;

-- name: put_organization_settings(organization_id, time_zone, retention_days, google_domain)!
INSERT INTO organization_settings (organization_id, time_zone, retention_days, google_domain)
VALUES (:organization_id, :time_zone, :retention_days, :google_domain)
ON CONFLICT (organization_id) DO UPDATE
SET time_zone = excluded.time_zone, retention_days = excluded.retention_days, google_domain = excluded.google_domain,
  updated_at = now();

-- name: get_providers(organization_id)$
SELECT providers::text FROM organization_settings WHERE organization_id = :organization_id;

-- name: put_providers(organization_id, providers)!
INSERT INTO organization_settings (organization_id, providers)
VALUES (:organization_id, :providers::text::jsonb)
ON CONFLICT (organization_id) DO UPDATE SET providers = excluded.providers, updated_at = now();
