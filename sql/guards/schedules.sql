-- Schedules: who edits them, and what may be asked in their name (FR-050..052, S2, S5).

-- Everything about one schedule happens one after the other.
CREATE OR REPLACE FUNCTION bc.schedule_turn(wanted text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.take_turn('schedule ' || wanted);
END $$;
REVOKE ALL ON FUNCTION bc.schedule_turn(text) FROM PUBLIC;

-- Whether a person made a version of the schedule up to the one that asked for this request: an editor counts as requester.
CREATE OR REPLACE FUNCTION bc.schedule_editor(wanted_request text, wanted_person bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM bc.request r JOIN bc.schedule_occurrence o ON o.schedule = r.schedule AND o.due_at = r.due_at
                   JOIN bc.schedule_version v ON v.schedule = o.schedule AND v.version <= o.version
                   JOIN bc.identity i ON i.issuer = v.issuer AND i.subject = v.subject
                   WHERE r.id = wanted_request AND i.person = wanted_person)
$$;
REVOKE ALL ON FUNCTION bc.schedule_editor(text, bigint) FROM PUBLIC;

CREATE OR REPLACE FUNCTION bc.schedule_version_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    last record;
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL
            OR NOT (bc.holds_role(person, 'operator') OR bc.holds_role(person, 'admin')) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'operator or admin'));
    END IF;
    IF NEW.version = 1 THEN
        NEW.schedule := 's-' || nextval('bc.schedule_number');
    ELSE
        PERFORM bc.schedule_turn(NEW.schedule);
        SELECT v.version, v.state INTO last FROM bc.schedule_version v WHERE v.schedule = NEW.schedule
        ORDER BY v.version DESC LIMIT 1;
        IF NOT FOUND THEN
            PERFORM bc.refuse('UNKNOWN_SCHEDULE', jsonb_build_object('schedule', NEW.schedule));
        ELSIF last.state = 'removed' THEN
            PERFORM bc.refuse('SCHEDULE_REMOVED', jsonb_build_object('schedule', NEW.schedule));
        ELSIF NEW.version <> last.version + 1 THEN
            PERFORM bc.refuse('SCHEDULE_STALE', jsonb_build_object('schedule', NEW.schedule));
        END IF;
    END IF;
    NEW.at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.schedule_version_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER schedule_version_written BEFORE INSERT ON bc.schedule_version
    FOR EACH ROW EXECUTE FUNCTION bc.schedule_version_written();
ALTER TABLE bc.schedule_version ENABLE ALWAYS TRIGGER schedule_version_written;

