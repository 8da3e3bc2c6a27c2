-- name: get_user(organization_id, user_id)^
-- One person of the organization.
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role,
  u.status, u.title, u.time_zone
FROM users u JOIN organizations o ON o.id = u.organization_id
WHERE u.organization_id = :organization_id AND u.id = :user_id;

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

-- name: list_colleagues(organization_id, only_active, most)
SELECT u.id AS user_id, u.name, u.email, u.role, u.status, u.title,
  ARRAY(SELECT m.team_id FROM team_members m
        WHERE m.organization_id = u.organization_id AND m.user_id = u.id ORDER BY m.team_id) AS team_ids,
  ARRAY(SELECT a.manager_id FROM assignments a
        WHERE a.organization_id = u.organization_id AND a.rep_id = u.id ORDER BY a.manager_id) AS manager_ids
FROM users u
WHERE u.organization_id = :organization_id AND (u.status = 'active' OR NOT :only_active::boolean)
ORDER BY lower(u.name), u.id
LIMIT :most;

-- name: get_colleague(organization_id, user_id)^
SELECT u.id AS user_id, u.name, u.email, u.role, u.status, u.title,
  ARRAY(SELECT m.team_id FROM team_members m
        WHERE m.organization_id = u.organization_id AND m.user_id = u.id ORDER BY m.team_id) AS team_ids,
  ARRAY(SELECT a.manager_id FROM assignments a
        WHERE a.organization_id = u.organization_id AND a.rep_id = u.id ORDER BY a.manager_id) AS manager_ids
FROM users u
WHERE u.organization_id = :organization_id AND u.id = :user_id;

-- name: active_people(organization_id, user_ids)
-- As get_viewer, on whatever device, and on none.
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role,
  u.status, u.title, u.time_zone,
  ARRAY(SELECT m.team_id FROM team_members m WHERE m.organization_id = u.organization_id AND m.user_id = u.id) AS team_ids,
  ARRAY(
    SELECT a.rep_id FROM assignments a WHERE a.organization_id = u.organization_id AND a.manager_id = u.id
    UNION
    SELECT rep.user_id FROM team_members lead JOIN team_members rep USING (organization_id, team_id)
    WHERE lead.organization_id = u.organization_id AND lead.user_id = u.id AND lead.role = 'manager' AND rep.role = 'rep'
  ) AS answers_for
FROM users u
JOIN organizations o ON o.id = u.organization_id
WHERE u.organization_id = :organization_id AND u.id = ANY (:user_ids::uuid[]) AND u.status = 'active';

-- name: roles_of_users(organization_id, user_ids)
SELECT id AS user_id, role FROM users WHERE organization_id = :organization_id AND id = ANY (:user_ids::uuid[]);

-- name: active_admins(organization_id)
SELECT id AS user_id FROM users WHERE organization_id = :organization_id AND role = 'admin' AND status = 'active';

-- name: add_invited_user(user_id, organization_id, name, email, role)$
-- Returns the id, null when the address is taken.
INSERT INTO users (id, organization_id, name, email, role, status)
VALUES (:user_id, :organization_id, :name, :email, :role, 'invited')
ON CONFLICT DO NOTHING
RETURNING id;

-- name: change_profile(organization_id, user_id, name, title, has_time_zone, time_zone)!
-- What is null stays; the time zone may become null, so it has a word of its own.
UPDATE users SET
  name = coalesce(:name, name), title = coalesce(:title, title),
  time_zone = CASE WHEN :has_time_zone::boolean THEN :time_zone ELSE time_zone END
WHERE organization_id = :organization_id AND id = :user_id;

-- name: change_role(organization_id, user_id, role)!
UPDATE users SET role = :role WHERE organization_id = :organization_id AND id = :user_id;

-- name: disable_user(organization_id, user_id)$
UPDATE users SET status = 'disabled', disabled_at = now()
WHERE organization_id = :organization_id AND id = :user_id AND status <> 'disabled'
RETURNING id;

-- name: enable_user(organization_id, user_id)$
-- Whoever was invited and has never signed in waits for that again.
UPDATE users SET disabled_at = NULL, status = CASE
  WHEN EXISTS (SELECT FROM sign_in_links l WHERE l.user_id = users.id AND l.purpose = 'invitation')
   AND NOT EXISTS (SELECT FROM devices d WHERE d.user_id = users.id)
   AND NOT EXISTS (SELECT FROM user_identities i WHERE i.user_id = users.id) THEN 'invited'
  ELSE 'active' END
WHERE organization_id = :organization_id AND id = :user_id AND status = 'disabled'
RETURNING id;
