-- name: add_email(email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email)$
-- Returns the id, or nothing when this person has been written to for this reason.
INSERT INTO emails (id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status)
VALUES (:email_id, :organization_id, :call_id, :link_id, :kind, :invitee_id, :user_id, :to_name, :to_email, 'queued')
ON CONFLICT (call_id, kind, invitee_id, user_id, link_id) DO NOTHING
RETURNING id;

-- name: owner_to_mail(organization_id, call_id)
-- Nobody when the call's mail is switched off or the owner has been disabled.
SELECT u.id AS user_id, u.name, u.email
FROM calls c JOIN users u ON u.id = c.owner_id
WHERE c.organization_id = :organization_id AND c.id = :call_id AND c.with_mail AND u.status <> 'disabled';

-- name: readers_to_mail(organization_id, call_id)
-- Who gets the summary: the owner and whoever answers for them, as get_viewer says it; of these nobody who is disabled,
-- and nobody at all when the call's mail is switched off.
SELECT u.id AS user_id, u.name, u.email
FROM calls c JOIN users u ON u.organization_id = c.organization_id AND u.status <> 'disabled' AND (
  u.id = c.owner_id
  OR EXISTS (SELECT FROM assignments a
             WHERE a.organization_id = c.organization_id AND a.manager_id = u.id AND a.rep_id = c.owner_id)
  OR EXISTS (SELECT FROM team_members lead JOIN team_members rep USING (organization_id, team_id)
             WHERE lead.organization_id = c.organization_id AND lead.user_id = u.id AND lead.role = 'manager'
               AND rep.user_id = c.owner_id AND rep.role = 'rep'))
WHERE c.organization_id = :organization_id AND c.id = :call_id AND c.with_mail
ORDER BY u.id;

-- name: claim_email(organization_id, email_id, claim_seconds)^
-- Begins a try: nobody else begins one before the claim is over. Nothing when it is not to be sent now.
UPDATE emails SET attempts = attempts + 1, claimed_until = now() + make_interval(secs => :claim_seconds::float)
WHERE organization_id = :organization_id AND id = :email_id AND status = 'queued'
  AND (claimed_until IS NULL OR claimed_until < now())
RETURNING id AS email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status, attempts,
  problem, subject, created_at, sent_at;

-- name: seconds_claimed(organization_id, email_id)$
-- How long somebody else may still be sending it; null when it is not to be sent at all.
SELECT greatest(0, extract(epoch FROM claimed_until - now()))::float FROM emails
WHERE organization_id = :organization_id AND id = :email_id AND status = 'queued';

-- name: mark_email(organization_id, email_id, status, problem, subject)!
-- Ends a try.
UPDATE emails SET status = :status, problem = :problem, subject = coalesce(:subject, subject), claimed_until = NULL,
  sent_at = CASE WHEN :status = 'sent' THEN now() END
WHERE organization_id = :organization_id AND id = :email_id AND status = 'queued';

-- name: list_emails(organization_id, call_id)
SELECT id AS email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status, attempts,
  problem, subject, created_at, sent_at
FROM emails WHERE organization_id = :organization_id AND call_id = :call_id
ORDER BY created_at, id;
