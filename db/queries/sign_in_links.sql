-- name: lock_user_signing_in(organization_id, user_id)$
-- Until the end of the transaction nobody else signs this person in by a link, binds an account or disables them.
SELECT id FROM users WHERE organization_id = :organization_id AND id = :user_id FOR NO KEY UPDATE;

-- name: forget_sign_in_links(organization_id, user_id, purpose)!
-- Their mails go with them, those that are still in the outbox too.
DELETE FROM sign_in_links WHERE organization_id = :organization_id AND user_id = :user_id AND purpose = :purpose;

-- name: add_sign_in_link(link_id, organization_id, user_id, purpose, next, lifetime)!
INSERT INTO sign_in_links (id, organization_id, user_id, purpose, next, expires_at)
VALUES (:link_id, :organization_id, :user_id, :purpose, :next, now() + :lifetime::interval);

-- name: get_sign_in_link(organization_id, link_id)^
-- One that still signs in: an invitation only somebody who has not come yet, nothing whoever is disabled.
SELECT l.id AS link_id, l.organization_id, l.user_id, l.purpose, l.next, l.expires_at
FROM sign_in_links l JOIN users u ON u.organization_id = l.organization_id AND u.id = l.user_id
WHERE l.organization_id = :organization_id AND l.id = :link_id AND l.used_at IS NULL AND l.expires_at > now()
  AND CASE l.purpose WHEN 'invitation' THEN u.status = 'invited' ELSE u.status <> 'disabled' END;

-- name: use_sign_in_link(organization_id, link_id)$
-- Returns the id once: whoever comes at the same time waits here, and then finds it used.
UPDATE sign_in_links SET used_at = now()
WHERE organization_id = :organization_id AND id = :link_id AND used_at IS NULL AND expires_at > now()
RETURNING id;

-- name: organization_of_sign_in_link(link_id)$
-- Looks across organizations.
SELECT lookup.organization_of_sign_in_link(:link_id);
