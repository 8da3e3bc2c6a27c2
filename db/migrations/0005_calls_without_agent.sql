-- Calls whose agent was asked to leave: nobody in the room notices any more when everybody has gone.
-- depends: 0003_from_booking_to_mail

-- migrate: apply

CREATE FUNCTION lookup.calls_that_sent_their_agent_away() RETURNS TABLE (organization_id uuid, call_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS 'SELECT organization_id, id FROM calls WHERE wanted_at IS NOT NULL AND ended_at IS NULL AND agent_dismissed_at IS NOT NULL';
ALTER FUNCTION lookup.calls_that_sent_their_agent_away() OWNER TO parley_lookup;
REVOKE ALL ON FUNCTION lookup.calls_that_sent_their_agent_away() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup.calls_that_sent_their_agent_away() TO parley_app;

-- migrate: rollback
