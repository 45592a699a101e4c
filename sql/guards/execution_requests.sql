-- What a run asks of the request it belongs to. These triggers fire beside those of requests.sql, after them by name.

-- A drill says which kind it is; nothing else does.
CREATE OR REPLACE FUNCTION bc.request_drill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.type = 'drill' THEN
        NEW.drill := coalesce(NEW.drill, 'rehearsal');
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.request_drill() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_drill BEFORE INSERT ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_drill();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_drill;

-- No start while frozen, without the whole journal and every resource; afterwards no edge without the run's live epoch,
-- which whoever moves the request has shown by changing the run in the same transaction.
CREATE OR REPLACE FUNCTION bc.request_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.run;
    frozen record;
    planned jsonb;
    named jsonb := jsonb_build_object('request', OLD.id, 'state', OLD.state, 'wanted', NEW.state);
BEGIN
    SELECT * INTO r FROM bc.run WHERE request = OLD.id AND written_in = pg_current_xact_id()::text;
    IF NEW.last_event = 'start' THEN
        -- A freeze that is committed has been seen by every start that commits after it.
        LOCK TABLE bc.freeze IN SHARE MODE;
        SELECT f.since, f.reason, p.name INTO frozen FROM bc.freeze f JOIN bc.identity i USING (issuer, subject)
        JOIN bc.person p ON p.id = i.person WHERE f.thawed_at IS NULL OR NOT bc.word_counts('freeze', f.id::text) LIMIT 1;
        IF FOUND THEN
            PERFORM bc.refuse('FROZEN', jsonb_build_object('by', frozen.name, 'reason', frozen.reason, 'since',
                to_char(frozen.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')));
        END IF;
        SELECT p.plan INTO planned FROM bc.request_plan p WHERE p.request = OLD.id AND p.revision = OLD.plan_revision;
        IF r.request IS NULL OR r.plan_revision <> OLD.plan_revision
                OR coalesce(jsonb_array_length(planned->'steps'), 0) = 0
                OR (SELECT count(*) FROM bc.run_step s WHERE s.request = OLD.id) <> jsonb_array_length(planned->'steps')
                OR EXISTS (SELECT FROM jsonb_array_elements(planned->'targets') AS t
                           WHERE NOT EXISTS (SELECT FROM bc.resource_lease l WHERE l.resource = t->>'resource'
                               AND l.request = OLD.id AND l.released_at IS NULL AND l.epoch = r.epoch)) THEN
            PERFORM bc.refuse('PLAN_NOT_APPROVED', named);
        END IF;
        PERFORM bc.require_epoch(OLD.id, r.epoch);
    ELSIF NEW.last_event IN ('hold', 'resume', 'stop', 'fail', 'restore', 'complete') THEN
        IF r.request IS NULL THEN
            PERFORM bc.refuse('STALE_EPOCH', named);
        END IF;
        PERFORM bc.require_epoch(OLD.id, r.epoch);
        IF NEW.last_event = 'complete' AND r.owed <> '{}' OR NEW.last_event = 'restore' AND EXISTS (
                SELECT FROM bc.run_step s WHERE s.request = OLD.id AND s.state NOT IN ('verified', 'skipped')
                AND NOT coalesce((s.step->>'after_restore')::boolean, false)) THEN
            PERFORM bc.refuse('NO_SUCH_EDGE', named);
        END IF;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.request_run() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_run BEFORE UPDATE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_run();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_run;

-- A run that is over owns nothing.
CREATE OR REPLACE FUNCTION bc.request_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE bc.resource_lease SET released_at = bc.now() WHERE request = NEW.id AND released_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.request_over() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_over AFTER UPDATE ON bc.request FOR EACH ROW
    WHEN (NEW.state IN ('Succeeded', 'Failed') AND OLD.state NOT IN ('Succeeded', 'Failed', 'ReadyToStart'))
    EXECUTE FUNCTION bc.request_over();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_over;

-- What happened stays, for the owner too.
CREATE OR REPLACE FUNCTION bc.run_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION bc.run_kept() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['run', 'run_step', 'run_mark', 'run_event', 'run_act', 'run_term', 'precheck', 'resource_lease',
                                'freeze'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.run_kept()', kept);
        EXECUTE format('CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_removed, ENABLE ALWAYS TRIGGER never_emptied', kept);
    END LOOP;
    FOREACH kept IN ARRAY ARRAY['run_mark', 'run_event', 'run_act', 'run_term', 'precheck'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.run_kept()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_changed', kept);
    END LOOP;
END $$;
