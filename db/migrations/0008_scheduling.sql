-- Calls that move, mail that has an end, places in a full room, question sets with versions.
-- depends: 0007_next_page_of_a_link

-- migrate: apply

-- Calls. The revision rises with everything guests must learn; it is the SEQUENCE of their calendar files.
ALTER TABLE calls DROP CONSTRAINT calls_status_check;
ALTER TABLE calls ADD CONSTRAINT calls_status_check
  CHECK (status IN ('scheduled', 'prepared', 'live', 'ended', 'cancelled', 'no_show'));
ALTER TABLE calls
  ADD COLUMN revision integer NOT NULL DEFAULT 0,
  ADD COLUMN most_participants integer NOT NULL DEFAULT 10 CHECK (most_participants BETWEEN 2 AND 10), -- humans
  ADD COLUMN cancelled_at timestamptz,
  ADD COLUMN cancel_reason text, -- in the words of whoever cancelled, for those who were invited
  ADD COLUMN prepared_at timestamptz, -- when its room was made and its agent sent for, before anybody came
  ADD COLUMN agent_missing_at timestamptz, -- when its people were told that the agent cannot come
  ADD COLUMN question_set_version integer; -- fixed when its agent starts; null: not yet, or no set
CREATE INDEX calls_to_prepare ON calls (starts_at) WHERE status IN ('scheduled', 'prepared');

ALTER TABLE invitees
  ADD COLUMN opened_at timestamptz, -- when the link was first opened in a browser
  ADD COLUMN joined_at timestamptz, -- when they were first let in
  ADD COLUMN prefers_text_at timestamptz, -- when they said so by their link; null: they did not, or think otherwise now
  ADD COLUMN calendar_answer text CHECK (calendar_answer IN ('accepted', 'tentative', 'declined')), -- by mail
  ADD COLUMN answered_at timestamptz;

-- Mail. Every mail has an end: sent, bounced, expired, superseded, or failed by our own fault.
ALTER TABLE emails DROP CONSTRAINT emails_status_check;
UPDATE emails SET status = 'waiting' WHERE status = 'queued';
ALTER TABLE emails ADD CONSTRAINT emails_status_check
  CHECK (status IN ('waiting', 'sending', 'sent', 'bounced', 'expired', 'superseded', 'failed'));
ALTER TABLE emails DROP CONSTRAINT emails_kind_check;
ALTER TABLE emails ADD CONSTRAINT emails_kind_check CHECK (kind IN (
  'invite', 'update', 'cancel', 'reminder', 'agent_joined', 'agent_missing', 'no_show', 'changed_by_guest', 'undelivered',
  'summary', 'sign_in', 'invitation'));
ALTER TABLE emails DROP CONSTRAINT emails_check;
ALTER TABLE emails ADD CONSTRAINT emails_to_one_person -- `undelivered` is to the user, about the invitee
  CHECK (CASE WHEN kind = 'undelivered' THEN invitee_id IS NOT NULL AND user_id IS NOT NULL
              ELSE (invitee_id IS NULL) <> (user_id IS NULL) END);
ALTER TABLE emails
  ADD COLUMN revision integer NOT NULL DEFAULT 0, -- of the call when it was written down
  ADD COLUMN lead_minutes integer NOT NULL DEFAULT 0, -- of a reminder: so long before the start
  ADD COLUMN resent integer NOT NULL DEFAULT 0, -- 0: by itself; from 1 on: because somebody wanted it sent again
  ADD COLUMN due_at timestamptz NOT NULL DEFAULT now(), -- not before
  ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '3 days', -- not after
  ADD COLUMN facts jsonb NOT NULL DEFAULT '{}', -- what is not to be found elsewhere any more when it is made
  ADD COLUMN server_id uuid, -- mail_servers.id it goes by, the nil UUID for the installation's; null: any
  ADD COLUMN server_host text, -- of the last try, for people
  ADD COLUMN reply text, -- what that server said last
  ADD COLUMN is_ambiguous boolean NOT NULL DEFAULT false, -- that server may have taken it: it goes there again
  ADD COLUMN ambiguous_ends integer NOT NULL DEFAULT 0, -- how often: more copies than that cannot exist
  ADD COLUMN ended_at timestamptz; -- when it came to its end, whichever; of a sent one it is sent_at. null: it is on its way
