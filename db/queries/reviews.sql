-- name: queue_review(organization_id, call_id)$
-- Makes the review of a call with a transcript due, again when it is finished. Returns the id when that is news.
INSERT INTO reviews (call_id, organization_id, status, step)
SELECT id, organization_id, 'queued', 'transcript' FROM calls
WHERE organization_id = :organization_id AND id = :call_id AND with_transcript AND log_closed_at IS NOT NULL
  AND erased_at IS NULL
ON CONFLICT (call_id) DO UPDATE SET status = 'queued', step = 'transcript', problem = NULL, finished_at = NULL
WHERE reviews.status IN ('done', 'failed')
RETURNING call_id;

-- name: start_review(organization_id, call_id)$
-- Nothing when there is none to be made.
UPDATE reviews SET status = 'running', step = 'transcript', problem = NULL
WHERE organization_id = :organization_id AND call_id = :call_id AND status IN ('queued', 'running')
RETURNING call_id;

-- name: step_review(organization_id, call_id, step)!
UPDATE reviews SET step = :step WHERE organization_id = :organization_id AND call_id = :call_id AND status = 'running';

-- name: fail_review(organization_id, call_id, problem)!
UPDATE reviews SET status = 'failed', problem = :problem, finished_at = now()
WHERE organization_id = :organization_id AND call_id = :call_id AND status IN ('queued', 'running');

-- name: finish_review(organization_id, call_id, review, score_before, score_after, status_before, status_after)$
-- Nothing when another run has finished it.
UPDATE reviews SET status = 'done', step = 'mail', problem = NULL, review = :review::text::jsonb, finished_at = now(),
  lead_score_before = :score_before, lead_score_after = :score_after,
  lead_status_before = :status_before, lead_status_after = :status_after
WHERE organization_id = :organization_id AND call_id = :call_id AND status = 'running'
RETURNING call_id;

-- name: get_review(organization_id, call_id)^
SELECT status, step, problem, review::text AS review, lead_score_before, lead_score_after, lead_status_before,
  lead_status_after
FROM reviews WHERE organization_id = :organization_id AND call_id = :call_id;

-- name: lock_lead_of_call(organization_id, call_id)^
-- The lead as it is, and whether a later call of theirs has been reviewed already.
SELECT l.id AS lead_id, l.score, l.status, EXISTS (
  SELECT 1 FROM reviews r JOIN calls later ON later.id = r.call_id
  WHERE later.organization_id = c.organization_id AND later.lead_id = c.lead_id AND r.status = 'done'
    AND later.ended_at > c.ended_at) AS is_outdated
FROM calls c JOIN leads l ON l.organization_id = c.organization_id AND l.id = c.lead_id
WHERE c.organization_id = :organization_id AND c.id = :call_id
FOR UPDATE OF l;

-- name: set_lead_standing(organization_id, lead_id, score, status)!
UPDATE leads SET score = :score, status = :status, updated_at = now()
WHERE organization_id = :organization_id AND id = :lead_id;
