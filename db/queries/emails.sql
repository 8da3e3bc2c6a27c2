-- name: add_emails(organization_id, call_id, ids, kinds, invitee_ids, user_ids, names, addresses, revisions, leads, dues, ends, facts)
-- Returns the ids of those that were added: one for each reason. A cancel goes only to who may have had an invite.
INSERT INTO emails (id, organization_id, call_id, kind, invitee_id, user_id, to_name, to_email, revision, lead_minutes,
  due_at, expires_at, facts, status)
SELECT id, :organization_id::uuid, :call_id::uuid, kind, invitee_id, user_id, name, address, revision, lead, due_at, expires_at,
  facts::jsonb, 'waiting'
FROM unnest(:ids::uuid[], :kinds::text[], :invitee_ids::uuid[], :user_ids::uuid[], :names::text[], :addresses::text[],
  :revisions::integer[], :leads::integer[], :dues::timestamptz[], :ends::timestamptz[], :facts::text[])
  AS new (id, kind, invitee_id, user_id, name, address, revision, lead, due_at, expires_at, facts)
WHERE kind <> 'cancel' OR invitee_id IS NULL OR EXISTS (
  SELECT FROM emails had
  WHERE had.call_id = :call_id AND had.invitee_id = new.invitee_id AND had.kind IN ('invite', 'update')
    AND (had.status IN ('sent', 'sending') OR had.ambiguous_ends > 0))
ON CONFLICT ON CONSTRAINT emails_once DO NOTHING
RETURNING id;

-- name: supersede_emails(organization_id, call_id, kinds, invitee_ids, user_ids, revisions)!
-- What is still unsent of an older revision, when these notices are written down. See is_overtaken.
UPDATE emails e SET status = 'superseded', ended_at = now()
FROM unnest(:kinds::text[], :invitee_ids::uuid[], :user_ids::uuid[], :revisions::integer[])
  AS newer (kind, invitee_id, user_id, revision)
WHERE e.organization_id = :organization_id AND e.call_id = :call_id AND e.status = 'waiting'
  AND e.revision < newer.revision
  AND e.invitee_id IS NOT DISTINCT FROM newer.invitee_id AND e.user_id IS NOT DISTINCT FROM newer.user_id
  AND (newer.kind = 'reminder' AND e.kind = 'reminder'
       OR newer.kind IN ('invite', 'update', 'cancel') AND e.kind IN ('invite', 'update', 'cancel', 'reminder'));

-- name: add_email_to_user(email_id, organization_id, call_id, kind, user_id, to_name, to_email)$
-- Returns the id, or nothing when this person has been written to for this reason.
INSERT INTO emails (id, organization_id, call_id, kind, user_id, to_name, to_email, status)
VALUES (:email_id, :organization_id, :call_id, :kind, :user_id, :to_name, :to_email, 'waiting')
ON CONFLICT ON CONSTRAINT emails_once DO NOTHING
RETURNING id;

-- name: add_email_with_link(email_id, organization_id, link_id, kind, user_id, to_name, to_email)$
-- Good for as long as the link is.
INSERT INTO emails (id, organization_id, link_id, kind, user_id, to_name, to_email, expires_at, status)
SELECT :email_id::uuid, :organization_id::uuid, id, :kind::text, :user_id::uuid, :to_name::text, :to_email::text, expires_at,
  'waiting'
FROM sign_in_links WHERE organization_id = :organization_id AND id = :link_id
ON CONFLICT ON CONSTRAINT emails_once DO NOTHING
RETURNING id;

-- name: add_undelivered_email(email_id, organization_id, call_id, invitee_id, revision, resent, facts)$
-- Nothing when the owner knows already, has been disabled, or the call's mail is switched off.
INSERT INTO emails (id, organization_id, call_id, kind, invitee_id, user_id, to_name, to_email, revision, resent, facts, status)
SELECT :email_id::uuid, c.organization_id, c.id, 'undelivered', :invitee_id::uuid, u.id, u.name, u.email, :revision::integer,
  :resent::integer, :facts::jsonb, 'waiting'
FROM calls c JOIN users u ON u.id = c.owner_id
WHERE c.organization_id = :organization_id AND c.id = :call_id AND c.with_mail AND u.status <> 'disabled'
ON CONFLICT ON CONSTRAINT emails_once DO NOTHING
RETURNING id;

-- name: resend_email(email_id, organization_id, call_id, invitee_id, now)^
-- The newest notice to an invitee once more. One that is still on its way goes now instead, unless it is bound to a server
-- that was given a time. Nothing when there was none, or its time is over.
WITH newest AS (
  SELECT * FROM emails
  WHERE organization_id = :organization_id AND call_id = :call_id AND invitee_id = :invitee_id
    AND kind IN ('invite', 'update', 'cancel') AND expires_at > :now
  ORDER BY revision DESC, resent DESC, created_at DESC LIMIT 1
  FOR UPDATE
), hastened AS (
  UPDATE emails e SET due_at = CASE WHEN e.server_id IS NULL THEN least(e.due_at, :now) ELSE e.due_at END
  FROM newest WHERE e.id = newest.id AND newest.status IN ('waiting', 'sending')
  RETURNING e.*
), added AS (
  INSERT INTO emails (id, organization_id, call_id, kind, invitee_id, to_name, to_email, revision, lead_minutes, resent,
    due_at, expires_at, facts, status)
  SELECT :email_id::uuid, organization_id, call_id, kind, invitee_id, to_name, to_email, revision, lead_minutes, resent + 1,
    :now::timestamptz, expires_at, facts, 'waiting'
  FROM newest WHERE status NOT IN ('waiting', 'sending')
  ON CONFLICT ON CONSTRAINT emails_once DO UPDATE SET due_at = least(emails.due_at, excluded.due_at) -- two asked at once
  RETURNING *
)
SELECT id AS email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status, attempts,
  problem, subject, created_at, sent_at, revision, lead_minutes, resent, due_at, expires_at, facts::text, server_id,
  server_host, reply, is_ambiguous, ambiguous_ends, ended_at
