-- name: get_inbox(organization_id)$
SELECT inbox::text FROM organization_settings WHERE organization_id = :organization_id;

-- name: put_inbox(organization_id, inbox)!
INSERT INTO organization_settings (organization_id, inbox) VALUES (:organization_id, :inbox::text::jsonb)
ON CONFLICT (organization_id) DO UPDATE SET inbox = excluded.inbox, updated_at = now();

-- name: note_of_inbox(organization_id, inbox, found)!
-- What was found when it was read, unless it has been set anew since.
UPDATE organization_settings SET inbox = inbox || :found::text::jsonb
WHERE organization_id = :organization_id
  AND inbox - 'read_to' - 'problem' = :inbox::text::jsonb - 'read_to' - 'problem';

-- name: organizations_with_inbox()
SELECT organization_id FROM lookup.organizations_with_inbox() AS organization_id;

-- name: note_calendar_answer(organization_id, call_id, invitee_id, answer, answered_at, sequence)$
-- An answer to a mail that named another time than the call has now says nothing any more.
UPDATE invitees SET calendar_answer = :answer, answered_at = :answered_at
WHERE organization_id = :organization_id AND call_id = :call_id AND id = :invitee_id
  AND (answered_at IS NULL OR answered_at < :answered_at)
  AND NOT EXISTS (
    SELECT FROM emails e JOIN calls c ON c.id = e.call_id
    WHERE e.organization_id = :organization_id AND e.call_id = :call_id AND e.invitee_id = :invitee_id
      AND e.kind IN ('invite', 'update') AND (e.facts ->> 'sequence')::integer = :sequence
      AND (e.facts ->> 'starts_at')::timestamptz <> c.starts_at)
RETURNING true;
