-- People, calls, and what is heard in them. Every table has its organization and the wall between organizations.
-- depends:

-- migrate: apply

-- The product's own role: no superuser, no BYPASSRLS, or row-level security would never act for it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'parley_app') THEN
    CREATE ROLE parley_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'parley_lookup') THEN
    CREATE ROLE parley_lookup NOLOGIN;
  END IF;
END
$$;

GRANT parley_lookup TO CURRENT_USER;

GRANT USAGE ON SCHEMA public TO parley_app, parley_lookup;

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  organization_id uuid GENERATED ALWAYS AS (id) STORED,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name text NOT NULL,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('rep', 'manager', 'admin')),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, email)
);

CREATE TABLE leads (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name text NOT NULL,
  company text NOT NULL,
  industry text NOT NULL,
  notes text NOT NULL,
  email text, -- null: not known
  status text NOT NULL CHECK (status IN ('new', 'scheduled', 'met', 'needs_follow_up', 'qualified', 'unqualified', 'customer')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX leads_by_organization ON leads (organization_id, created_at DESC);

CREATE TABLE question_sets (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  title text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX question_sets_by_organization ON question_sets (organization_id, created_at DESC);

CREATE TABLE questions (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  question_set_id uuid NOT NULL REFERENCES question_sets (id) ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),
  text text NOT NULL,
  type text NOT NULL CHECK (type IN ('open_ended', 'multiple_choice', 'rating')),
  options text[] NOT NULL,
  UNIQUE (question_set_id, position)
);

CREATE TABLE calls (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  title text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('discovery', 'assisted', 'visit', 'rehearsal')),
  status text NOT NULL CHECK (status IN ('scheduled', 'live', 'ended', 'cancelled')),
  starts_at timestamptz NOT NULL,
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 480),
  owner_id uuid NOT NULL REFERENCES users (id),
  lead_id uuid REFERENCES leads (id), -- null: nobody's record yet
  question_set_id uuid REFERENCES question_sets (id), -- null: the agent only listens and coaches
  staged_as_text boolean NOT NULL,
  wanted_at timestamptz, -- when the first person came in, so that an agent is wanted; null: nobody yet
  started_at timestamptz, -- when the agent began to listen
  ended_at timestamptz,
  end_reason text,
  log_closed_at timestamptz, -- when `call_ended` was written, the last event of its log
  last_seq bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX calls_by_start ON calls (organization_id, starts_at DESC, id DESC);
CREATE INDEX calls_wanted ON calls (wanted_at) WHERE ended_at IS NULL AND wanted_at IS NOT NULL;
CREATE INDEX calls_with_open_log ON calls (ended_at) WHERE log_closed_at IS NULL AND ended_at IS NOT NULL;
CREATE INDEX calls_of_owner ON calls (owner_id);
CREATE INDEX calls_of_lead ON calls (lead_id);
CREATE INDEX calls_of_question_set ON calls (question_set_id);

CREATE TABLE invitees (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  name text NOT NULL,
  email text, -- null: the link is handed over by other means
  link_revision integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invitees_of_call ON invitees (call_id);

-- The consent ledger: append-only, the newest row of a person counts.
CREATE TABLE consents (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  invitee_id uuid NOT NULL REFERENCES invitees (id) ON DELETE CASCADE,
  transcription boolean NOT NULL,
  recording boolean NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX consents_of_invitee ON consents (invitee_id, decided_at DESC);
CREATE INDEX consents_of_call ON consents (call_id);

CREATE TABLE events (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN (
    'call_started', 'agent_joined', 'participant_joined', 'participant_left', 'segment_added',
    'question_asked', 'question_answered', 'nudge_shown', 'call_ended')),
  payload jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (call_id, seq)
);

CREATE TABLE segments (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  identity text NOT NULL,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('prospect', 'rep', 'manager', 'agent')),
  text text NOT NULL,
  start_ms integer NOT NULL,
  end_ms integer NOT NULL,
  confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  language text NOT NULL,
  source text NOT NULL CHECK (source IN ('speech', 'text', 'agent'))
);
CREATE INDEX segments_of_call ON segments (call_id, start_ms);

CREATE TABLE nudges (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  call_id uuid NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  segment_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('objection_response', 'question', 'talking_point', 'data_point', 'warning',
    'upsell', 'technical', 'compliance', 'answer')),
  title text NOT NULL,
  message text NOT NULL,
  quote text NOT NULL,
  confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  reasons text[] NOT NULL,
  shown_at_ms integer NOT NULL
);
CREATE INDEX nudges_of_call ON nudges (call_id, shown_at_ms);

-- Who may be the call's agent: the highest epoch. The steward raises it, the agent of that epoch keeps it alive.
CREATE TABLE agent_leases (
  call_id uuid PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  epoch integer NOT NULL,
  dispatched_at timestamptz NOT NULL,
  heartbeat_at timestamptz -- null: the agent of this epoch has not been heard of yet
);

-- Which of our processes are alive, so that the health page can say whether a call could be held now. Belongs to the
-- installation and not to an organization, hence outside the wall; nothing about people stands here.
CREATE TABLE heartbeats (
  process_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('agent', 'steward')),
  free_calls integer NOT NULL, -- calls that it could take now; 0 for a steward
  seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON heartbeats TO parley_app;

-- The wall: rows of the organization that the transaction has set, and no others; nothing set, no rows.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['organizations', 'users', 'leads', 'question_sets', 'questions', 'calls', 'invitees',
                              'consents', 'events', 'segments', 'nudges', 'agent_leases'] LOOP
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
REVOKE UPDATE, DELETE ON events, consents FROM parley_app;

-- The few reads that must look across organizations, each a named function and nothing else.
CREATE SCHEMA lookup AUTHORIZATION parley_lookup;
GRANT USAGE ON SCHEMA lookup TO parley_app;
GRANT SELECT ON calls TO parley_lookup;
CREATE POLICY lookup_reads ON calls FOR SELECT TO parley_lookup USING (true);

CREATE FUNCTION lookup.organization_of_call(wanted uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id FROM calls WHERE id = wanted';
CREATE FUNCTION lookup.calls_that_want_an_agent() RETURNS TABLE (organization_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id, id FROM calls WHERE wanted_at IS NOT NULL AND ended_at IS NULL';
CREATE FUNCTION lookup.calls_with_open_log() RETURNS TABLE (organization_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$SELECT organization_id, id FROM calls
       WHERE log_closed_at IS NULL AND ended_at < now() - interval '10 seconds'$$;
ALTER FUNCTION lookup.calls_with_open_log() OWNER TO parley_lookup;
ALTER FUNCTION lookup.organization_of_call(uuid) OWNER TO parley_lookup;
ALTER FUNCTION lookup.calls_that_want_an_agent() OWNER TO parley_lookup;
REVOKE ALL ON FUNCTION lookup.organization_of_call(uuid), lookup.calls_that_want_an_agent(),
  lookup.calls_with_open_log() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup.organization_of_call(uuid), lookup.calls_that_want_an_agent(),
  lookup.calls_with_open_log() TO parley_app;

-- migrate: rollback
