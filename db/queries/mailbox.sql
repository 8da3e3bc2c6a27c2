-- name: add_message(message_id, organization_id, sender, recipients, subject, raw)!
INSERT INTO mailbox_messages (id, organization_id, sender, recipients, subject, raw)
VALUES (:message_id, :organization_id, :sender, :recipients, :subject, :raw);

-- name: drop_oldest_messages(organization_id, kept)!
DELETE FROM mailbox_messages WHERE organization_id = :organization_id AND id IN (
  SELECT id FROM mailbox_messages WHERE organization_id = :organization_id
  ORDER BY received_at DESC, id DESC OFFSET :kept);

-- name: list_messages(organization_id, search, before_at, before_id, most)
-- Newest first, after the cursor (arrival, id); `search` stands somewhere in subject, sender or recipients.
SELECT id AS message_id, subject, sender, recipients, received_at
FROM mailbox_messages
WHERE organization_id = :organization_id
  AND (:search::text = '' OR position(lower(:search::text) IN
    lower(subject || ' ' || sender || ' ' || array_to_string(recipients, ' '))) > 0)
  AND (:before_at::timestamptz IS NULL OR (received_at, id) < (:before_at::timestamptz, :before_id::uuid))
ORDER BY received_at DESC, id DESC
LIMIT :most;

-- name: get_message(organization_id, message_id)^
SELECT id AS message_id, subject, sender, recipients, received_at, raw
FROM mailbox_messages WHERE organization_id = :organization_id AND id = :message_id;
