-- name: get_user(organization_id, user_id)^
-- One person of the organization.
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role
FROM users u JOIN organizations o ON o.id = u.organization_id
WHERE u.organization_id = :organization_id AND u.id = :user_id;

-- name: list_users(organization_id, most)
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role
FROM users u JOIN organizations o ON o.id = u.organization_id
WHERE u.organization_id = :organization_id
ORDER BY lower(u.name), u.id
LIMIT :most;

-- name: add_organization(organization_id, name)$
-- Returns its id when it is new.
INSERT INTO organizations (id, name) VALUES (:organization_id, :name) ON CONFLICT (id) DO NOTHING RETURNING id;

-- name: lock_organization(organization_id)$
-- Lets those go on who only refer to the organization.
SELECT id FROM organizations WHERE id = :organization_id FOR NO KEY UPDATE;

-- name: add_user(user_id, organization_id, name, email, role)!
INSERT INTO users (id, organization_id, name, email, role)
VALUES (:user_id, :organization_id, :name, :email, :role)
ON CONFLICT (id) DO NOTHING;
