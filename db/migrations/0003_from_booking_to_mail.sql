-- What is booked, mailed, covered, reviewed and set.
-- depends: 0002_references_within_the_organization

-- migrate: apply

-- Booking. The zone is kept beside the instant, as booked; what is off is off for everybody in the call.
ALTER TABLE calls
  ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
  ADD COLUMN with_recording boolean NOT NULL DEFAULT true,
  ADD COLUMN with_transcript boolean NOT NULL DEFAULT true, -- off: nobody has an ear; so no coaching and no review
  ADD COLUMN with_coaching boolean NOT NULL DEFAULT true,
  ADD COLUMN with_sentiment boolean NOT NULL DEFAULT true,
  ADD COLUMN with_mail boolean NOT NULL DEFAULT true,
  ADD COLUMN agent_dismissed_at timestamptz; -- somebody asked the agent to leave; null: it may be there
ALTER TABLE invitees ADD COLUMN time_zone text; -- null: not known, the call's is shown
ALTER TABLE leads
  ADD COLUMN score integer CHECK (score BETWEEN 0 AND 100), -- null: no call of theirs has been reviewed
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE question_sets
  ADD COLUMN archived_at timestamptz; -- no longer offered; calls that were booked with it keep it
CREATE INDEX calls_by_owner_and_start ON calls (organization_id, owner_id, starts_at);

-- An answer that was given to a request, so that the same request (a double click, a retry) is answered and not done again.
CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  key text NOT NULL,
  request_sha256 bytea NOT NULL,
  call_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, user_id, key),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, call_id) REFERENCES calls (organization_id, id) ON DELETE CASCADE
);

-- The log.
ALTER TABLE events DROP CONSTRAINT events_kind_check;
ALTER TABLE events ADD CONSTRAINT events_kind_check CHECK (kind IN (
  'call_started', 'agent_joined', 'agent_left', 'participant_joined', 'participant_left', 'segment_added',
  'question_asked', 'question_answered', 'question_refused', 'nudge_shown', 'provider_changed', 'call_ended'));

-- What the rep was told and what became of it: shown → acted or dismissed; expired is shown and neither.
ALTER TABLE nudges
  ADD COLUMN trigger text NOT NULL DEFAULT '', -- the words that set it off
  ADD COLUMN latency_ms integer NOT NULL DEFAULT 0; -- from the end of those words to the nudge's leaving
ALTER TABLE nudges ADD CONSTRAINT nudges_in_organization UNIQUE (organization_id, id);
CREATE TABLE nudge_responses (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL,
  nudge_id uuid NOT NULL, -- as shown; the nudge itself may reach the database later
  user_id uuid NOT NULL,
  state text CHECK (state IN ('acted', 'dismissed')), -- null: neither
  reaction text CHECK (reaction IN ('like', 'dislike')), -- null: none
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, nudge_id, user_id),
  FOREIGN KEY (organization_id, call_id) REFERENCES calls (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX nudge_responses_of_call ON nudge_responses (call_id);

-- The review of a call and how far it has come.
CREATE TABLE reviews (
  call_id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
  step text NOT NULL CHECK (step IN ('transcript', 'analysis', 'lead', 'mail')), -- the one that is being done
  problem text, -- why it failed, in words for people
  review jsonb, -- domain/review.py; null until it is done
  lead_score_before integer,
  lead_score_after integer,
  lead_status_before text,
  lead_status_after text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  FOREIGN KEY (organization_id, call_id) REFERENCES calls (organization_id, id) ON DELETE CASCADE
);

-- The outbox: written in the transaction that makes the mail due, sent by a job.
CREATE TABLE emails (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invite', 'agent_joined', 'summary')),
  invitee_id uuid, -- to an invitee, or
  user_id uuid, -- to one of us
  to_name text NOT NULL,
  to_email text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  problem text, -- why the last attempt failed, in words for people
  subject text, -- null until it was made
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  CHECK ((invitee_id IS NULL) <> (user_id IS NULL)),
  UNIQUE NULLS NOT DISTINCT (call_id, kind, invitee_id, user_id),
  FOREIGN KEY (organization_id, call_id) REFERENCES calls (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX emails_of_call ON emails (call_id, created_at);

-- What the local mail catcher has taken (local mode only).
CREATE TABLE mailbox_messages (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  sender text NOT NULL,
  recipients text[] NOT NULL,
  subject text NOT NULL,
  raw bytea NOT NULL, -- as it came over SMTP
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mailbox_by_arrival ON mailbox_messages (organization_id, received_at DESC, id DESC);

-- What an organization has set; no row: the defaults.
CREATE TABLE organization_settings (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  time_zone text NOT NULL DEFAULT 'UTC',
  retention_days integer NOT NULL DEFAULT 90 CHECK (retention_days BETWEEN 1 AND 3650), -- Source: product.md row H
  smtp jsonb, -- server, port, security, user name, sender; the password is encrypted with PARLEY_SECRET; null: the installation's
  providers jsonb NOT NULL DEFAULT '{}', -- which speech and language provider and which model; absent: by the keys there are
  updated_at timestamptz NOT NULL DEFAULT now()
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['idempotency_keys', 'nudge_responses', 'reviews', 'emails', 'mailbox_messages',
                              'organization_settings'] LOOP
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

-- A call whose agent was asked to leave wants none.
CREATE OR REPLACE FUNCTION lookup.calls_that_want_an_agent() RETURNS TABLE (organization_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id, id FROM calls WHERE wanted_at IS NOT NULL AND ended_at IS NULL AND agent_dismissed_at IS NULL';

-- migrate: rollback