UPDATE emails SET ended_at = coalesce(sent_at, created_at) WHERE status IN ('sent', 'failed');
ALTER TABLE emails DROP CONSTRAINT emails_once;
ALTER TABLE emails ADD CONSTRAINT emails_once
  UNIQUE NULLS NOT DISTINCT (call_id, kind, invitee_id, user_id, link_id, revision, lead_minutes, resent);
DROP INDEX emails_queued;
CREATE INDEX emails_due ON emails (due_at) WHERE status IN ('waiting', 'sending');
CREATE INDEX emails_by_end ON emails (organization_id, expires_at, id) WHERE status IN ('waiting', 'sending');
ALTER TABLE smtp_trials ADD COLUMN server_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';

DELETE FROM pgqueuer WHERE entrypoint = 'send_email'; -- no job for each mail any more

-- Servers in the order in which they are tried; after them the installation's, if it has one.
CREATE TABLE mail_servers (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),
  server jsonb NOT NULL, -- domain/mail_server.py; the password sealed with PARLEY_SECRET
  mails_a_minute integer CHECK (mails_a_minute BETWEEN 1 AND 100000), -- null: as fast as it takes them
  problem text, -- why it does not let us in with this user name and password; null: it does, or was not asked yet
  problem_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id),
  UNIQUE (organization_id, position) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO mail_servers (id, organization_id, position, server)
  SELECT gen_random_uuid(), organization_id, 0, smtp FROM organization_settings WHERE smtp IS NOT NULL;
ALTER TABLE organization_settings DROP COLUMN smtp;
ALTER TABLE organization_settings ADD COLUMN inbox jsonb; -- where answers to invites arrive (IMAP); null: nowhere

-- Addresses that are not written to, and why.
CREATE TABLE suppressed_addresses (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  address text NOT NULL, -- in lower case
  scope text NOT NULL CHECK (scope IN ('everything', 'reminders')),
  reason text NOT NULL CHECK (reason IN ('bounced', 'complained', 'asked', 'set')),
  detail text NOT NULL DEFAULT '', -- the server's words
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, address, scope)
);

-- Places in a room: who has one, and who waits for one in the order of asking. Written under a lock on the call.
CREATE TABLE room_places (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL,
  identity text NOT NULL,
  ticket bigint GENERATED ALWAYS AS IDENTITY, -- the order of asking
  state text NOT NULL CHECK (state IN ('waiting', 'held', 'inside')), -- held: given, and they are not (or no longer) seen
  until timestamptz, -- waiting, held: it is lost then; null: inside
  PRIMARY KEY (organization_id, call_id, identity),
  FOREIGN KEY (organization_id, call_id) REFERENCES calls (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX room_places_of_call ON room_places (call_id, ticket);

-- Question sets. Every save is a version; a call keeps the one it began with.
ALTER TABLE question_sets
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN is_default boolean NOT NULL DEFAULT false, -- offered first for a new discovery call
  ADD COLUMN time_box_minutes integer CHECK (time_box_minutes BETWEEN 1 AND 480), -- null: the call's length
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE UNIQUE INDEX question_sets_default ON question_sets (organization_id) WHERE is_default;
ALTER TABLE questions
  ADD COLUMN must_ask boolean NOT NULL DEFAULT false,
  ADD COLUMN is_active boolean NOT NULL DEFAULT true,
  ADD COLUMN depth text NOT NULL DEFAULT 'medium' CHECK (depth IN ('low', 'medium', 'high', 'deep')), -- how far to follow up
  ADD COLUMN time_box_seconds integer CHECK (time_box_seconds BETWEEN 15 AND 3600), -- null: none
  ADD COLUMN skip_if jsonb; -- {"question_id", "answers": [...]} or {"question_id", "contains": [...]}; null: never
CREATE TABLE question_set_versions (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  question_set_id uuid NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  time_box_minutes integer,
  questions jsonb NOT NULL, -- as domain/question_set.py has them
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid, -- a user; null: by migration or demo
  PRIMARY KEY (organization_id, question_set_id, version),
  FOREIGN KEY (organization_id, question_set_id) REFERENCES question_sets (organization_id, id) ON DELETE CASCADE
);
INSERT INTO question_set_versions (organization_id, question_set_id, version, title, questions, created_at)
  SELECT s.organization_id, s.id, s.version, s.title,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'question_id', q.id, 'position', q.position, 'text', q.text, 'type', q.type, 'options', q.options,
        'must_ask', q.must_ask, 'is_active', q.is_active, 'depth', q.depth, 'time_box_seconds', q.time_box_seconds,
        'skip_if', q.skip_if) ORDER BY q.position), '[]')
     FROM questions q WHERE q.question_set_id = s.id),
    s.created_at
  FROM question_sets s;