FROM (SELECT * FROM hastened UNION ALL SELECT * FROM added) AS resent_email;

-- name: wake_sender()
SELECT pg_notify('mail_due', '');

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

-- name: organizations_with_mail_due(now)
SELECT organization_id FROM lookup.organizations_with_mail_due(:now) AS organization_id;

-- name: expire_emails(organization_id, now)!
-- Also one whose sender died: what is late is not sent again, but it may have been.
UPDATE emails SET status = 'expired', claimed_until = NULL, ended_at = expires_at,
  ambiguous_ends = ambiguous_ends + (status = 'sending')::integer
WHERE organization_id = :organization_id AND expires_at <= :now
  AND (status = 'waiting' OR status = 'sending' AND claimed_until < :now);

-- name: claim_emails(organization_id, now, most, claim_seconds, server_id)
-- Begins a try of those that end first. A claim that ran out leaves open whether that mail was taken. Those that are not to
-- be sent any more get their end instead. All are returned.
WITH candidates AS (
  SELECT mail FROM emails mail
  WHERE organization_id = :organization_id AND status IN ('waiting', 'sending') AND due_at <= :now
    AND (status = 'waiting' OR claimed_until < :now)
  ORDER BY expires_at, id LIMIT :most
  FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED ( -- once for each mail, and not for each column below
  SELECT (mail).id, (mail).status = 'sending' AS is_left_over, CASE
    WHEN is_overtaken(mail) THEN 'superseded'
    WHEN EXISTS (SELECT FROM suppressed_addresses s
                 WHERE s.organization_id = (mail).organization_id AND s.address = lower((mail).to_email)
                   AND (s.scope = 'everything' OR (mail).kind = 'reminder')) THEN 'bounced'
    ELSE 'sending' END AS becomes
  FROM candidates
)
UPDATE emails e SET status = becomes,
  attempts = attempts + (becomes = 'sending')::integer,
  claimed_until = CASE WHEN becomes = 'sending' THEN :now::timestamptz + make_interval(secs => :claim_seconds::float) END,
  server_id = coalesce(server_id, :server_id::uuid),
  is_ambiguous = is_ambiguous OR is_left_over,
  ambiguous_ends = ambiguous_ends + is_left_over::integer,
  ended_at = CASE WHEN becomes <> 'sending' THEN :now::timestamptz END,
  problem = CASE WHEN becomes = 'bounced' THEN 'The address is on the list of those that are not written to.' ELSE problem END
FROM judged WHERE e.id = judged.id
RETURNING e.id AS email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status, attempts,
  problem, subject, created_at, sent_at, revision, lead_minutes, resent, due_at, expires_at, facts::text, server_id,
  server_host, reply, is_ambiguous, ambiguous_ends, ended_at;

-- name: turn_to_server(organization_id, email_id, attempts, server_id)$
-- Before a claimed mail goes by another server than at its claim: who dies then must be found to have spoken to this one.
-- Nothing when the claim is no longer ours.
UPDATE emails SET server_id = :server_id
WHERE organization_id = :organization_id AND id = :email_id AND status = 'sending' AND attempts = :attempts
RETURNING true;

-- name: end_tries(organization_id, ids, attempts, statuses, ended, dues, problems, subjects, server_ids, hosts, replies, ambiguous)
-- Of claims that are still ours; returns what became of them. One that waits again may have been overtaken meanwhile.
UPDATE emails e SET
  status = CASE WHEN result.status = 'waiting' AND is_overtaken(e) THEN 'superseded' ELSE result.status END,
  claimed_until = NULL,
  due_at = coalesce(result.due_at, e.due_at),
  problem = result.problem,
  subject = coalesce(result.subject, e.subject),
  server_id = result.server_id,
  server_host = coalesce(result.server_host, e.server_host),
  reply = coalesce(result.reply, e.reply),
  is_ambiguous = result.status = 'waiting' AND (e.is_ambiguous OR result.is_ambiguous),
  ambiguous_ends = e.ambiguous_ends + result.is_ambiguous::integer,
  sent_at = CASE WHEN result.status = 'sent' THEN result.ended_at END,
  ended_at = CASE WHEN result.status <> 'waiting' OR is_overtaken(e) THEN result.ended_at END
FROM unnest(:ids::uuid[], :attempts::integer[], :statuses::text[], :ended::timestamptz[], :dues::timestamptz[],
  :problems::text[], :subjects::text[], :server_ids::uuid[], :hosts::text[], :replies::text[], :ambiguous::boolean[])
  AS result (id, attempts, status, ended_at, due_at, problem, subject, server_id, server_host, reply, is_ambiguous)
WHERE e.organization_id = :organization_id AND e.id = result.id AND e.status = 'sending' AND e.attempts = result.attempts
RETURNING e.id, e.status;

-- name: list_emails(organization_id, call_id)
SELECT id AS email_id, organization_id, call_id, link_id, kind, invitee_id, user_id, to_name, to_email, status, attempts,
  problem, subject, created_at, sent_at, revision, lead_minutes, resent, due_at, expires_at, facts::text, server_id,
  server_host, reply, is_ambiguous, ambiguous_ends, ended_at
FROM emails WHERE organization_id = :organization_id AND call_id = :call_id
ORDER BY created_at, id;
