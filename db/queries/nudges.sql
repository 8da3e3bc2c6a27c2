-- name: list_nudges(organization_id, call_id, user_id)
-- In the order of showing, each with what this person answered, else with what somebody else answered last.
SELECT n.id AS nudge_id, n.kind, n.title, n.message, n.quote, n.trigger, n.segment_id, n.confidence, n.reasons,
  n.latency_ms, n.shown_at_ms, r.state, r.reaction
FROM nudges n
LEFT JOIN LATERAL (
  SELECT state, reaction FROM nudge_responses
  WHERE organization_id = n.organization_id AND call_id = n.call_id AND nudge_id = n.id
  ORDER BY user_id = :user_id DESC, updated_at DESC
  LIMIT 1
) r ON true
WHERE n.organization_id = :organization_id AND n.call_id = :call_id
ORDER BY n.shown_at_ms, n.id;

-- name: call_of_nudge(organization_id, nudge_id)$
SELECT call_id FROM nudges WHERE organization_id = :organization_id AND id = :nudge_id;

-- name: respond_to_nudge(organization_id, call_id, nudge_id, user_id, state, reaction)!
INSERT INTO nudge_responses (organization_id, call_id, nudge_id, user_id, state, reaction)
VALUES (:organization_id, :call_id, :nudge_id, :user_id, :state, :reaction)
ON CONFLICT (organization_id, nudge_id, user_id)
DO UPDATE SET state = excluded.state, reaction = excluded.reaction, updated_at = now();
