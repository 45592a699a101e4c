-- Requests: the state machine, the two-person rule and the clock, whatever program connects (decisions 8, 17).
-- Edges and sentences come from request_edges.sql, which is generated from the domain's tables.

-- The person an identity belongs to now; nobody where the identity is unknown or the person switched off.
CREATE OR REPLACE FUNCTION bc.person_of(wanted_issuer text, wanted_subject text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id FROM bc.identity i JOIN bc.person p ON p.id = i.person
    WHERE i.issuer = wanted_issuer AND i.subject = wanted_subject AND NOT p.disabled
$$;
REVOKE ALL ON FUNCTION bc.person_of(text, text) FROM PUBLIC;

-- Whether a person holds a role, seen by the sign-on within 24 hours.
CREATE OR REPLACE FUNCTION bc.holds_role(wanted_person bigint, wanted_role text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM bc.role_assignment a JOIN bc.person p ON p.id = a.person
                   WHERE a.person = wanted_person AND a.role = wanted_role AND NOT p.disabled
                     AND a.last_seen_at > bc.now() - interval '24 hours')
$$;
REVOKE ALL ON FUNCTION bc.holds_role(bigint, text) FROM PUBLIC;

-- Tier and environment of a scope: the strictest of a group and its members. No row: unknown scope.
CREATE OR REPLACE FUNCTION bc.scope_facts(kind text, wanted text) RETURNS TABLE (tier smallint, environment text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.tier, r.environment::text FROM bc.resource r WHERE kind = 'resource' AND r.name = wanted
    UNION ALL
    SELECT least(g.tier, min(r.tier)), (array_agg(r.environment::text ORDER BY
           array_position(ARRAY['prod', 'staging', 'test', 'dev', 'demo'], r.environment::text)))[1]
    FROM bc.resource_group g JOIN bc.group_member m ON m.group_name = g.name JOIN bc.resource r ON r.name = m.resource
    WHERE kind = 'group' AND g.name = wanted GROUP BY g.name, g.tier
$$;
REVOKE ALL ON FUNCTION bc.scope_facts(text, text) FROM PUBLIC;

-- What a request's current plan still lacks, in words; empty where its rule is satisfied. Proofs are checked by the runner.
CREATE OR REPLACE FUNCTION bc.approval_missing(wanted text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    missing text;
    asked integer;
BEGIN
    SELECT * INTO STRICT r FROM bc.request WHERE id = wanted;
    IF r.breakglass IS NOT NULL AND EXISTS (SELECT FROM bc.breakglass_grant g WHERE g.id = r.breakglass
            AND g.used_by = r.id || '/' || r.plan_revision) THEN
        RETURN '';
    END IF;
    WITH counted AS (
        SELECT DISTINCT ON (p) p, v.role, v.decision
        FROM bc.vote v CROSS JOIN LATERAL bc.person_of(v.issuer, v.subject) p
        WHERE v.request = r.id AND v.plan_revision = r.plan_revision
          AND p IS NOT NULL AND p IS DISTINCT FROM bc.person_of(r.issuer, r.subject) AND bc.holds_role(p, v.role)
          AND NOT bc.schedule_editor(r.id, p)
        ORDER BY p, v.id
    ), open AS (
        SELECT n.role, n.count - count(c.p) FILTER (WHERE c.decision = 'approve') AS lacking,
               bool_or(c.decision = 'deny') AS denied
        FROM bc.policy_need n LEFT JOIN counted c ON c.role = n.role
        WHERE n.version = r.policy_version AND n.position = r.policy_position GROUP BY n.role, n.count
    )
    SELECT string_agg(CASE WHEN denied THEN 'nothing, it was denied by ' || role ELSE lacking || ' ' || role END, ' and '
                      ORDER BY role DESC) FILTER (WHERE lacking > 0 OR denied), count(*)
    INTO missing, asked FROM open;
    RETURN CASE WHEN asked = 0 THEN 'a rule' ELSE coalesce(missing, '') END;
END $$;
REVOKE ALL ON FUNCTION bc.approval_missing(text) FROM PUBLIC;

-- A request begins as a draft; number, tier, environment, rule and times are ours, whatever the writer says.
CREATE OR REPLACE FUNCTION bc.request_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
BEGIN
    -- What a schedule asks for was looked at by request_scheduled, which fires before this.
    IF NEW.schedule IS NULL AND (session_user <> 'bc_ui' OR NOT bc.holds_role(person, 'operator')) OR person IS NULL THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'operator'));
    END IF;
    SELECT f.tier, f.environment INTO NEW.tier, NEW.environment FROM bc.scope_facts(NEW.scope_kind, NEW.scope_name) f;
    IF NOT FOUND THEN
        PERFORM bc.refuse('UNKNOWN_SCOPE', jsonb_build_object('scope', NEW.scope_kind || ' ' || NEW.scope_name));
    END IF;
    SELECT p.version, p.position INTO NEW.policy_version, NEW.policy_position FROM bc.policy_rule p
    WHERE p.version = (SELECT max(version) FROM bc.policy_rule)
      AND (p.tiers = '{}' OR NEW.tier = ANY(p.tiers)) AND (p.types = '{}' OR NEW.type = ANY(p.types))
      AND (p.environments = '{}' OR NEW.environment = ANY(p.environments))
    ORDER BY p.position LIMIT 1;
    IF NOT FOUND THEN
        PERFORM bc.refuse('NO_POLICY');
    END IF;
    NEW.id := 'r-' || nextval('bc.request_number');
    NEW.state := 'Draft'; NEW.version := 0; NEW.plan_revision := 0; NEW.breakglass := NULL; NEW.expires_at := NULL;
    NEW.created_at := bc.now(); NEW.state_since := NEW.created_at; NEW.last_event := 'draft';
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.request_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_written BEFORE INSERT ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_written();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_written;

-- Every change takes one edge of the table, on the version it was decided on, in time, with what the edge asks for.
CREATE OR REPLACE FUNCTION bc.request_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment timestamptz := bc.now();
    named jsonb := jsonb_build_object('request', OLD.id, 'state', OLD.state, 'wanted', NEW.state);
    waits boolean := OLD.state IN ('PendingApproval', 'Approved', 'ReadyToStart');
    free text[] := ARRAY['state', 'version', 'plan_revision', 'state_since', 'expires_at', 'breakglass',
                         'policy_version', 'policy_position', 'tier', 'environment', 'last_event', 'last_by', 'last_reason'];
    missing text;
BEGIN
    IF (to_jsonb(NEW) - free) <> (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'What a request asks for cannot be changed.' USING ERRCODE = 'check_violation';
    ELSIF NEW.version <> OLD.version + 1 THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF waits AND OLD.expires_at <= moment AND NEW.last_event <> 'expire' THEN
        PERFORM bc.refuse('REQUEST_EXPIRED', named);
    ELSIF NOT bc.edge_exists(OLD.state, NEW.last_event, NEW.state, session_user)
          AND NOT (OLD.state = 'PendingApproval' AND NEW.state = OLD.state AND NEW.last_event = 'void') THEN
        PERFORM bc.refuse('NO_SUCH_EDGE', named);
    ELSIF NEW.last_event = 'expire' AND OLD.expires_at > moment THEN
        PERFORM bc.refuse('NO_SUCH_EDGE', named);
    END IF;
    -- A new plan, and only then, may come with another rule; both are read here, not believed.
    NEW.policy_version := OLD.policy_version; NEW.policy_position := OLD.policy_position;
    NEW.tier := OLD.tier; NEW.environment := OLD.environment;
    IF NEW.last_event IN ('submit', 'void') THEN
        IF NEW.plan_revision <> OLD.plan_revision + 1 OR NOT EXISTS (
                SELECT FROM bc.request_plan p WHERE p.request = OLD.id AND p.revision = NEW.plan_revision) THEN
            RAISE EXCEPTION 'A new plan revision needs its plan.' USING ERRCODE = 'check_violation';
        END IF;
        SELECT f.tier, f.environment INTO NEW.tier, NEW.environment FROM bc.scope_facts(NEW.scope_kind, NEW.scope_name) f;
        IF NOT FOUND THEN
            NEW.tier := OLD.tier; NEW.environment := OLD.environment;
        END IF;
        SELECT p.version, p.position INTO NEW.policy_version, NEW.policy_position FROM bc.policy_rule p
        WHERE p.version = (SELECT max(version) FROM bc.policy_rule)
          AND (p.tiers = '{}' OR NEW.tier = ANY(p.tiers)) AND (p.types = '{}' OR NEW.type = ANY(p.types))
          AND (p.environments = '{}' OR NEW.environment = ANY(p.environments))
        ORDER BY p.position LIMIT 1;
        IF NOT FOUND THEN
            NEW.policy_version := OLD.policy_version; NEW.policy_position := OLD.policy_position;
        END IF;
    ELSIF NEW.plan_revision <> OLD.plan_revision THEN
        RAISE EXCEPTION 'A plan revision changes by submitting or voiding only.' USING ERRCODE = 'check_violation';
    END IF;
    -- A no and a withdrawal stand on the word of somebody who may say it; whether it is proven the runner looks.
    IF NEW.last_event = 'deny' AND NOT EXISTS (
            SELECT FROM bc.vote v WHERE v.request = OLD.id AND v.plan_revision = OLD.plan_revision AND v.decision = 'deny') THEN
        PERFORM bc.refuse('NO_SUCH_EDGE', named);
    ELSIF NEW.last_event = 'withdraw' AND NOT EXISTS (
            SELECT FROM bc.withdrawal w WHERE w.request = OLD.id AND w.plan_revision = OLD.plan_revision) THEN
        PERFORM bc.refuse('NO_SUCH_EDGE', named);
    END IF;
    IF NEW.last_event = 'break-glass' THEN
        IF NOT EXISTS (SELECT FROM bc.breakglass_use u WHERE u.grant_id = NEW.breakglass AND u.request = OLD.id
                       AND u.plan_revision = OLD.plan_revision) OR NOT bc.word_counts('breakglass_grant', NEW.breakglass::text) THEN
            PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', NEW.breakglass));
        END IF;
        UPDATE bc.breakglass_grant g SET used_by = OLD.id || '/' || OLD.plan_revision, used_at = moment
        WHERE g.id = NEW.breakglass AND g.used_by IS NULL AND g.expires_at > moment
          AND g.scope_kind = OLD.scope_kind AND g.scope_name = OLD.scope_name;
        IF NOT FOUND THEN
            PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', NEW.breakglass));
        END IF;
    ELSIF NEW.breakglass IS DISTINCT FROM OLD.breakglass THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', NEW.breakglass));
    END IF;
    IF NEW.last_event IN ('approve', 'confirm', 'start') THEN
        missing := bc.approval_missing(OLD.id);
        IF missing <> '' THEN
            PERFORM bc.refuse('POLICY_UNSATISFIED', named || jsonb_build_object('missing', missing));
        END IF;
    END IF;
    -- Whether it was carried out meanwhile nobody here knows: what the restore forgot may be on the hosts already.
    IF NEW.last_event = 'start' AND OLD.created_at < (SELECT max(i.since) FROM bc.instance i WHERE i.incarnation > 1) THEN
        PERFORM bc.refuse('REQUEST_RESTORED', named);
    END IF;
    IF NEW.last_event IN ('confirm', 'start') AND NOT EXISTS (
            SELECT FROM bc.confirmation c WHERE c.request = OLD.id AND c.plan_revision = OLD.plan_revision) THEN
        PERFORM bc.refuse('NOT_CONFIRMED', named);
    END IF;
    NEW.state_since := CASE WHEN NEW.state = OLD.state AND NEW.last_event <> 'void' THEN OLD.state_since ELSE moment END;
    NEW.expires_at := (
        SELECT CASE NEW.state
            WHEN 'PendingApproval' THEN moment + make_interval(secs => p.pending_s)
            WHEN 'Approved' THEN greatest(moment + make_interval(secs => p.approved_s), NEW.window_end)
            WHEN 'ReadyToStart' THEN moment + make_interval(secs => p.ready_s) END
        FROM bc.policy_rule p WHERE p.version = NEW.policy_version AND p.position = NEW.policy_position);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.request_changed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_changed BEFORE UPDATE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_changed();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_changed;

-- The history writes itself.
CREATE OR REPLACE FUNCTION bc.request_remembered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO bc.request_history (request, at, version, event, before, after, by, reason)
    VALUES (NEW.id, NEW.state_since, NEW.version, NEW.last_event, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state,
            NEW.last_by, NEW.last_reason);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.request_remembered() FROM PUBLIC;
CREATE OR REPLACE TRIGGER request_remembered AFTER INSERT OR UPDATE ON bc.request
    FOR EACH ROW EXECUTE FUNCTION bc.request_remembered();
ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_remembered;

-- A plan is added for the next revision of a request that still waits, and never changes.
CREATE OR REPLACE FUNCTION bc.plan_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
BEGIN
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    IF NOT FOUND OR NEW.revision <> r.plan_revision + 1
            OR r.state NOT IN ('Draft', 'PendingApproval', 'Approved', 'ReadyToStart') THEN
        PERFORM bc.refuse('STALE_VERSION', jsonb_build_object('request', NEW.request));
    END IF;
    NEW.made_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.plan_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER plan_written BEFORE INSERT ON bc.request_plan FOR EACH ROW EXECUTE FUNCTION bc.plan_written();
ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER plan_written;

-- What was said once stays: rows of these tables are neither changed nor removed, by their owner neither.
CREATE OR REPLACE FUNCTION bc.never_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION bc.never_changed() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['vote', 'confirmation', 'request_plan', 'request_history', 'policy_rule', 'policy_need', 'breakglass_review'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.never_changed()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_changed', kept);
    END LOOP;
    FOREACH kept IN ARRAY ARRAY['request', 'breakglass_grant', 'vote', 'confirmation', 'request_plan', 'request_history', 'policy_rule',
                                'policy_need', 'breakglass_review'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_emptied', kept);
    END LOOP;
    FOREACH kept IN ARRAY ARRAY['request', 'breakglass_grant'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.never_changed()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_removed', kept);
    END LOOP;
END $$;
