-- name: note_undelivered(organization_id, email_id, addresses, reply, now)^
-- Of a mail that a server has taken, or may have. Its sent_at stays: that it was taken is true.
UPDATE emails SET status = 'bounced', ended_at = :now, reply = :reply, is_ambiguous = false,
  problem = 'A server had taken the mail; it came back later.'
WHERE organization_id = :organization_id AND id = :email_id AND lower(to_email) = ANY (:addresses::text[])
  AND (status = 'sent' OR status = 'waiting' AND ambiguous_ends > 0)
RETURNING id AS email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status, attempts,
  problem, subject, created_at, sent_at, revision, lead_minutes, resent, due_at, expires_at, facts::text, server_id,
  server_host, reply, is_ambiguous, ambiguous_ends, ended_at;

-- name: address_of_email(organization_id, email_id)$
SELECT to_email FROM emails WHERE organization_id = :organization_id AND id = :email_id;
