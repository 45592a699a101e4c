-- Who may say that a component lives: the login of the process that it is, for its own rows, at the database's time. A
-- stolen password keeps no other component alive, and nothing is alive in the future.
CREATE OR REPLACE FUNCTION bc.guard_beat() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may text;
BEGIN
    may := CASE
        WHEN NEW.component = 'poller' THEN 'bc_poller'
        WHEN NEW.component = 'audit-signer' THEN 'bc_signer'
        WHEN NEW.component = 'sign-on' THEN 'bc_sign_on'
        WHEN NEW.component IN ('requests', 'dispatcher', 'schedules', 'runbooks') THEN 'bc_runner'
        WHEN NEW.component IN ('notices', 'housekeeping', 'evidence', 'waits') THEN 'bc_keeper'
    END;
    IF may IS DISTINCT FROM session_user::text THEN
        RAISE EXCEPTION '% may not say that % lives.', session_user, NEW.component USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.component, NEW.instance) <> (OLD.component, OLD.instance) THEN
        RAISE EXCEPTION 'A sign of life stays its component''s.' USING ERRCODE = 'check_violation';
    END IF;
    IF length(NEW.instance) > 200 OR pg_column_size(NEW.details) > 65536 THEN
        RAISE EXCEPTION 'A sign of life is short.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.beat_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.guard_beat() FROM PUBLIC;
CREATE OR REPLACE TRIGGER guard_beat BEFORE INSERT OR UPDATE ON bc.component_beat
    FOR EACH ROW EXECUTE FUNCTION bc.guard_beat();
ALTER TABLE bc.component_beat ENABLE ALWAYS TRIGGER guard_beat;
