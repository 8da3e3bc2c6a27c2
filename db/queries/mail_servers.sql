-- name: list_mail_servers(organization_id)
SELECT id, server::text, mails_a_minute, problem, problem_at FROM mail_servers WHERE organization_id = :organization_id ORDER BY position;

-- name: drop_other_mail_servers(organization_id, ids)!
DELETE FROM mail_servers WHERE organization_id = :organization_id AND id <> ALL (:ids::uuid[]);

-- name: keep_mail_servers(organization_id, ids, servers, rates)!
-- One that was changed may let us in now.
INSERT INTO mail_servers (id, organization_id, position, server, mails_a_minute)
SELECT id, :organization_id::uuid, place - 1, server::jsonb, rate
FROM unnest(:ids::uuid[], :servers::text[], :rates::integer[]) WITH ORDINALITY AS one (id, server, rate, place)
ON CONFLICT (id) DO UPDATE SET position = excluded.position, server = excluded.server,
  mails_a_minute = excluded.mails_a_minute, updated_at = now(),
  problem = CASE WHEN mail_servers.server = excluded.server THEN mail_servers.problem END,
  problem_at = CASE WHEN mail_servers.server = excluded.server THEN mail_servers.problem_at END;

-- name: note_problem_of_server(organization_id, server_id, problem, now)!
UPDATE mail_servers SET problem = :problem::text, problem_at = CASE WHEN :problem::text IS NOT NULL THEN :now::timestamptz END
WHERE organization_id = :organization_id AND id = :server_id AND problem IS DISTINCT FROM :problem::text;

-- name: add_trial(trial_id, organization_id, user_id, server_id)!
INSERT INTO smtp_trials (id, organization_id, user_id, server_id) VALUES (:trial_id, :organization_id, :user_id, :server_id);

-- name: get_trial(organization_id, trial_id)^
-- Nothing when it has been made already.
SELECT t.server_id, u.name, u.email FROM smtp_trials t JOIN users u ON u.id = t.user_id
WHERE t.organization_id = :organization_id AND t.id = :trial_id AND t.is_ok IS NULL;

-- name: end_trial(organization_id, trial_id, is_ok, detail)!
UPDATE smtp_trials SET is_ok = :is_ok, detail = :detail WHERE organization_id = :organization_id AND id = :trial_id;

-- name: is_trial(organization_id, trial_id, server_id)$
-- Of a server that is still there; the nil UUID is the installation's.
SELECT true FROM smtp_trials t
WHERE organization_id = :organization_id AND id = :trial_id AND server_id = :server_id
  AND (server_id = '00000000-0000-0000-0000-000000000000'
       OR EXISTS (SELECT FROM mail_servers s WHERE s.organization_id = t.organization_id AND s.id = t.server_id));

-- name: trial_result(organization_id, trial_id)^
SELECT is_ok, detail FROM smtp_trials
WHERE organization_id = :organization_id AND id = :trial_id AND is_ok IS NOT NULL;
