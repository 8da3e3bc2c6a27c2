-- name: beat(process_id, kind, free_calls)!
INSERT INTO heartbeats (process_id, kind, free_calls, seen_at) VALUES (:process_id, :kind, :free_calls, now())
ON CONFLICT (process_id) DO UPDATE SET free_calls = excluded.free_calls, seen_at = excluded.seen_at;

-- name: stop_beating(process_id)!
-- Its own row, and those of processes that died without a word.
DELETE FROM heartbeats WHERE process_id = :process_id OR seen_at < now() - interval '1 hour';

-- name: alive()
SELECT kind, count(*)::integer AS processes, sum(free_calls)::integer AS free_calls
FROM heartbeats WHERE seen_at > now() - interval '5 seconds'
GROUP BY kind;

-- name: forget_heartbeats()!
DELETE FROM heartbeats;
