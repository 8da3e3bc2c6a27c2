-- Who signs in, from which device, for whom they answer, and what was done.
-- depends: 0005_calls_without_agent

-- migrate: apply

-- People. Whoever was invited has a row, a role and teams, and no way in but the invitation's link.
ALTER TABLE users
  ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'disabled')),
  ADD COLUMN time_zone text, -- null: the organization's
  ADD COLUMN title text NOT NULL DEFAULT '', -- what they are called at work, as they write it
  ADD COLUMN disabled_at timestamptz;
CREATE UNIQUE INDEX users_by_email ON users (organization_id, lower(email));

-- An account elsewhere. A person is known by issuer and subject; an e-mail address may pass to somebody else.
CREATE TABLE user_identities (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, issuer, subject),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX user_identities_of_user ON user_identities (user_id);

-- A device somebody is signed in on: one family of refresh tokens. Only the newest generation is good; an older one that
-- comes again ends the family.
CREATE TABLE devices (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  label text NOT NULL, -- browser and system, in words
  generation integer NOT NULL DEFAULT 1,
  rotated_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text CHECK (end_reason IN ('signed_out', 'ended', 'reuse', 'disabled')),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX devices_of_user ON devices (user_id, last_seen_at DESC);

-- A link by mail that signs in once. Its secret is derived and not kept.
CREATE TABLE sign_in_links (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('sign_in', 'invitation')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_in_links_of_user ON sign_in_links (user_id);

-- Its mail goes through the same outbox as all others; it belongs to no call.
ALTER TABLE emails ALTER COLUMN call_id DROP NOT NULL;
ALTER TABLE emails ADD COLUMN link_id uuid;
ALTER TABLE emails ADD CONSTRAINT emails_link_id_fkey FOREIGN KEY (organization_id, link_id)
  REFERENCES sign_in_links (organization_id, id) ON DELETE CASCADE;
ALTER TABLE emails DROP CONSTRAINT emails_kind_check;
ALTER TABLE emails ADD CONSTRAINT emails_kind_check
  CHECK (kind IN ('invite', 'agent_joined', 'summary', 'sign_in', 'invitation'));
ALTER TABLE emails ADD CONSTRAINT emails_of_a_call_or_a_link CHECK ((call_id IS NULL) = (link_id IS NOT NULL));
ALTER TABLE emails DROP CONSTRAINT emails_call_id_kind_invitee_id_user_id_key;
ALTER TABLE emails ADD CONSTRAINT emails_once UNIQUE NULLS NOT DISTINCT (call_id, kind, invitee_id, user_id, link_id);

-- Teams, and who answers for whom.
CREATE TABLE teams (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX teams_by_name ON teams (organization_id, lower(name));

CREATE TABLE team_members (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('rep', 'manager')), -- in this team: a manager of it answers for its reps
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, team_id, user_id),
  FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX team_members_of_user ON team_members (user_id);

CREATE TABLE assignments (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  manager_id uuid NOT NULL,
  rep_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, manager_id, rep_id),
  CHECK (manager_id <> rep_id),
  FOREIGN KEY (organization_id, manager_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, rep_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX assignments_of_rep ON assignments (rep_id);

-- Who was taken out of a call stays out.
ALTER TABLE invitees ADD COLUMN removed_at timestamptz;

-- The audit log: append-only, each entry chained to the one before it; domain/audit.py says how.
CREATE TABLE audit_entries (
  organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  id uuid NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'guest', 'system')),
  actor_id uuid, -- a user's or an invitee's; null: the system
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  facts jsonb NOT NULL, -- ids, roles, counts; no names, no addresses, no words
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (organization_id, seq)
);
CREATE INDEX audit_entries_of_actor ON audit_entries (organization_id, actor_id, seq DESC);
CREATE INDEX audit_entries_of_action ON audit_entries (organization_id, action, seq DESC);

CREATE TABLE audit_heads (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  hash bytea NOT NULL
);

ALTER TABLE organization_settings ADD COLUMN google_domain text; -- null: any; else only accounts of this hosted domain

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['user_identities', 'devices', 'sign_in_links', 'teams', 'team_members', 'assignments',
                              'audit_entries', 'audit_heads'] LOOP
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
REVOKE UPDATE, DELETE ON audit_entries FROM parley_app;
REVOKE DELETE ON audit_heads FROM parley_app;

-- Signing in looks across organizations: an address, an account elsewhere, a device and a link say which one it is.
GRANT SELECT ON users, user_identities, sign_in_links, devices TO parley_lookup;
CREATE POLICY lookup_reads ON users FOR SELECT TO parley_lookup USING (true);
CREATE POLICY lookup_reads ON user_identities FOR SELECT TO parley_lookup USING (true);
CREATE POLICY lookup_reads ON sign_in_links FOR SELECT TO parley_lookup USING (true);
CREATE POLICY lookup_reads ON devices FOR SELECT TO parley_lookup USING (true);

CREATE FUNCTION lookup.users_by_email(address text) RETURNS TABLE (organization_id uuid, user_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$SELECT organization_id, id FROM users WHERE lower(email) = lower(address) AND status <> 'disabled'
       ORDER BY created_at LIMIT 20$$;
CREATE FUNCTION lookup.users_by_identity(wanted_issuer text, wanted_subject text)
  RETURNS TABLE (organization_id uuid, user_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id, user_id FROM user_identities WHERE issuer = wanted_issuer AND subject = wanted_subject LIMIT 20';
CREATE FUNCTION lookup.organization_of_sign_in_link(wanted uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id FROM sign_in_links WHERE id = wanted';
CREATE FUNCTION lookup.organization_of_device(wanted uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id FROM devices WHERE id = wanted';
CREATE FUNCTION lookup.audited_organizations() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id FROM audit_heads';
GRANT SELECT ON audit_heads TO parley_lookup;
CREATE POLICY lookup_reads ON audit_heads FOR SELECT TO parley_lookup USING (true);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['users_by_email(text)', 'users_by_identity(text, text)', 'organization_of_sign_in_link(uuid)',
                              'organization_of_device(uuid)', 'audited_organizations()'] LOOP
    EXECUTE format('ALTER FUNCTION lookup.%s OWNER TO parley_lookup', name);
    EXECUTE format('REVOKE ALL ON FUNCTION lookup.%s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION lookup.%s TO parley_app', name);
  END LOOP;
END
$$;

-- How often something may be asked for, by a hashed key: the same count for every API process. It belongs to the
-- installation, stands outside the wall and is reached through the one function. Lost in a crash, on purpose.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'parley_limiter') THEN
    CREATE ROLE parley_limiter NOLOGIN;
  END IF;
END
$$;
GRANT parley_limiter TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO parley_limiter;
CREATE UNLOGGED TABLE rate_limits (
  key bytea PRIMARY KEY,
  free_at timestamptz NOT NULL -- when the whole allowance is there again
);
CREATE INDEX rate_limits_by_age ON rate_limits (free_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO parley_limiter;
CREATE SCHEMA limits AUTHORIZATION parley_limiter;
GRANT USAGE ON SCHEMA limits TO parley_app;
-- One step of the generic cell rate algorithm. Returns 0 when it may be done, else the seconds until it may.
CREATE FUNCTION limits.take(wanted bytea, every interval, burst integer) RETURNS double precision
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    was timestamptz;
    now_at timestamptz := clock_timestamp();
    next_at timestamptz;
  BEGIN
    INSERT INTO rate_limits (key, free_at) VALUES (wanted, now_at) ON CONFLICT (key) DO NOTHING;
    SELECT free_at INTO was FROM rate_limits WHERE key = wanted FOR UPDATE;
    next_at := greatest(was, now_at) + every;
    IF next_at - now_at > every * burst THEN
      RETURN extract(epoch FROM next_at - now_at - every * burst);
    END IF;
    UPDATE rate_limits SET free_at = next_at WHERE key = wanted;
    RETURN 0;
  END
  $$;
CREATE FUNCTION limits.forget_old() RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$WITH gone AS (DELETE FROM rate_limits WHERE free_at < now() RETURNING 1) SELECT count(*) FROM gone$$;
ALTER FUNCTION limits.take(bytea, interval, integer) OWNER TO parley_limiter;
ALTER FUNCTION limits.forget_old() OWNER TO parley_limiter;
REVOKE ALL ON FUNCTION limits.take(bytea, interval, integer), limits.forget_old() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION limits.take(bytea, interval, integer), limits.forget_old() TO parley_app;

-- migrate: rollback
