-- Evidence: one pack for each request that is over, addenda in order, nothing is changed afterwards; sign-off by two
-- persons of the two sides, who did not ask (nor edit the schedule that asked), on the pack that is there.

CREATE OR REPLACE FUNCTION bc.evidence_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
BEGIN
    PERFORM bc.require_login('bc_keeper');
    SELECT * INTO STRICT r FROM bc.request WHERE id = NEW.request FOR KEY SHARE;
    IF r.state NOT IN ('Succeeded', 'Failed', 'Rejected', 'Expired', 'Cancelled') THEN
        PERFORM bc.refuse('WRONG_STATE', jsonb_build_object('request', r.id, 'state', r.state, 'wanted', 'a state that is over'));
    ELSIF NEW.digest <> encode(sha256(convert_to(NEW.manifest, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'The digest is not that of the manifest.' USING ERRCODE = 'check_violation';
    ELSIF NEW.number > 0 AND NOT EXISTS (SELECT FROM bc.evidence e WHERE e.request = NEW.request AND e.number = NEW.number - 1) THEN
        RAISE EXCEPTION 'Addenda follow one another.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.made_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.evidence_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER evidence_written BEFORE INSERT ON bc.evidence FOR EACH ROW EXECUTE FUNCTION bc.evidence_written();
ALTER TABLE bc.evidence ENABLE ALWAYS TRIGGER evidence_written;

CREATE OR REPLACE FUNCTION bc.signoff_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    wanted text := CASE NEW.side WHEN 'it' THEN 'approver-it' ELSE 'approver-business' END;
    named jsonb := jsonb_build_object('request', NEW.request, 'role', wanted, 'side', NEW.side);
BEGIN
    PERFORM bc.require_login('bc_ui');
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    IF person IS NULL OR NEW.role <> wanted OR NOT bc.holds_role(person, NEW.role) THEN
        PERFORM bc.refuse('ROLE_MISSING', named);
    ELSIF person IS NOT DISTINCT FROM bc.person_of(r.issuer, r.subject) THEN
        PERFORM bc.refuse('REQUESTER_EXCLUDED', named);
    ELSIF bc.schedule_editor(r.id, person) THEN
        PERFORM bc.refuse('EDITOR_EXCLUDED', named || jsonb_build_object('schedule', r.schedule));
    ELSIF NOT EXISTS (SELECT FROM bc.evidence e WHERE e.request = r.id AND e.number = 0) THEN
        PERFORM bc.refuse('NO_PACK', named);
    ELSIF NOT EXISTS (SELECT FROM bc.evidence e WHERE e.request = r.id AND e.number = 0 AND e.digest = NEW.digest) THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF EXISTS (SELECT FROM bc.evidence_signoff s WHERE s.request = r.id AND s.side = NEW.side) THEN
        PERFORM bc.refuse('SIGNED_OFF', named);
    ELSIF EXISTS (SELECT FROM bc.evidence_signoff s WHERE s.request = r.id AND bc.person_of(s.issuer, s.subject) = person) THEN
        PERFORM bc.refuse('SIDES_EXCLUDED', named);
    END IF;
    NEW.at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.signoff_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER signoff_written BEFORE INSERT ON bc.evidence_signoff
    FOR EACH ROW EXECUTE FUNCTION bc.signoff_written();
ALTER TABLE bc.evidence_signoff ENABLE ALWAYS TRIGGER signoff_written;

-- A finding is raised about a request that is over, and closed by somebody who may.
CREATE OR REPLACE FUNCTION bc.finding_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    closing boolean := TG_TABLE_NAME = 'finding_closed';
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    roles text[] := CASE WHEN closing THEN ARRAY['approver-it', 'approver-business', 'admin']
                         ELSE ARRAY['operator', 'approver-it', 'approver-business', 'admin'] END;
    about text;
BEGIN
    PERFORM bc.require_login('bc_ui');
    IF closing THEN
        SELECT f.request INTO about FROM bc.finding f WHERE f.id = (to_jsonb(NEW)->>'finding')::bigint;
    ELSE
        about := to_jsonb(NEW)->>'request';
    END IF;
    PERFORM FROM bc.request WHERE id = about FOR UPDATE;
    IF person IS NULL OR NOT EXISTS (SELECT FROM unnest(roles) AS held (role) WHERE bc.holds_role(person, held.role)) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', array_to_string(roles, ' or ')));
    ELSIF NOT closing AND NOT EXISTS (SELECT FROM bc.evidence e WHERE e.request = about) THEN
        PERFORM bc.refuse('NO_PACK', jsonb_build_object('request', about));
    ELSIF closing AND EXISTS (SELECT FROM bc.finding_closed c WHERE c.finding = (to_jsonb(NEW)->>'finding')::bigint) THEN
        PERFORM bc.refuse('FINDING_CLOSED', jsonb_build_object('finding', to_jsonb(NEW)->>'finding'));
    END IF;
    NEW.at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.finding_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER finding_written BEFORE INSERT ON bc.finding FOR EACH ROW EXECUTE FUNCTION bc.finding_written();
ALTER TABLE bc.finding ENABLE ALWAYS TRIGGER finding_written;
CREATE OR REPLACE TRIGGER finding_written BEFORE INSERT ON bc.finding_closed
    FOR EACH ROW EXECUTE FUNCTION bc.finding_written();
ALTER TABLE bc.finding_closed ENABLE ALWAYS TRIGGER finding_written;

-- What was said stays.
CREATE OR REPLACE FUNCTION bc.evidence_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Evidence is never changed: % on bc.% is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION bc.evidence_stays() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['evidence', 'evidence_signoff', 'finding', 'finding_closed'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER evidence_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.evidence_stays()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER evidence_stays', kept);
    END LOOP;
END $$;