-- Whether a newer notice to the same person says it better, or what it reminds of is off or at another time.
CREATE FUNCTION is_overtaken(mail emails) RETURNS boolean LANGUAGE sql STABLE
  AS $$SELECT
    EXISTS (
      SELECT FROM emails newer
      WHERE newer.call_id = mail.call_id AND newer.revision > mail.revision
        AND newer.invitee_id IS NOT DISTINCT FROM mail.invitee_id AND newer.user_id IS NOT DISTINCT FROM mail.user_id
        AND (newer.kind = 'reminder' AND mail.kind = 'reminder'
             OR newer.kind IN ('invite', 'update', 'cancel') AND mail.kind IN ('invite', 'update', 'cancel', 'reminder')))
    OR mail.kind = 'reminder' AND EXISTS (
      SELECT FROM calls c
      WHERE c.id = mail.call_id
        AND (c.starts_at <> (mail.facts ->> 'starts_at')::timestamptz OR c.owner_id <> mail.user_id
             OR c.status NOT IN ('scheduled', 'prepared', 'live') OR NOT c.with_mail))$$;

ALTER TABLE leads ADD COLUMN created_by_import uuid; -- the import that brought it; null: by hand
CREATE INDEX audit_entries_of_subject ON audit_entries (organization_id, subject_id, seq DESC); -- the history of a lead

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['mail_servers', 'suppressed_addresses', 'room_places', 'question_set_versions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_organization ON %I TO parley_app '
      'USING (organization_id = nullif(current_setting(''app.organization_id'', true), '''')::uuid) '
      'WITH CHECK (organization_id = nullif(current_setting(''app.organization_id'', true), '''')::uuid)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO parley_app', name);
  END LOOP;
END
$$;
REVOKE UPDATE, DELETE ON question_set_versions FROM parley_app;

-- The steward prepares calls that are about to begin and closes those nobody came to; the sender looks for mail that is due.
CREATE FUNCTION lookup.calls_to_prepare(before timestamptz) RETURNS TABLE (organization_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$SELECT organization_id, id FROM calls
       WHERE status = 'scheduled' AND starts_at < before AND starts_at > before - interval '30 minutes'
         AND starts_at > created_at + interval '30 seconds' -- one that is booked for the moment itself is not awaited
         AND NOT staged_as_text$$;
CREATE FUNCTION lookup.calls_nobody_came_to(started_before timestamptz) RETURNS TABLE (organization_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$SELECT c.organization_id, c.id FROM calls c
       WHERE c.status IN ('scheduled', 'prepared') AND c.starts_at <= started_before
         AND c.starts_at > started_before - interval '12 hours' -- then it has expired
         AND NOT EXISTS (SELECT FROM invitees i WHERE i.call_id = c.id AND i.joined_at IS NOT NULL)$$;
CREATE FUNCTION lookup.organizations_with_mail_due(at timestamptz) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$SELECT DISTINCT organization_id FROM emails
       WHERE (status = 'waiting' AND due_at <= at) OR (status = 'sending' AND claimed_until < at)$$;
CREATE FUNCTION lookup.organizations_with_inbox() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$SELECT organization_id FROM organization_settings WHERE inbox IS NOT NULL$$;
GRANT SELECT ON invitees, organization_settings TO parley_lookup;
CREATE POLICY lookup_reads ON invitees FOR SELECT TO parley_lookup USING (true);
CREATE POLICY lookup_reads ON organization_settings FOR SELECT TO parley_lookup USING (true);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['calls_to_prepare(timestamptz)', 'calls_nobody_came_to(timestamptz)',
                              'organizations_with_mail_due(timestamptz)', 'organizations_with_inbox()'] LOOP
    EXECUTE format('ALTER FUNCTION lookup.%s OWNER TO parley_lookup', name);
    EXECUTE format('REVOKE ALL ON FUNCTION lookup.%s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION lookup.%s TO parley_app', name);
  END LOOP;
END
$$;
CREATE OR REPLACE FUNCTION lookup.work_without_a_job() RETURNS TABLE (entrypoint text, organization_id uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT 'review_call', organization_id, call_id FROM reviews
    WHERE status IN ('queued', 'running') AND NOT EXISTS (
      SELECT 1 FROM pgqueuer
      WHERE dedupe_key = 'review_call:' || call_id::text AND status IN ('queued', 'picked'))
    LIMIT 1000
  $$;

-- migrate: rollback
