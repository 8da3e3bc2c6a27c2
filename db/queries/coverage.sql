-- name: list_question_events(organization_id, call_id)
-- What the log says of the call's questions, in its order, with who said the words and when.
SELECT e.payload::text AS payload, s.name, s.start_ms
FROM events e
LEFT JOIN segments s ON s.call_id = e.call_id AND s.id = (e.payload ->> 'segment_id')::uuid
WHERE e.organization_id = :organization_id AND e.call_id = :call_id
  AND e.kind IN ('question_asked', 'question_answered', 'question_refused')
ORDER BY e.seq;
