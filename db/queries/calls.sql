-- name: organization_of_call(call_id)$
-- Looks across organizations, for people who come with a link.
SELECT lookup.organization_of_call(:call_id);

-- name: calls_that_want_an_agent()
-- Looks across organizations, for the steward.
SELECT organization_id, call_id FROM lookup.calls_that_want_an_agent();

-- name: calls_with_open_log()
-- Looks across organizations: calls that ended a while ago whose log nobody has closed, since their agent died.
SELECT organization_id, call_id FROM lookup.calls_with_open_log();

-- name: get_calls(organization_id, call_ids)
-- These calls, in this order.
SELECT c.id AS call_id, c.organization_id, o.name AS organization_name, c.title, c.kind, c.status, c.starts_at,
  c.duration_minutes, c.owner_id, u.name AS owner_name, c.lead_id, l.name AS lead_name, l.company AS lead_company,
  c.question_set_id, c.started_at, c.ended_at, c.staged_as_text, c.time_zone, c.with_recording, c.with_transcript,
  c.with_coaching, c.with_sentiment, c.with_mail, c.agent_dismissed_at, c.agent_missing_at, c.revision,
  c.most_participants, c.cancelled_at, c.cancel_reason, c.question_set_version, c.last_seq
FROM unnest(:call_ids::uuid[]) WITH ORDINALITY AS wanted (id, place)
JOIN calls c ON c.id = wanted.id
JOIN organizations o ON o.id = c.organization_id
JOIN users u ON u.id = c.owner_id
LEFT JOIN leads l ON l.id = c.lead_id
WHERE c.organization_id = :organization_id
ORDER BY wanted.place;

-- name: find_calls_latest(organization_id, owner_ids, starts_from, starts_before, status, owner_id, search, cursor_starts_at, cursor_call_id, most)
-- Ids and starts of these owners' calls, latest first, after the cursor (start, id). What is null does not filter.
SELECT c.id AS call_id, c.starts_at
FROM calls c LEFT JOIN leads l ON l.id = c.lead_id
WHERE c.organization_id = :organization_id
  AND (:owner_ids::uuid[] IS NULL OR c.owner_id = ANY (:owner_ids::uuid[]))
  AND (:starts_from::timestamptz IS NULL OR c.starts_at >= :starts_from::timestamptz)
  AND (:starts_before::timestamptz IS NULL OR c.starts_at < :starts_before::timestamptz)
  AND (:status::text IS NULL OR c.status = :status::text)
  AND (:owner_id::uuid IS NULL OR c.owner_id = :owner_id::uuid)
  AND (:search::text IS NULL
       OR strpos(lower(concat_ws(E'\n', c.title, l.name, l.company)), lower(:search::text)) > 0
       OR EXISTS (SELECT FROM invitees i WHERE i.call_id = c.id AND i.removed_at IS NULL
                    AND strpos(lower(i.name), lower(:search::text)) > 0))
  AND (:cursor_starts_at::timestamptz IS NULL
       OR (c.starts_at, c.id) < (:cursor_starts_at::timestamptz, :cursor_call_id::uuid))
ORDER BY c.starts_at DESC, c.id DESC
LIMIT :most;

-- name: find_calls_earliest(organization_id, owner_ids, starts_from, starts_before, status, owner_id, search, cursor_starts_at, cursor_call_id, most)
-- The same with the earliest first.
SELECT c.id AS call_id, c.starts_at
FROM calls c LEFT JOIN leads l ON l.id = c.lead_id
WHERE c.organization_id = :organization_id
  AND (:owner_ids::uuid[] IS NULL OR c.owner_id = ANY (:owner_ids::uuid[]))
  AND (:starts_from::timestamptz IS NULL OR c.starts_at >= :starts_from::timestamptz)
  AND (:starts_before::timestamptz IS NULL OR c.starts_at < :starts_before::timestamptz)
  AND (:status::text IS NULL OR c.status = :status::text)
  AND (:owner_id::uuid IS NULL OR c.owner_id = :owner_id::uuid)
  AND (:search::text IS NULL
       OR strpos(lower(concat_ws(E'\n', c.title, l.name, l.company)), lower(:search::text)) > 0
       OR EXISTS (SELECT FROM invitees i WHERE i.call_id = c.id AND i.removed_at IS NULL
                    AND strpos(lower(i.name), lower(:search::text)) > 0))
  AND (:cursor_starts_at::timestamptz IS NULL
       OR (c.starts_at, c.id) > (:cursor_starts_at::timestamptz, :cursor_call_id::uuid))
ORDER BY c.starts_at, c.id
LIMIT :most;

