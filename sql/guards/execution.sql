-- Runs: who may act and until when, in which order, on which plan, whatever program connects (decisions 5, 6, 17).
-- Edges of steps and rules of people's decisions come from execution_edges.sql, generated from the domain's tables.

-- The right to act, checked under a lock that a takeover waits for and a renewal does not. The clock is read after it.
CREATE OR REPLACE FUNCTION bc.require_epoch(wanted text, given bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    alive boolean;
BEGIN
    PERFORM bc.require_login('bc_runner');
    PERFORM FROM bc.resource_lease l WHERE l.request = wanted AND l.released_at IS NULL ORDER BY l.resource FOR KEY SHARE;
    SELECT bool_and(l.epoch = given AND l.expires_at > bc.now()) INTO alive
    FROM bc.resource_lease l WHERE l.request = wanted AND l.released_at IS NULL;
    IF alive IS NOT TRUE THEN
        PERFORM bc.refuse('STALE_EPOCH', jsonb_build_object('request', wanted));
    END IF;
END $$;
REVOKE ALL ON FUNCTION bc.require_epoch(text, bigint) FROM PUBLIC;

CREATE OR REPLACE FUNCTION bc.require_login(wanted text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF session_user <> wanted THEN
        RAISE EXCEPTION 'Only % writes this.', wanted USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE ALL ON FUNCTION bc.require_login(text) FROM PUBLIC;

-- Every right to act gets a number of its own, from one sequence that nobody else can draw from. Each incarnation of the
-- shared database has a million million of them, so that whatever a restore forgot is lower than what is drawn after it,
-- at hosts too, which compare this number only.
CREATE OR REPLACE FUNCTION bc.term_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    NEW.epoch := (SELECT max(i.incarnation) - 1 FROM bc.instance i) * 1000000000000 + nextval('bc.run_epoch');
    NEW.began_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.term_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER term_written BEFORE INSERT ON bc.run_term FOR EACH ROW EXECUTE FUNCTION bc.term_written();
ALTER TABLE bc.run_term ENABLE ALWAYS TRIGGER term_written;

-- A resource goes to another request only when it was given back, to another epoch of the same run only after expiry.
CREATE OR REPLACE FUNCTION bc.resource_lease_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment timestamptz := bc.now();
    now_in text := (SELECT state FROM bc.request WHERE id = NEW.request);
    named jsonb := jsonb_build_object('resource', NEW.resource, 'request', NEW.request, 'state', now_in);
BEGIN
    PERFORM bc.require_login('bc_runner');
    IF TG_OP = 'UPDATE' THEN
        named := named || jsonb_build_object('holder', CASE WHEN NEW.request = OLD.request THEN OLD.holder ELSE OLD.request END,
            'seconds', greatest(1, ceil(extract(epoch FROM OLD.expires_at - moment) + 0.5)));
        IF NEW.resource <> OLD.resource OR NEW.epoch < OLD.epoch THEN
            RAISE EXCEPTION 'The epoch of % only grows.', OLD.resource USING ERRCODE = 'check_violation';
        ELSIF NEW.request <> OLD.request AND OLD.released_at IS NULL THEN
            PERFORM bc.refuse('RESOURCE_BUSY', named);
        ELSIF NEW.request = OLD.request AND (OLD.released_at IS NOT NULL OR NEW.epoch = OLD.epoch AND NEW.ttl_s <> OLD.ttl_s) THEN
            PERFORM bc.refuse('STALE_EPOCH', named);
        ELSIF NEW.request <> OLD.request AND NEW.epoch = OLD.epoch THEN
            RAISE EXCEPTION 'Another run of % needs another epoch.', OLD.resource USING ERRCODE = 'check_violation';
        ELSIF NEW.request = OLD.request AND NEW.epoch > OLD.epoch
              AND (OLD.expires_at + interval '0.5 seconds' > moment OR NEW.released_at IS NOT NULL) THEN
            PERFORM bc.refuse('RUN_ALIVE', named);
        ELSIF NEW.request = OLD.request AND NEW.epoch = OLD.epoch AND NEW.released_at IS NULL AND OLD.expires_at <= moment THEN
            PERFORM bc.refuse('STALE_EPOCH', named);
        END IF;
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.request <> OLD.request)
            AND (now_in IS DISTINCT FROM 'ReadyToStart' OR NEW.released_at IS NOT NULL) THEN
        PERFORM bc.refuse('WRONG_STATE', named || jsonb_build_object('wanted', 'ReadyToStart'));
    ELSIF NEW.released_at IS NOT NULL AND now_in NOT IN ('Succeeded', 'Failed') THEN
        PERFORM bc.refuse('WRONG_STATE', named || jsonb_build_object('wanted', 'Succeeded or Failed'));
    ELSIF NEW.released_at IS NOT NULL THEN
        NEW.released_at := moment; NEW.expires_at := OLD.expires_at;
    ELSE
        NEW.expires_at := least(NEW.expires_at, moment + make_interval(secs => NEW.ttl_s));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.resource_lease_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER resource_lease_written BEFORE INSERT OR UPDATE ON bc.resource_lease
    FOR EACH ROW EXECUTE FUNCTION bc.resource_lease_written();
ALTER TABLE bc.resource_lease ENABLE ALWAYS TRIGGER resource_lease_written;

-- A run begins with a start that is ready, on the current plan, under a live lease; later changes need the lease too.
CREATE OR REPLACE FUNCTION bc.run_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    free text[] := ARRAY['epoch', 'written_in', 'owed', 'outcome', 'members', 'outage_began_at', 'restored_at',
                         'unprotected_since', 'held_because', 'ended_at'];
BEGIN
    PERFORM bc.require_epoch(NEW.request, NEW.epoch);
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
        IF r.state <> 'ReadyToStart' THEN
            PERFORM bc.refuse('WRONG_STATE', jsonb_build_object('request', r.id, 'state', r.state, 'wanted', 'ReadyToStart'));
        ELSIF r.plan_revision <> NEW.plan_revision OR NEW.ended_at IS NOT NULL OR NEW.outcome IS NOT NULL THEN
            PERFORM bc.refuse('PLAN_NOT_APPROVED', jsonb_build_object('request', r.id));
        END IF;
        NEW.started_at := bc.now();
    ELSIF (to_jsonb(NEW) - free) <> (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'Plan, start and prechecks of a run are never changed.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.written_in := pg_current_xact_id()::text;
    IF NEW.ended_at IS NOT NULL THEN
        NEW.ended_at := coalesce(OLD.ended_at, bc.now());
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.run_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER run_written BEFORE INSERT OR UPDATE ON bc.run FOR EACH ROW EXECUTE FUNCTION bc.run_written();
ALTER TABLE bc.run ENABLE ALWAYS TRIGGER run_written;

-- Leases and a journal without the start that they were made for do not stay: looked at when the transaction commits.
CREATE OR REPLACE FUNCTION bc.run_begun() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM bc.run r JOIN bc.request q ON q.id = r.request
                   WHERE r.request = NEW.request AND q.state <> 'ReadyToStart') THEN
        PERFORM bc.refuse('PLAN_NOT_APPROVED', jsonb_build_object('request', NEW.request));
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.run_begun() FROM PUBLIC;
DROP TRIGGER IF EXISTS run_begun ON bc.run;
CREATE CONSTRAINT TRIGGER run_begun AFTER INSERT ON bc.run DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bc.run_begun();
ALTER TABLE bc.run ENABLE ALWAYS TRIGGER run_begun;
DROP TRIGGER IF EXISTS run_begun ON bc.resource_lease;
CREATE CONSTRAINT TRIGGER run_begun AFTER INSERT OR UPDATE OF request ON bc.resource_lease DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bc.run_begun();
ALTER TABLE bc.resource_lease ENABLE ALWAYS TRIGGER run_begun;

-- The journal begins with the steps of the approved plan, in the transaction that starts the run, all of them planned.
CREATE OR REPLACE FUNCTION bc.step_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    planned jsonb;
BEGIN
    PERFORM bc.require_login('bc_runner');
    SELECT p.plan->'steps'->(NEW.position - 1) INTO planned FROM bc.run r JOIN bc.request q ON q.id = r.request
    JOIN bc.request_plan p ON p.request = r.request AND p.revision = r.plan_revision
    WHERE r.request = NEW.request AND r.written_in = pg_current_xact_id()::text AND q.state = 'ReadyToStart';
    IF planned IS NULL OR NEW.step <> planned OR NEW.key IS DISTINCT FROM planned->>'key' THEN
        PERFORM bc.refuse('PLAN_NOT_APPROVED', jsonb_build_object('request', NEW.request));
    END IF;
    NEW.state := 'planned'; NEW.epoch := NULL; NEW.attempts := 0; NEW.claimed_at := NULL; NEW.ended_at := NULL;
    NEW.sentence := ''; NEW.facts := '{}'; NEW.findings := '[]';
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.step_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER step_written BEFORE INSERT ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.step_written();
ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER step_written;

-- A step takes an edge of the table, under the current epoch, after everything before it. What is owed to one resource
-- after clients write again does not wait for what is owed to another.
CREATE OR REPLACE FUNCTION bc.step_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named jsonb := jsonb_build_object('request', OLD.request, 'step', OLD.key, 'state', OLD.state, 'wanted', NEW.state);
    before text;
BEGIN
    IF (NEW.request, NEW.key, NEW.position, NEW.step) IS DISTINCT FROM (OLD.request, OLD.key, OLD.position, OLD.step) THEN
        RAISE EXCEPTION 'What a step does is never changed.' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM bc.require_epoch(NEW.request, NEW.epoch);
    IF NOT bc.step_edge_exists(OLD.state, NEW.state) THEN
        PERFORM bc.refuse('NO_SUCH_STEP_EDGE', named);
    ELSIF NEW.state = 'claimed' AND OLD.state = 'claimed' AND NEW.epoch <= OLD.epoch THEN
        PERFORM bc.refuse('STEP_TAKEN', named);
    END IF;
    IF NEW.state = 'claimed' OR OLD.state = 'planned' AND NEW.state = 'waiting' THEN
        SELECT s.key INTO before FROM bc.run_step s
        WHERE s.request = OLD.request AND s.position < OLD.position AND s.state NOT IN ('verified', 'skipped')
          -- The way back of a group begins because a member's move failed.
          AND NOT (coalesce((OLD.step->>'returns')::boolean, false) AND s.state = 'failed'
                   AND NOT coalesce((s.step->>'returns')::boolean, false))
          AND NOT (coalesce((OLD.step->>'after_restore')::boolean, false)
                   AND coalesce((s.step->>'after_restore')::boolean, false)
                   AND s.step->>'resource' <> OLD.step->>'resource')
        ORDER BY s.position LIMIT 1;
        IF FOUND THEN
            PERFORM bc.refuse('STEP_BEFORE_OPEN', named || jsonb_build_object('before', before));
        END IF;
    END IF;
    NEW.attempts := OLD.attempts; NEW.claimed_at := OLD.claimed_at; NEW.ended_at := NULL;
    IF NEW.state = 'claimed' THEN
        NEW.attempts := OLD.attempts + 1; NEW.claimed_at := bc.now();
    ELSIF NEW.state IN ('verified', 'failed', 'skipped') THEN
        NEW.ended_at := bc.now();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.step_changed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER step_changed BEFORE UPDATE ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.step_changed();
ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER step_changed;

CREATE OR REPLACE FUNCTION bc.mark_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.require_epoch(NEW.request, NEW.epoch);
    NEW.recorded_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.mark_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER mark_written BEFORE INSERT ON bc.run_mark FOR EACH ROW EXECUTE FUNCTION bc.mark_written();
ALTER TABLE bc.run_mark ENABLE ALWAYS TRIGGER mark_written;

-- Lines of the log and prechecks: ours is the time.
CREATE OR REPLACE FUNCTION bc.run_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    NEW.at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.run_told() FROM PUBLIC;
CREATE OR REPLACE TRIGGER run_told BEFORE INSERT ON bc.run_event FOR EACH ROW EXECUTE FUNCTION bc.run_told();
ALTER TABLE bc.run_event ENABLE ALWAYS TRIGGER run_told;
CREATE OR REPLACE TRIGGER run_told BEFORE INSERT ON bc.precheck FOR EACH ROW EXECUTE FUNCTION bc.run_told();
ALTER TABLE bc.precheck ENABLE ALWAYS TRIGGER run_told;

-- A decision counts from the right person, on the current plan, while there is something to decide.
CREATE OR REPLACE FUNCTION bc.act_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    rule record;
    stood text;
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    named jsonb := jsonb_build_object('request', NEW.request, 'step', NEW.step);
BEGIN
    PERFORM bc.require_login('bc_ui');
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR SHARE;
    SELECT * INTO STRICT rule FROM bc.act_rule(NEW.kind);
    NEW.at := bc.now();
    SELECT s.state INTO stood FROM bc.run_step s WHERE s.request = r.id AND s.key = NEW.step;
    named := named || jsonb_build_object('state', r.state, 'wanted', array_to_string(rule.states, ' or '));
    IF person IS NULL OR NEW.role <> ALL (rule.roles) OR NOT bc.holds_role(person, NEW.role) THEN
        PERFORM bc.refuse('ROLE_MISSING', named || jsonb_build_object('role', array_to_string(rule.roles, ' or ')));
    ELSIF NOT rule.requester AND person IS NOT DISTINCT FROM bc.person_of(r.issuer, r.subject) THEN
        PERFORM bc.refuse('REQUESTER_EXCLUDED', named);
    ELSIF NOT rule.requester AND bc.schedule_editor(r.id, person) THEN
        PERFORM bc.refuse('EDITOR_EXCLUDED', named || jsonb_build_object('schedule', r.schedule));
    ELSIF r.state <> ALL (rule.states) THEN
        PERFORM bc.refuse('WRONG_STATE', named);
    ELSIF NOT EXISTS (SELECT FROM bc.request_plan p WHERE p.request = r.id AND p.revision = r.plan_revision
                      AND p.revision = NEW.plan_revision AND p.digest = NEW.plan_digest) THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF rule.note AND btrim(NEW.note) = '' THEN
        PERFORM bc.refuse('TEXT_INVALID', jsonb_build_object('field', 'note', 'most', 200));
    ELSIF (NEW.step <> '' OR rule.steps <> '{}') AND NOT EXISTS (
            SELECT FROM bc.request_plan p WHERE p.request = r.id AND p.revision = r.plan_revision
            AND p.plan->'steps' @> jsonb_build_array(jsonb_build_object('key', NEW.step))) THEN
        PERFORM bc.refuse('UNKNOWN_STEP', named);
    ELSIF rule.steps <> '{}' AND coalesce(stood <> ALL (rule.steps), true) THEN
        PERFORM bc.refuse('STEP_NOT_WAITING', named || jsonb_build_object('state', coalesce(stood, 'planned')));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.act_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER act_written BEFORE INSERT ON bc.run_act FOR EACH ROW EXECUTE FUNCTION bc.act_written();
ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER act_written;

-- The kill switch: thrown and taken back by people who may; what happened stays.
CREATE OR REPLACE FUNCTION bc.freeze_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    thaws boolean := TG_OP = 'UPDATE';
    allowed text[] := (SELECT roles FROM bc.act_rule(CASE WHEN thaws THEN 'thaw' ELSE 'freeze' END));
    person bigint := CASE WHEN thaws THEN bc.person_of(NEW.thawed_issuer, NEW.thawed_subject)
                          ELSE bc.person_of(NEW.issuer, NEW.subject) END;
    free text[] := ARRAY['thawed_at', 'thawed_issuer', 'thawed_subject', 'thaw_reason', 'thaw_proof'];
BEGIN
    PERFORM bc.require_login('bc_ui');
    IF NOT EXISTS (SELECT FROM unnest(allowed) AS held (role) WHERE bc.holds_role(person, held.role)) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', array_to_string(allowed, ' or ')));
    ELSIF NOT thaws THEN
        NEW.since := bc.now(); NEW.thawed_at := NULL; NEW.thawed_issuer := NULL; NEW.thawed_subject := NULL;
        NEW.thaw_reason := NULL; NEW.thaw_proof := NULL;
    ELSIF OLD.thawed_at IS NOT NULL AND bc.word_counts('freeze', OLD.id::text) OR NEW.thawed_at IS NULL THEN
        PERFORM bc.refuse('NOT_FROZEN');
    ELSIF (to_jsonb(NEW) - free) <> (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'Who froze, when and why is never changed.' USING ERRCODE = 'check_violation';
    ELSE
        NEW.thawed_at := bc.now();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.freeze_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER freeze_written BEFORE INSERT OR UPDATE ON bc.freeze
    FOR EACH ROW EXECUTE FUNCTION bc.freeze_written();
ALTER TABLE bc.freeze ENABLE ALWAYS TRIGGER freeze_written;
