-- name: add_team(team_id, organization_id, name)$
-- Returns its id when it is new.
INSERT INTO teams (id, organization_id, name) VALUES (:team_id, :organization_id, :name)
ON CONFLICT (id) DO NOTHING RETURNING id;

-- name: set_team_member(organization_id, team_id, user_id, role)!
INSERT INTO team_members (organization_id, team_id, user_id, role) VALUES (:organization_id, :team_id, :user_id, :role)
ON CONFLICT (organization_id, team_id, user_id) DO UPDATE SET role = EXCLUDED.role;