-- name: find_overlapping_calls(organization_id, visible_owner_ids, owner_id, addresses, but_for, starts_at, ends_at, most)
-- What the owner, or somebody with one of the addresses (in small letters), has between the two instants, and is not over;
-- of the calls of these owners (null: everybody's), but for one. No call is longer than 480 minutes.
SELECT id AS call_id FROM calls c
WHERE organization_id = :organization_id AND status IN ('scheduled', 'prepared', 'live')
  AND (:visible_owner_ids::uuid[] IS NULL OR owner_id = ANY (:visible_owner_ids::uuid[]))
  AND (owner_id = :owner_id
       OR EXISTS (SELECT FROM invitees i
                  WHERE i.call_id = c.id AND i.removed_at IS NULL AND lower(i.email) = ANY (:addresses::text[])))
  AND (:but_for::uuid IS NULL OR id <> :but_for::uuid)
  AND starts_at < :ends_at::timestamptz AND starts_at > :starts_at::timestamptz - interval '480 minutes'
  AND starts_at + duration_minutes * interval '1 minute' > :starts_at::timestamptz
ORDER BY starts_at, id
LIMIT :most;

-- name: find_calls_of_lead(organization_id, owner_ids, lead_id, most)
-- Those of these owners; null: everybody's.
SELECT id AS call_id FROM calls
WHERE organization_id = :organization_id AND lead_id = :lead_id
  AND (:owner_ids::uuid[] IS NULL OR owner_id = ANY (:owner_ids::uuid[]))
ORDER BY starts_at DESC, id DESC
LIMIT :most;

-- name: list_invitees(organization_id, call_ids)
-- Without those who were removed.
SELECT call_id, id AS invitee_id, name, email, link_revision, time_zone, opened_at, joined_at,
  prefers_text_at IS NOT NULL AS prefers_text, calendar_answer
FROM invitees
WHERE organization_id = :organization_id AND call_id = ANY (:call_ids::uuid[]) AND removed_at IS NULL
ORDER BY call_id, created_at, id;

-- name: remove_invitee(organization_id, call_id, invitee_id)$
-- Links of an older revision are worth nothing.
UPDATE invitees SET removed_at = now(), link_revision = link_revision + 1
WHERE organization_id = :organization_id AND call_id = :call_id AND id = :invitee_id AND removed_at IS NULL
RETURNING id;

-- name: calls_people_have_come_to(organization_id)
-- Those that are not over.
SELECT id AS call_id FROM calls
WHERE organization_id = :organization_id AND wanted_at IS NOT NULL AND ended_at IS NULL;

-- name: open_demo_call(organization_id, title, now)$
-- The newest demo call that can still be joined.
SELECT id FROM calls
WHERE organization_id = :organization_id AND title = :title AND status IN ('scheduled', 'prepared', 'live')
  AND starts_at > :now::timestamptz - interval '11 hours'
ORDER BY starts_at DESC, id DESC
LIMIT 1;

-- name: add_call(call_id, organization_id, title, kind, starts_at, time_zone, duration_minutes, owner_id, lead_id, question_set_id, staged_as_text, most_participants, with_recording, with_transcript, with_coaching, with_sentiment, with_mail)!
INSERT INTO calls (id, organization_id, title, kind, status, starts_at, time_zone, duration_minutes, owner_id, lead_id,
  question_set_id, staged_as_text, most_participants, with_recording, with_transcript, with_coaching, with_sentiment,
  with_mail)
VALUES (:call_id, :organization_id, :title, :kind, 'scheduled', :starts_at, :time_zone, :duration_minutes, :owner_id,
  :lead_id, :question_set_id, :staged_as_text, :most_participants, :with_recording, :with_transcript, :with_coaching,
  :with_sentiment, :with_mail);

-- name: lock_call(organization_id, call_id)$
-- Until the end of the transaction nobody else gets past here for this call; mails and words may be added to it.
SELECT id FROM calls WHERE organization_id = :organization_id AND id = :call_id FOR NO KEY UPDATE;

-- name: forget_answers_to_the_old_time(organization_id, call_id, seen_revision, starts_at)!
-- Before a call is moved: guests' calendars answered to the time that it has.
UPDATE invitees i SET calendar_answer = NULL
FROM calls c
WHERE c.organization_id = :organization_id AND c.id = :call_id AND c.revision = :seen_revision AND c.starts_at <> :starts_at
  AND c.status IN ('scheduled', 'prepared') AND i.organization_id = c.organization_id AND i.call_id = c.id;

-- name: change_call(organization_id, call_id, seen_revision, title, starts_at, time_zone, duration_minutes, owner_id, question_set_id, most_participants, with_recording, with_transcript, with_coaching, with_sentiment, with_mail)$
-- Returns the revision: one more when guests must learn of it. Nothing when somebody was faster or the call has begun.
-- A call that is moved is prepared anew for its new time.
UPDATE calls SET title = :title, starts_at = :starts_at, time_zone = :time_zone, duration_minutes = :duration_minutes,
  owner_id = :owner_id, question_set_id = :question_set_id, most_participants = :most_participants,
  with_recording = :with_recording, with_transcript = :with_transcript, with_coaching = :with_coaching,
  with_sentiment = :with_sentiment, with_mail = :with_mail,
  revision = revision + CASE WHEN (title, starts_at, duration_minutes, owner_id)
    = (:title, :starts_at, :duration_minutes, :owner_id) THEN 0 ELSE 1 END,
  status = CASE WHEN starts_at = :starts_at THEN status ELSE 'scheduled' END,
  prepared_at = CASE WHEN starts_at = :starts_at THEN prepared_at END,
  wanted_at = CASE WHEN starts_at = :starts_at THEN wanted_at END,
  agent_missing_at = CASE WHEN starts_at = :starts_at THEN agent_missing_at END
WHERE organization_id = :organization_id AND id = :call_id AND revision = :seen_revision
  AND status IN ('scheduled', 'prepared')
RETURNING revision;

-- name: cancel_call(organization_id, call_id, seen_revision, reason, now)$
-- Returns the revision. Nothing when somebody was faster or the call has begun. From now on no agent is wanted.
UPDATE calls SET status = 'cancelled', cancelled_at = :now, cancel_reason = :reason, revision = revision + 1,
  wanted_at = NULL
WHERE organization_id = :organization_id AND id = :call_id AND revision = :seen_revision
  AND status IN ('scheduled', 'prepared')
RETURNING revision;

-- name: raise_revision(organization_id, call_id)$
UPDATE calls SET revision = revision + 1 WHERE organization_id = :organization_id AND id = :call_id
RETURNING revision;

-- name: add_invitee(invitee_id, organization_id, call_id, name, email, link_revision, time_zone)!
INSERT INTO invitees (id, organization_id, call_id, name, email, link_revision, time_zone)
VALUES (:invitee_id, :organization_id, :call_id, :name, :email, :link_revision, :time_zone);

-- name: add_consent(consent_id, organization_id, call_id, invitee_id, transcription, recording)!
INSERT INTO consents (id, organization_id, call_id, invitee_id, transcription, recording)
VALUES (:consent_id, :organization_id, :call_id, :invitee_id, :transcription, :recording);

-- name: newest_consent(organization_id, invitee_id)^
SELECT transcription, recording FROM consents
WHERE organization_id = :organization_id AND invitee_id = :invitee_id
ORDER BY decided_at DESC, id DESC
LIMIT 1;

-- name: want_agent(organization_id, call_id)$
-- The first person came in: an agent is wanted from now on. Tells the steward when that is news.
WITH wanted AS (
  UPDATE calls SET wanted_at = now()
  WHERE organization_id = :organization_id AND id = :call_id AND wanted_at IS NULL AND ended_at IS NULL
  RETURNING id
)
SELECT pg_notify('call_wanted', wanted.id::text) FROM wanted;

-- name: dismiss_agent(organization_id, call_id)!
UPDATE calls SET agent_dismissed_at = now()
WHERE organization_id = :organization_id AND id = :call_id AND agent_dismissed_at IS NULL AND ended_at IS NULL;

-- name: readmit_agent(organization_id, call_id)$
-- Tells the steward when somebody is there who waits for it.
WITH readmitted AS (
  UPDATE calls SET agent_dismissed_at = NULL
  WHERE organization_id = :organization_id AND id = :call_id AND agent_dismissed_at IS NOT NULL AND ended_at IS NULL
  RETURNING id, wanted_at
)
SELECT pg_notify('call_wanted', readmitted.id::text) FROM readmitted WHERE readmitted.wanted_at IS NOT NULL;

-- name: start_call(organization_id, call_id, started_at)$
-- Marks the call live; returns when it started, which an earlier agent may have set.
UPDATE calls SET status = 'live', started_at = coalesce(started_at, :started_at)
WHERE organization_id = :organization_id AND id = :call_id AND status IN ('scheduled', 'prepared', 'live')
RETURNING started_at;

-- name: end_call(organization_id, call_id, reason)$
-- Returns the call's id when this ended it, null when it was over already.
UPDATE calls SET status = 'ended', ended_at = now(), end_reason = :reason
WHERE organization_id = :organization_id AND id = :call_id AND status IN ('scheduled', 'prepared', 'live')
RETURNING id;

-- name: end_of_call(organization_id, call_id)^
-- When and why it ended, and when it had started; nothing when its log says so already.
SELECT started_at, ended_at, end_reason FROM calls
WHERE organization_id = :organization_id AND id = :call_id AND ended_at IS NOT NULL AND log_closed_at IS NULL;

-- name: has_closed_log(organization_id, call_id)$
SELECT log_closed_at IS NOT NULL FROM calls WHERE organization_id = :organization_id AND id = :call_id;

-- name: close_log(organization_id, call_id)!
UPDATE calls SET log_closed_at = now() WHERE organization_id = :organization_id AND id = :call_id;
