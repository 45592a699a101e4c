-- A run that begins, has an effect or ends makes what was observed before too old; the poller reads these rows and looks
-- at once. Written here, so that no runner can forget it.
CREATE OR REPLACE FUNCTION bc.wish_look(names text[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO bc.look_wish AS w (resource, wished_at)
    SELECT r.name, bc.now() FROM bc.resource r WHERE r.name = ANY (names) ORDER BY r.name
    ON CONFLICT (resource) DO UPDATE SET wished_at = greatest(w.wished_at, excluded.wished_at)
$$;
REVOKE ALL ON FUNCTION bc.wish_look(text[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION bc.step_had_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND NEW.state IN ('seen', 'unknown', 'verified', 'failed')
            AND NEW.step->>'action' IN ('stop', 'move', 'rejoin', 'reprotect', 'rewind') THEN
        PERFORM bc.wish_look(ARRAY[NEW.step->>'resource']);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.step_had_effect() FROM PUBLIC;
CREATE OR REPLACE TRIGGER step_had_effect AFTER UPDATE ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.step_had_effect();
ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER step_had_effect;

CREATE OR REPLACE FUNCTION bc.run_looked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) THEN
        PERFORM bc.wish_look(ARRAY(SELECT t.value->>'resource' FROM bc.request_plan p
            CROSS JOIN LATERAL jsonb_array_elements(p.plan->'targets') t
            WHERE p.request = NEW.request AND p.revision = NEW.plan_revision));
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.run_looked() FROM PUBLIC;
CREATE OR REPLACE TRIGGER run_looked AFTER INSERT OR UPDATE ON bc.run FOR EACH ROW EXECUTE FUNCTION bc.run_looked();
ALTER TABLE bc.run ENABLE ALWAYS TRIGGER run_looked;
