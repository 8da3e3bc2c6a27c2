-- name: get_smtp(organization_id)$
SELECT smtp::text FROM organization_settings WHERE organization_id = :organization_id;

-- name: set_smtp(organization_id, smtp)!
-- Null goes back to the installation's.
INSERT INTO organization_settings (organization_id, smtp) VALUES (:organization_id, :smtp::text::jsonb)
ON CONFLICT (organization_id) DO UPDATE SET smtp = excluded.smtp, updated_at = now();

-- name: add_smtp_trial(trial_id, organization_id, user_id)!
INSERT INTO smtp_trials (id, organization_id, user_id) VALUES (:trial_id, :organization_id, :user_id);

-- name: smtp_trial_reader(organization_id, trial_id)^
-- To whom the mail of a trial that has not been made goes.
SELECT u.name, u.email FROM smtp_trials t JOIN users u ON u.id = t.user_id
WHERE t.organization_id = :organization_id AND t.id = :trial_id AND t.is_ok IS NULL;

-- name: end_smtp_trial(organization_id, trial_id, is_ok, detail)!
UPDATE smtp_trials SET is_ok = :is_ok, detail = :detail WHERE organization_id = :organization_id AND id = :trial_id;

-- name: smtp_trial_result(organization_id, trial_id)^
SELECT is_ok, detail FROM smtp_trials
WHERE organization_id = :organization_id AND id = :trial_id AND is_ok IS NOT NULL;
