-- A row may refer only to rows of its own organization.
-- depends: 0001_first_call

-- migrate: apply

-- Foreign keys are checked past row-level security, so the organization belongs into each of them.
SET lock_timeout = '5s';

ALTER TABLE users ADD UNIQUE (organization_id, id);
ALTER TABLE leads ADD UNIQUE (organization_id, id);
ALTER TABLE question_sets ADD UNIQUE (organization_id, id);
ALTER TABLE calls ADD UNIQUE (organization_id, id);
ALTER TABLE invitees ADD UNIQUE (organization_id, id);

ALTER TABLE questions
  DROP CONSTRAINT questions_question_set_id_fkey,
  ADD CONSTRAINT questions_question_set_id_fkey FOREIGN KEY (organization_id, question_set_id)
    REFERENCES question_sets (organization_id, id) ON DELETE CASCADE;

ALTER TABLE calls
  DROP CONSTRAINT calls_owner_id_fkey,
  DROP CONSTRAINT calls_lead_id_fkey,
  DROP CONSTRAINT calls_question_set_id_fkey,
  ADD CONSTRAINT calls_owner_id_fkey FOREIGN KEY (organization_id, owner_id) REFERENCES users (organization_id, id),
  ADD CONSTRAINT calls_lead_id_fkey FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id),
  ADD CONSTRAINT calls_question_set_id_fkey FOREIGN KEY (organization_id, question_set_id)
    REFERENCES question_sets (organization_id, id);

ALTER TABLE invitees
  DROP CONSTRAINT invitees_call_id_fkey,
  ADD CONSTRAINT invitees_call_id_fkey FOREIGN KEY (organization_id, call_id)
    REFERENCES calls (organization_id, id) ON DELETE CASCADE;

ALTER TABLE consents
  DROP CONSTRAINT consents_call_id_fkey,
  DROP CONSTRAINT consents_invitee_id_fkey,
  ADD CONSTRAINT consents_call_id_fkey FOREIGN KEY (organization_id, call_id)
    REFERENCES calls (organization_id, id) ON DELETE CASCADE,
  ADD CONSTRAINT consents_invitee_id_fkey FOREIGN KEY (organization_id, invitee_id)
    REFERENCES invitees (organization_id, id) ON DELETE CASCADE;

ALTER TABLE events
  DROP CONSTRAINT events_call_id_fkey,
  ADD CONSTRAINT events_call_id_fkey FOREIGN KEY (organization_id, call_id)
    REFERENCES calls (organization_id, id) ON DELETE CASCADE;

ALTER TABLE segments
  DROP CONSTRAINT segments_call_id_fkey,
  ADD CONSTRAINT segments_call_id_fkey FOREIGN KEY (organization_id, call_id)
    REFERENCES calls (organization_id, id) ON DELETE CASCADE;

ALTER TABLE nudges
  DROP CONSTRAINT nudges_call_id_fkey,
  ADD CONSTRAINT nudges_call_id_fkey FOREIGN KEY (organization_id, call_id)
    REFERENCES calls (organization_id, id) ON DELETE CASCADE;

ALTER TABLE agent_leases
  DROP CONSTRAINT agent_leases_call_id_fkey,
  ADD CONSTRAINT agent_leases_call_id_fkey FOREIGN KEY (organization_id, call_id)
    REFERENCES calls (organization_id, id) ON DELETE CASCADE;

-- migrate: rollback
