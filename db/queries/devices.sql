-- name: add_device(device_id, organization_id, user_id, label, lifetime)!
INSERT INTO devices (id, organization_id, user_id, label, expires_at)
VALUES (:device_id, :organization_id, :user_id, :label, now() + :lifetime::interval);

-- name: lock_device(organization_id, device_id)^
SELECT d.user_id, d.generation, d.rotated_at, d.ended_at, d.expires_at, u.status
FROM devices d JOIN users u ON u.organization_id = d.organization_id AND u.id = d.user_id
WHERE d.organization_id = :organization_id AND d.id = :device_id
FOR UPDATE OF d;

-- name: rotate_device(organization_id, device_id, at)!
UPDATE devices SET generation = generation + 1, rotated_at = :at, last_seen_at = :at
WHERE organization_id = :organization_id AND id = :device_id;

-- name: end_device(organization_id, user_id, device_id, reason)$
UPDATE devices SET ended_at = now(), end_reason = :reason
WHERE organization_id = :organization_id AND user_id = :user_id AND id = :device_id AND ended_at IS NULL
RETURNING id;

-- name: end_devices_of(organization_id, user_id, reason)!
UPDATE devices SET ended_at = now(), end_reason = :reason
WHERE organization_id = :organization_id AND user_id = :user_id AND ended_at IS NULL;

-- name: devices_of(organization_id, user_id, most)
SELECT id AS device_id, label, created_at, last_seen_at FROM devices
WHERE organization_id = :organization_id AND user_id = :user_id AND ended_at IS NULL AND expires_at > now()
ORDER BY last_seen_at DESC, id
LIMIT :most;

-- name: organization_of_device(device_id)$
SELECT lookup.organization_of_device(:device_id);
