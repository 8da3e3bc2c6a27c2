-- name: lock_places(organization_id, call_id)$
-- How many humans the call takes. Nobody else gets past here for this call until the transaction is over; what only
-- refers to the call does not wait.
SELECT most_participants FROM calls WHERE organization_id = :organization_id AND id = :call_id FOR NO KEY UPDATE;

-- name: forget_lost_places(organization_id, call_id, now)!
-- Of those who were to come, to come back or to ask again, and have not.
DELETE FROM room_places
WHERE organization_id = :organization_id AND call_id = :call_id AND state <> 'inside' AND until <= :now;

-- name: stand_in_line(organization_id, call_id, identity, until)$
-- At its end, or where they stand already; returns the state they are in.
INSERT INTO room_places (organization_id, call_id, identity, state, until)
VALUES (:organization_id, :call_id, :identity, 'waiting', :until)
ON CONFLICT (organization_id, call_id, identity) DO UPDATE
SET until = CASE WHEN room_places.state = 'waiting' THEN excluded.until ELSE room_places.until END
RETURNING state;

-- name: place_in_line(organization_id, call_id, identity)^
-- How many have a place, and which number somebody who waits is.
SELECT count(*) FILTER (WHERE state <> 'waiting')::integer AS taken,
  count(*) FILTER (WHERE state = 'waiting' AND ticket <= (
    SELECT ticket FROM room_places
    WHERE organization_id = :organization_id AND call_id = :call_id AND identity = :identity
  ))::integer AS number
FROM room_places
WHERE organization_id = :organization_id AND call_id = :call_id;

-- name: hold_place(organization_id, call_id, identity, until)!
-- For somebody who gets a token now. Who is inside stays so, and keeps the place for that token when they go out.
UPDATE room_places SET state = CASE WHEN state = 'inside' THEN state ELSE 'held' END, until = :until
WHERE organization_id = :organization_id AND call_id = :call_id AND identity = :identity;

-- name: take_place(organization_id, call_id, identity)!
INSERT INTO room_places (organization_id, call_id, identity, state)
VALUES (:organization_id, :call_id, :identity, 'inside')
ON CONFLICT (organization_id, call_id, identity) DO UPDATE SET state = 'inside', until = NULL;

-- name: list_places(organization_id, call_id)
-- In the order of asking.
SELECT identity, state, until FROM room_places
WHERE organization_id = :organization_id AND call_id = :call_id
ORDER BY ticket;

-- name: keep_place(organization_id, call_id, identity, until)!
-- Of somebody who is no longer inside; a newer token that they have keeps it longer.
UPDATE room_places SET state = 'held', until = greatest(until, :until)
WHERE organization_id = :organization_id AND call_id = :call_id AND identity = :identity AND state = 'inside';

-- name: free_place(organization_id, call_id, identity, now)!
-- Of somebody who is no longer inside and has no newer token.
DELETE FROM room_places
WHERE organization_id = :organization_id AND call_id = :call_id AND identity = :identity AND state = 'inside'
  AND (until IS NULL OR until <= :now);

-- name: leave_line(organization_id, call_id, identity)!
DELETE FROM room_places
WHERE organization_id = :organization_id AND call_id = :call_id AND identity = :identity AND state = 'waiting';
