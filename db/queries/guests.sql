-- name: note_link_opened(organization_id, invitee_id, now)!
UPDATE invitees SET opened_at = :now
WHERE organization_id = :organization_id AND id = :invitee_id AND opened_at IS NULL;

-- name: note_invitee_joined(organization_id, invitee_id, now)!
UPDATE invitees SET joined_at = :now
WHERE organization_id = :organization_id AND id = :invitee_id AND joined_at IS NULL;

-- name: set_preference(organization_id, invitee_id, prefers_text, now)!
-- The first time counts, until they think otherwise.
UPDATE invitees SET prefers_text_at = CASE WHEN :prefers_text::boolean THEN coalesce(prefers_text_at, :now::timestamptz) END
WHERE organization_id = :organization_id AND id = :invitee_id;

-- name: address_of_invitee(organization_id, invitee_id)$
SELECT email FROM invitees WHERE organization_id = :organization_id AND id = :invitee_id;
