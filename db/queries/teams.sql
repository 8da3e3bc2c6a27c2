-- name: list_teams(organization_id, most)
SELECT id AS team_id, name FROM teams
WHERE organization_id = :organization_id
ORDER BY lower(name), id
LIMIT :most;

-- name: get_team(organization_id, team_id)^
SELECT id AS team_id, name FROM teams WHERE organization_id = :organization_id AND id = :team_id;

-- name: list_members(organization_id, team_ids)
-- Of several teams, each by name.
SELECT m.team_id, m.user_id, u.name, m.role
FROM team_members m JOIN users u ON u.organization_id = m.organization_id AND u.id = m.user_id
WHERE m.organization_id = :organization_id AND m.team_id = ANY (:team_ids::uuid[])
ORDER BY m.team_id, lower(u.name), u.id;

-- name: known_teams(organization_id, team_ids)
SELECT id AS team_id FROM teams WHERE organization_id = :organization_id AND id = ANY (:team_ids::uuid[]);

-- name: add_team(organization_id, team_id, name)$
-- Returns its id when it is new and its name is free.
INSERT INTO teams (id, organization_id, name) VALUES (:team_id, :organization_id, :name)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: rename_team(organization_id, team_id, name)$
-- Returns its id, null when the name is taken. The organization is locked, so that nobody takes it meanwhile.
UPDATE teams SET name = :name
WHERE organization_id = :organization_id AND id = :team_id AND NOT EXISTS (
  SELECT FROM teams other
  WHERE other.organization_id = :organization_id AND lower(other.name) = lower(:name) AND other.id <> :team_id)
RETURNING id;

-- name: remove_team(organization_id, team_id)$
DELETE FROM teams WHERE organization_id = :organization_id AND id = :team_id RETURNING id;

-- name: set_team_member(organization_id, team_id, user_id, role)!
INSERT INTO team_members (organization_id, team_id, user_id, role) VALUES (:organization_id, :team_id, :user_id, :role)
ON CONFLICT (organization_id, team_id, user_id) DO UPDATE SET role = EXCLUDED.role;

-- name: remove_members(organization_id, team_id)!
DELETE FROM team_members WHERE organization_id = :organization_id AND team_id = :team_id;

-- name: add_members(organization_id, team_id, user_ids, roles)!
-- The two arrays are of one length.
INSERT INTO team_members (organization_id, team_id, user_id, role)
SELECT :organization_id::uuid, :team_id::uuid, member.user_id, member.role
FROM unnest(:user_ids::uuid[], :roles::text[]) AS member (user_id, role);

-- name: leave_other_teams(organization_id, user_id, team_ids)!
DELETE FROM team_members
WHERE organization_id = :organization_id AND user_id = :user_id AND team_id <> ALL (:team_ids::uuid[]);

-- name: enter_teams(organization_id, user_id, team_ids, role)!
-- Whoever is in one of them already keeps their role there.
INSERT INTO team_members (organization_id, team_id, user_id, role)
SELECT :organization_id::uuid, team_id, :user_id::uuid, :role FROM unnest(:team_ids::uuid[]) AS team_id
ON CONFLICT DO NOTHING;

-- name: change_role_in_teams(organization_id, user_id, role)!
UPDATE team_members SET role = :role WHERE organization_id = :organization_id AND user_id = :user_id;