-- A date has come, once. A request is asked for by the version that stands, which was made before it, in time, and
-- outside every blackout.
CREATE OR REPLACE FUNCTION bc.schedule_occurrence_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v record;
    named jsonb := jsonb_build_object('schedule', NEW.schedule,
        'due', to_char(NEW.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'));
BEGIN
    PERFORM bc.require_login('bc_runner');
    PERFORM bc.schedule_turn(NEW.schedule);
    NEW.at := bc.now();
    SELECT s.version, s.state, s.at, s.catch_up_s INTO v FROM bc.schedule_version s WHERE s.schedule = NEW.schedule
    ORDER BY s.version DESC LIMIT 1;
    IF NOT FOUND OR NEW.due_at > NEW.at THEN
        PERFORM bc.refuse('DATE_NOT_DUE', named);
    ELSIF NEW.outcome = 'requested' AND (v.state <> 'active' OR NEW.version <> v.version OR NEW.due_at <= v.at
            OR NEW.at > NEW.due_at + make_interval(secs => v.catch_up_s + 60) OR EXISTS (
                SELECT FROM bc.blackout b WHERE b.ended_at IS NULL AND (b.schedule IS NULL OR b.schedule = NEW.schedule)
                AND (NEW.due_at AT TIME ZONE b.zone)::date BETWEEN b.first_day AND b.last_day)) THEN
        PERFORM bc.refuse('DATE_NOT_DUE', named);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.schedule_occurrence_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER schedule_occurrence_written BEFORE INSERT ON bc.schedule_occurrence
    FOR EACH ROW EXECUTE FUNCTION bc.schedule_occurrence_written();
ALTER TABLE bc.schedule_occurrence ENABLE ALWAYS TRIGGER schedule_occurrence_written;

CREATE OR REPLACE FUNCTION bc.schedule_notice_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    NEW.at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.schedule_notice_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER schedule_notice_written BEFORE INSERT ON bc.schedule_notice
    FOR EACH ROW EXECUTE FUNCTION bc.schedule_notice_written();
ALTER TABLE bc.schedule_notice ENABLE ALWAYS TRIGGER schedule_notice_written;

-- The runner asks in the name of a schedule for what the schedule says, as its last editor, for a date that has come.
-- request_written lets it through for this reason only.
CREATE OR REPLACE FUNCTION bc.request_scheduled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.schedule IS NULL AND NEW.due_at IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM bc.require_login('bc_runner');
    IF NOT EXISTS (
            SELECT FROM bc.schedule_occurrence o JOIN bc.schedule_version v USING (schedule, version)
            WHERE o.schedule = NEW.schedule AND o.due_at = NEW.due_at AND o.outcome = 'requested'
              AND (v.type, v.drill, v.tag, v.scope_kind, v.scope_name, v.reason, v.ticket, v.issuer, v.subject)
                  IS NOT DISTINCT FROM (NEW.type, NEW.drill, NEW.tag, NEW.scope_kind, NEW.scope_name::text, NEW.reason::text,
                                        NEW.ticket::text, NEW.issuer::text, NEW.subject::text)
              AND coalesce(v.target_site, NEW.target_site) = NEW.target_site
              AND coalesce(NEW.window_start, NEW.due_at) >= NEW.due_at) THEN
        PERFORM bc.refuse('DATE_NOT_DUE', jsonb_build_object('schedule', NEW.schedule,
            'due', to_char(NEW.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.request_scheduled() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_scheduled BEFORE INSERT ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_scheduled();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_scheduled;

-- No word given before the date counts for it: approval, grant and confirmation are younger than the date, or nothing starts.
CREATE OR REPLACE FUNCTION bc.request_occurrence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.due_at IS NOT NULL AND NEW.last_event IN ('approve', 'break-glass', 'confirm', 'start') AND (
            EXISTS (SELECT FROM bc.vote v WHERE v.request = OLD.id AND v.plan_revision = OLD.plan_revision
                    AND v.decision = 'approve' AND v.at < OLD.due_at)
            OR EXISTS (SELECT FROM bc.confirmation c WHERE c.request = OLD.id AND c.plan_revision = OLD.plan_revision
                       AND c.at < OLD.due_at)
            OR EXISTS (SELECT FROM bc.breakglass_grant g WHERE g.id = NEW.breakglass AND g.granted_at < OLD.due_at)) THEN
        PERFORM bc.refuse('APPROVAL_OLDER', jsonb_build_object('request', OLD.id,
            'due', to_char(OLD.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.request_occurrence() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_occurrence BEFORE UPDATE ON bc.request
    FOR EACH ROW EXECUTE FUNCTION bc.request_occurrence();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_occurrence;

-- Blackouts are made and ended by people who may change schedules.
CREATE OR REPLACE FUNCTION bc.blackout_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ends boolean := TG_OP = 'UPDATE';
    person bigint := CASE WHEN ends THEN bc.person_of(NEW.ended_issuer, NEW.ended_subject)
                          ELSE bc.person_of(NEW.issuer, NEW.subject) END;
    free text[] := ARRAY['ended_at', 'ended_issuer', 'ended_subject'];
BEGIN
    PERFORM bc.require_login('bc_ui');
    IF person IS NULL OR NOT (bc.holds_role(person, 'operator') OR bc.holds_role(person, 'admin')) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'operator or admin'));
    ELSIF NOT ends THEN
        PERFORM NOW() AT TIME ZONE NEW.zone;  -- an unknown zone is an error here, not when a date falls due
        NEW.at := bc.now(); NEW.ended_at := NULL; NEW.ended_issuer := NULL; NEW.ended_subject := NULL;
    ELSIF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - free) <> (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'A blackout ends once and changes in no other way.' USING ERRCODE = 'check_violation';
    ELSE
        NEW.ended_at := bc.now();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.blackout_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER blackout_written BEFORE INSERT OR UPDATE ON bc.blackout
    FOR EACH ROW EXECUTE FUNCTION bc.blackout_written();
ALTER TABLE bc.blackout ENABLE ALWAYS TRIGGER blackout_written;

-- A feed belongs to the person who made it, and ends for good.
CREATE OR REPLACE FUNCTION bc.calendar_feed_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.require_login('bc_ui');
    IF TG_OP = 'INSERT' THEN
        IF bc.person_of(NEW.issuer, NEW.subject) IS NULL THEN
            PERFORM bc.refuse('UNKNOWN_PERSON');
        END IF;
        NEW.at := bc.now(); NEW.revoked_at := NULL;
    ELSIF OLD.revoked_at IS NOT NULL OR (to_jsonb(NEW) - 'revoked_at') <> (to_jsonb(OLD) - 'revoked_at') THEN
        RAISE EXCEPTION 'A feed ends once and changes in no other way.' USING ERRCODE = 'check_violation';
    ELSE
        NEW.revoked_at := bc.now();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.calendar_feed_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER calendar_feed_written BEFORE INSERT OR UPDATE ON bc.calendar_feed
    FOR EACH ROW EXECUTE FUNCTION bc.calendar_feed_written();
ALTER TABLE bc.calendar_feed ENABLE ALWAYS TRIGGER calendar_feed_written;

-- What was said and done stays.
CREATE OR REPLACE FUNCTION bc.schedule_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION bc.schedule_kept() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['schedule_version', 'schedule_occurrence', 'schedule_notice', 'blackout', 'calendar_feed'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept()', kept);
        EXECUTE format('CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.schedule_kept()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_removed, ENABLE ALWAYS TRIGGER never_emptied', kept);
    END LOOP;
    FOREACH kept IN ARRAY ARRAY['schedule_version', 'schedule_occurrence', 'schedule_notice'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_changed', kept);
    END LOOP;
END $$;
