-- name: take_each(keys, everys, bursts)$
-- Of each key one, in the order given. The longest time to wait, s.
SELECT coalesce(max(limits.take(one.key, one.every, one.burst)), 0)
FROM unnest(:keys::bytea[], :everys::interval[], :bursts::integer[]) AS one (key, every, burst);

-- name: forget_old_limits()$
SELECT limits.forget_old();
