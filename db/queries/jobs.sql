-- name: enqueue_job(entrypoint, payload, dedupe_key)!
-- A job that waits or runs under the same key already is enough.
WITH fresh AS (
  INSERT INTO pgqueuer (priority, status, entrypoint, payload, dedupe_key, execute_after)
  VALUES (0, 'queued', :entrypoint, :payload, :dedupe_key, now())
  ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
  RETURNING id, priority, entrypoint
)
INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint)
SELECT id, 'queued', priority, entrypoint FROM fresh;

-- name: work_without_a_job()
-- Looks across organizations.
SELECT entrypoint, organization_id, id FROM lookup.work_without_a_job();

-- name: forget_old_jobs()!
DELETE FROM pgqueuer_log WHERE created < now() - interval '7 days';

-- name: erase_old_calls(most)^
-- Looks across organizations.
SELECT calls, events, mails FROM retention.erase_old_calls(:most);
