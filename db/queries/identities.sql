-- name: users_by_email(email)
-- Who has this address and is not disabled, in every organization. Looks across organizations.
SELECT organization_id, user_id FROM lookup.users_by_email(:email);

-- name: users_by_identity(issuer, subject)
-- Whose account elsewhere this is. Looks across organizations.
SELECT organization_id, user_id FROM lookup.users_by_identity(:issuer, :subject);

-- name: bind_identity(organization_id, user_id, issuer, subject)$
-- Returns the subject when the account is this person's then; nothing when it is somebody else's here, or they have
-- another one of this issuer.
WITH added AS (
  INSERT INTO user_identities (organization_id, user_id, issuer, subject)
  SELECT :organization_id, :user_id, :issuer, :subject
  WHERE NOT EXISTS (
    SELECT 1 FROM user_identities
    WHERE organization_id = :organization_id AND user_id = :user_id AND issuer = :issuer)
  ON CONFLICT (organization_id, issuer, subject) DO NOTHING
  RETURNING subject
)
SELECT subject FROM added
UNION ALL
SELECT subject FROM user_identities
WHERE organization_id = :organization_id AND user_id = :user_id AND issuer = :issuer AND subject = :subject
LIMIT 1;

-- name: activate_user(organization_id, user_id, name, time_zone)!
-- The first sign-in of somebody who was invited; null: as the invitation has it.
UPDATE users SET status = 'active', name = coalesce(:name, name), time_zone = coalesce(:time_zone, time_zone)
WHERE organization_id = :organization_id AND id = :user_id AND status = 'invited';
