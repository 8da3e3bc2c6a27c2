-- name: get_user(organization_id, user_id)^
-- One person of the organization.
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role,
  u.status, u.title, u.time_zone
FROM users u JOIN organizations o ON o.id = u.organization_id
WHERE u.organization_id = :organization_id AND u.id = :user_id;

-- name: list_users(organization_id, most)
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role,
  u.status, u.title, u.time_zone
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

-- name: get_viewer(organization_id, user_id, device_id)^
-- The person, if active and still signed in on that device, with their teams and whom they answer for.
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role,
  u.status, u.title, u.time_zone, d.id AS device_id,
  ARRAY(SELECT m.team_id FROM team_members m WHERE m.organization_id = u.organization_id AND m.user_id = u.id) AS team_ids,
  ARRAY(
    SELECT a.rep_id FROM assignments a WHERE a.organization_id = u.organization_id AND a.manager_id = u.id
    UNION
    SELECT rep.user_id FROM team_members lead JOIN team_members rep USING (organization_id, team_id)
    WHERE lead.organization_id = u.organization_id AND lead.user_id = u.id AND lead.role = 'manager' AND rep.role = 'rep'
  ) AS answers_for
FROM users u
JOIN organizations o ON o.id = u.organization_id
JOIN devices d ON d.organization_id = u.organization_id AND d.user_id = u.id
WHERE u.organization_id = :organization_id AND u.id = :user_id AND u.status = 'active'
  AND d.id = :device_id AND d.ended_at IS NULL AND d.expires_at > now();
