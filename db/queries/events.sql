-- name: lock_sequence(organization_id, call_id)^
-- Takes the call's sequence for this transaction and returns the number given last, and whether the call has ended.
SELECT last_seq, log_closed_at IS NOT NULL AS is_closed FROM calls WHERE organization_id = :organization_id AND id = :call_id FOR UPDATE;

-- name: known_events(organization_id, event_ids)
SELECT id FROM events WHERE organization_id = :organization_id AND id = ANY (:event_ids::uuid[]);

-- name: add_event(event_id, organization_id, call_id, seq, kind, payload)!
INSERT INTO events (id, organization_id, call_id, seq, kind, payload)
VALUES (:event_id, :organization_id, :call_id, :seq, :kind, :payload::text::jsonb);

-- name: set_sequence(organization_id, call_id, last_seq)$
-- Gives the sequence back and tells the listeners how far the log has come.
WITH moved AS (
  UPDATE calls SET last_seq = :last_seq WHERE organization_id = :organization_id AND id = :call_id
  RETURNING id, last_seq
)
SELECT pg_notify('call_events', moved.id::text || ':' || moved.last_seq::text) FROM moved;

-- name: events_after(organization_id, call_id, seq, most)
SELECT seq, payload::text AS payload FROM events
WHERE organization_id = :organization_id AND call_id = :call_id AND seq > :seq
ORDER BY seq
LIMIT :most;

-- name: add_segment(segment_id, organization_id, call_id, identity, name, role, text, start_ms, end_ms, confidence, language, source)!
INSERT INTO segments (id, organization_id, call_id, identity, name, role, text, start_ms, end_ms, confidence, language, source)
VALUES (:segment_id, :organization_id, :call_id, :identity, :name, :role, :text, :start_ms, :end_ms, :confidence,
  :language, :source)
ON CONFLICT (id) DO NOTHING;

-- name: list_segments(organization_id, call_id)
-- The transcript, in the order of speaking.
SELECT id AS segment_id, identity, name, role, text, start_ms, end_ms, confidence, language, source
FROM segments WHERE organization_id = :organization_id AND call_id = :call_id
ORDER BY start_ms, id;

-- name: add_nudge(nudge_id, organization_id, call_id, segment_id, kind, title, message, quote, trigger, confidence, reasons, shown_at_ms, latency_ms)!
INSERT INTO nudges (id, organization_id, call_id, segment_id, kind, title, message, quote, trigger, confidence, reasons,
  shown_at_ms, latency_ms)
VALUES (:nudge_id, :organization_id, :call_id, :segment_id, :kind, :title, :message, :quote, :trigger, :confidence,
  :reasons, :shown_at_ms, :latency_ms)
ON CONFLICT (id) DO NOTHING;
