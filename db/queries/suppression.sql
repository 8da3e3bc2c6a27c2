-- name: list_suppressed(organization_id)
SELECT address, scope, reason, detail, created_at FROM suppressed_addresses
WHERE organization_id = :organization_id ORDER BY created_at DESC, address, scope;

-- name: suppressed_of(organization_id, addresses)
SELECT DISTINCT address FROM suppressed_addresses
WHERE organization_id = :organization_id AND scope = 'everything'
  AND address = ANY (SELECT lower(one) FROM unnest(:addresses::text[]) AS one);

-- name: suppress(organization_id, addresses, scope, reason, details)!
INSERT INTO suppressed_addresses (organization_id, address, scope, reason, detail)
SELECT DISTINCT ON (lower(address)) :organization_id::uuid, lower(address), :scope::text, :reason::text, detail
FROM unnest(:addresses::text[], :details::text[]) AS one (address, detail)
ON CONFLICT (organization_id, address, scope) DO NOTHING;

-- name: lift_suppression(organization_id, address, scope)$
DELETE FROM suppressed_addresses
WHERE organization_id = :organization_id AND address = lower(:address) AND scope = :scope
RETURNING true;
