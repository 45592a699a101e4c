-- Made by `bcctl db schema` from sql/migrations, sql/guards and sql/grants; do not edit.
--
-- PostgreSQL database dump
--

--
-- Name: bc; Type: SCHEMA; Schema: -; Owner: bc_guard_owner
--

CREATE SCHEMA bc;

ALTER SCHEMA bc OWNER TO bc_guard_owner;

--
-- Name: environment; Type: DOMAIN; Schema: bc; Owner: bc_guard_owner
--

CREATE DOMAIN bc.environment AS text
	CONSTRAINT environment_check CHECK ((VALUE = ANY (ARRAY['prod'::text, 'staging'::text, 'test'::text, 'dev'::text, 'demo'::text])));

ALTER DOMAIN bc.environment OWNER TO bc_guard_owner;

--
-- Name: line; Type: DOMAIN; Schema: bc; Owner: bc_guard_owner
--

CREATE DOMAIN bc.line AS text
	CONSTRAINT line_check CHECK ((((length(VALUE) >= 1) AND (length(VALUE) <= 200)) AND (VALUE !~ '[[:cntrl:]]'::text)));

ALTER DOMAIN bc.line OWNER TO bc_guard_owner;

--
-- Name: name; Type: DOMAIN; Schema: bc; Owner: bc_guard_owner
--

CREATE DOMAIN bc.name AS text
	CONSTRAINT name_check CHECK (((length(VALUE) <= 63) AND (VALUE ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text)));

ALTER DOMAIN bc.name OWNER TO bc_guard_owner;

--
-- Name: role; Type: DOMAIN; Schema: bc; Owner: bc_guard_owner
--

CREATE DOMAIN bc.role AS text
	CONSTRAINT role_check CHECK ((VALUE = ANY (ARRAY['viewer'::text, 'operator'::text, 'approver-it'::text, 'approver-business'::text, 'admin'::text])));

ALTER DOMAIN bc.role OWNER TO bc_guard_owner;

--
-- Name: seconds; Type: DOMAIN; Schema: bc; Owner: bc_guard_owner
--

CREATE DOMAIN bc.seconds AS double precision
	CONSTRAINT seconds_check CHECK (((VALUE > (0)::double precision) AND (VALUE < 'Infinity'::double precision)));

ALTER DOMAIN bc.seconds OWNER TO bc_guard_owner;

--
-- Name: status; Type: TYPE; Schema: bc; Owner: bc_guard_owner
--

CREATE TYPE bc.status AS ENUM (
    'green',
    'yellow',
    'never_seen',
    'stale',
    'blind',
    'red'
);

ALTER TYPE bc.status OWNER TO bc_guard_owner;

--
-- Name: act_rule(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.act_rule(wanted text) RETURNS TABLE(roles text[], requester boolean, states text[], steps text[], note boolean)
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT r.roles, r.requester, r.states, r.steps, r.note FROM (VALUES
        ('stop', CAST(ARRAY['operator', 'approver-it', 'admin'] AS text[]), true, CAST(ARRAY['Running', 'Held'] AS text[]), CAST(ARRAY[] AS text[]), false),
        ('resolve', CAST(ARRAY['operator', 'approver-it'] AS text[]), true, CAST(ARRAY['Running', 'Held', 'ServiceRestored'] AS text[]), CAST(ARRAY['unknown'] AS text[]), false),
        ('attest', CAST(ARRAY['operator', 'approver-it'] AS text[]), true, CAST(ARRAY['Running', 'Held', 'ServiceRestored'] AS text[]), CAST(ARRAY['waiting'] AS text[]), true),
        ('waive', CAST(ARRAY['approver-it'] AS text[]), false, CAST(ARRAY['PendingApproval', 'Approved', 'ReadyToStart', 'Running', 'Held', 'ServiceRestored'] AS text[]), CAST(ARRAY[] AS text[]), true),
        ('override', CAST(ARRAY['approver-it'] AS text[]), false, CAST(ARRAY['PendingApproval', 'Approved', 'ReadyToStart'] AS text[]), CAST(ARRAY[] AS text[]), true),
        ('consent', CAST(ARRAY['operator'] AS text[]), true, CAST(ARRAY['PendingApproval', 'Approved', 'ReadyToStart'] AS text[]), CAST(ARRAY[] AS text[]), false),
        ('allow', CAST(ARRAY['approver-it', 'approver-business'] AS text[]), false, CAST(ARRAY['Running', 'Held', 'ServiceRestored'] AS text[]), CAST(ARRAY['planned', 'waiting'] AS text[]), false),
        ('end-hold', CAST(ARRAY['operator'] AS text[]), true, CAST(ARRAY['Running', 'Held', 'ServiceRestored'] AS text[]), CAST(ARRAY['claimed', 'waiting'] AS text[]), false),
        ('acknowledge', CAST(ARRAY['operator'] AS text[]), true, CAST(ARRAY['PendingApproval', 'Approved', 'ReadyToStart'] AS text[]), CAST(ARRAY[] AS text[]), true),
        ('freeze', CAST(ARRAY['operator', 'approver-it', 'admin'] AS text[]), true, CAST(ARRAY[] AS text[]), CAST(ARRAY[] AS text[]), false),
        ('thaw', CAST(ARRAY['admin'] AS text[]), true, CAST(ARRAY[] AS text[]), CAST(ARRAY[] AS text[]), false)) AS r (name, roles, requester, states, steps, note)
    WHERE r.name = wanted
$$;

ALTER FUNCTION bc.act_rule(wanted text) OWNER TO bc_guard_owner;

--
-- Name: act_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.act_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.act_written() OWNER TO bc_guard_owner;

--
-- Name: apply_inventory_change(bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.apply_inventory_change(wanted bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    newest bigint := bc.change_alone('inventory');
    p bc.change_proposal := bc.change_agreed(wanted, 'inventory', newest);
    rows jsonb;
    each text;
    -- Rows that others refer to are changed in place; the rest is written anew.
    named text[] := ARRAY['site', 'resource', 'resource_group', 'channel'];
    leaves text := 'DELETE FROM bc.%1$I t WHERE NOT EXISTS (SELECT FROM jsonb_array_elements($1) r WHERE r->>''name'' = t.name)';
    who text;
BEGIN
    IF bc.inventory_trouble(p.document) <> '' THEN
        PERFORM bc.refuse('INVENTORY_UNSAFE', jsonb_build_object('trouble', bc.inventory_trouble(p.document)));
    END IF;
    rows := p.document::jsonb->'rows';
    FOR each IN SELECT t FROM unnest(bc.inventory_tables()) WITH ORDINALITY u(t, n) ORDER BY n DESC LOOP
        IF each = ANY (named) AND each <> 'site' THEN
            EXECUTE format(leaves, each) USING rows->each;
        ELSIF each <> 'site' THEN
            EXECUTE format('DELETE FROM bc.%I', each);
        END IF;
    END LOOP;
    FOR each IN SELECT t FROM unnest(bc.inventory_tables()) WITH ORDINALITY u(t, n) ORDER BY n LOOP
        EXECUTE format('INSERT INTO bc.%1$I SELECT * FROM jsonb_populate_recordset(NULL::bc.%1$I, $1) %2$s', each,
            CASE WHEN each = ANY (named) THEN (
                SELECT 'ON CONFLICT (name) DO UPDATE SET ' || string_agg(format('%1$I = excluded.%1$I', a.attname), ', ')
                FROM pg_attribute a WHERE a.attrelid = to_regclass('bc.' || each) AND a.attnum > 0 AND NOT a.attisdropped
                    AND a.attname <> 'name') END) USING rows->each;
    END LOOP;
    EXECUTE format(leaves, 'site') USING rows->'site';
    SELECT string_agg(bc_name.name, ' and ' ORDER BY bc_name.place) INTO who FROM (
        SELECT i.name, 1 AS place FROM bc.person i WHERE i.id = bc.person_of(p.issuer, p.subject)
        UNION ALL SELECT i.name, 2 FROM bc.change_decision d JOIN bc.person i ON i.id = bc.person_of(d.issuer, d.subject)
        WHERE d.proposal = wanted) bc_name;
    UPDATE bc.inventory_revision SET revision = newest + 1, changed_at = bc.now();
    PERFORM set_config('bc.audit_channel', 'job', true);
    INSERT INTO bc.inventory_change (revision, at, actor, summary, before, after)
    VALUES (newest + 1, bc.now(), who, format('Proposal %s, made from revision %s.', wanted, newest),
            coalesce((SELECT c.after FROM bc.inventory_change c WHERE c.revision = newest), '{}'), p.document::jsonb->'inventory');
    INSERT INTO bc.change_outcome (proposal, outcome, version, at) VALUES (wanted, 'applied', newest + 1, bc.now());
    RETURN newest + 1;
END $_$;

ALTER FUNCTION bc.apply_inventory_change(wanted bigint) OWNER TO bc_guard_owner;

--
-- Name: apply_policy_change(bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.apply_policy_change(wanted bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    newest integer := bc.change_alone('policy');
    p bc.change_proposal := bc.change_agreed(wanted, 'policy', newest);
BEGIN
    IF bc.policy_trouble(p.document) <> '' THEN
        PERFORM bc.refuse('POLICY_UNSAFE', jsonb_build_object('trouble', bc.policy_trouble(p.document)));
    END IF;
    INSERT INTO bc.policy_rule (version, position, name, tiers, types, environments, ticket_required, ticket_pattern,
                                pending_s, approved_s, ready_s, in_blackout)
    SELECT newest + 1, r.ordinality, r.value->>'name', ARRAY(SELECT v::smallint FROM jsonb_array_elements_text(r.value->'tiers') v),
           ARRAY(SELECT jsonb_array_elements_text(r.value->'types')), ARRAY(SELECT jsonb_array_elements_text(r.value->'environments')),
           (r.value->>'ticket_required')::boolean, r.value->>'ticket_pattern', (r.value->>'pending_s')::double precision,
           (r.value->>'approved_s')::double precision, (r.value->>'ready_s')::double precision,
           coalesce(r.value->>'in_blackout', 'forbid')
    FROM jsonb_array_elements(p.document::jsonb->'rules') WITH ORDINALITY r;
    INSERT INTO bc.policy_need (version, position, role, count)
    SELECT newest + 1, r.ordinality, n->>'role', (n->>'count')::integer
    FROM jsonb_array_elements(p.document::jsonb->'rules') WITH ORDINALITY r, jsonb_array_elements(r.value->'needs') n;
    INSERT INTO bc.change_outcome (proposal, outcome, version, at) VALUES (wanted, 'applied', newest + 1, bc.now());
    RETURN newest + 1;
END $$;

ALTER FUNCTION bc.apply_policy_change(wanted bigint) OWNER TO bc_guard_owner;

--
-- Name: approval_missing(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.approval_missing(wanted text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.approval_missing(wanted text) OWNER TO bc_guard_owner;

--
-- Name: audit_inventory_change(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.audit_inventory_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    changes jsonb := bc.config_changed(NEW.before, NEW.after);
BEGIN
    PERFORM bc_audit.append(jsonb_build_object(
        'kind', 'recorded', 'verb', 'inventory.change', 'outcome', 'changed',
        'actor', coalesce(nullif(current_setting('bc.audit_actor', true), '')::jsonb, jsonb_build_object('name', NEW.actor)),
        'channel', coalesce(nullif(current_setting('bc.audit_channel', true), ''), 'unknown'),
        'members', (SELECT coalesce(jsonb_agg(substr(key, 11)), '[]') FROM jsonb_object_keys(changes) key WHERE key LIKE 'resources/%'),
        'payload', jsonb_build_object('revision', NEW.revision, 'summary', NEW.summary, 'changes', changes, 'rows', NEW.differs)));
    RETURN NULL;
END $$;

ALTER FUNCTION bc.audit_inventory_change() OWNER TO bc_guard_owner;

--
-- Name: audit_word(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.audit_word() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
    thaw boolean := TG_TABLE_NAME = 'freeze';
    shown jsonb := said->CASE WHEN thaw THEN 'thaw_proof' ELSE 'proof' END;
BEGIN
    PERFORM bc_audit.append(jsonb_build_object(
        'kind', 'recorded', 'verb', 'word.stored', 'channel', 'database',
        'outcome', CASE WHEN thaw THEN 'thaw' ELSE coalesce(said->>'decision', said->>'kind', TG_TABLE_NAME) END,
        'actor', jsonb_build_object('issuer', said->CASE WHEN thaw THEN 'thawed_issuer' ELSE 'issuer' END,
            'subject', said->CASE WHEN thaw THEN 'thawed_subject' ELSE 'subject' END,
            'name', said->>CASE WHEN thaw THEN 'thawed_subject' ELSE 'subject' END),
        'request_id', said->'request',
        'payload', jsonb_strip_nulls(jsonb_build_object('table', TG_TABLE_NAME, 'row', said->'id', 'grant', said->'grant_id',
            'revision', said->'plan_revision', 'proof', shown->'key_id', 'signature', left(shown->>'signature', 128)))));
    RETURN NULL;
END $$;

ALTER FUNCTION bc.audit_word() OWNER TO bc_guard_owner;

--
-- Name: blackout_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.blackout_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.blackout_written() OWNER TO bc_guard_owner;

--
-- Name: calendar_feed_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.calendar_feed_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.calendar_feed_written() OWNER TO bc_guard_owner;

--
-- Name: can_be_moved(text[]); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.can_be_moved(names text[]) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT coalesce(bool_or(r.execution IS NOT NULL), false)
    FROM (SELECT execution FROM bc.resource WHERE name = ANY(names) ORDER BY name FOR SHARE) r
$$;

ALTER FUNCTION bc.can_be_moved(names text[]) OWNER TO bc_guard_owner;

--
-- Name: now(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.now() RETURNS timestamp with time zone
    LANGUAGE sql PARALLEL SAFE
    AS $$SELECT pg_catalog.clock_timestamp()$$;

ALTER FUNCTION bc.now() OWNER TO bc_guard_owner;

--
-- Name: FUNCTION now(); Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON FUNCTION bc.now() IS 'The clock that decides expiry and leases. Only test databases replace it.';

--
-- Name: change_proposal; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.change_proposal (
    id bigint CONSTRAINT policy_proposal_id_not_null NOT NULL,
    base_version bigint CONSTRAINT policy_proposal_base_version_not_null NOT NULL,
    document text CONSTRAINT policy_proposal_document_not_null NOT NULL,
    digest text CONSTRAINT policy_proposal_digest_not_null NOT NULL,
    issuer bc.line CONSTRAINT policy_proposal_issuer_not_null NOT NULL,
    subject bc.line CONSTRAINT policy_proposal_subject_not_null NOT NULL,
    at timestamp with time zone DEFAULT bc.now() CONSTRAINT policy_proposal_at_not_null NOT NULL,
    expires_at timestamp with time zone CONSTRAINT policy_proposal_expires_at_not_null NOT NULL,
    channel text CONSTRAINT policy_proposal_channel_not_null NOT NULL,
    signed_in_how text CONSTRAINT policy_proposal_signed_in_how_not_null NOT NULL,
    signed_in_at timestamp with time zone CONSTRAINT policy_proposal_signed_in_at_not_null NOT NULL,
    mfa text[] DEFAULT '{}'::text[] CONSTRAINT policy_proposal_mfa_not_null NOT NULL,
    proof jsonb CONSTRAINT policy_proposal_proof_not_null NOT NULL,
    topic text NOT NULL,
    CONSTRAINT change_proposal_base_version_check CHECK ((base_version >= 0)),
    CONSTRAINT change_proposal_document_check CHECK (((octet_length(document) >= 2) AND (octet_length(document) <=
CASE topic
    WHEN 'policy'::text THEN 100000
    ELSE 50000000
END))),
    CONSTRAINT change_proposal_topic_check CHECK ((topic = ANY (ARRAY['policy'::text, 'inventory'::text]))),
    CONSTRAINT policy_proposal_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT policy_proposal_id_check CHECK ((id > 0))
);

ALTER TABLE bc.change_proposal OWNER TO bc_guard_owner;

--
-- Name: TABLE change_proposal; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.change_proposal IS 'What one administrator wants of the policy or the inventory. `document` is JSON, `digest` its SHA-256; base_version: the version it was made from.';

--
-- Name: change_agreed(bigint, text, bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.change_agreed(wanted bigint, about text, newest bigint) RETURNS bc.change_proposal
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    p bc.change_proposal := bc.change_open(wanted);
    d bc.change_decision;
    proposer bigint := bc.person_of(p.issuer, p.subject);
    second bigint;
    named jsonb := jsonb_build_object('topic', about, 'proposal', wanted);
BEGIN
    SELECT * INTO d FROM bc.change_decision WHERE proposal = wanted;
    second := bc.person_of(d.issuer, d.subject);
    IF session_user <> 'bc_runner' THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'bc_runner'));
    ELSIF p.topic <> about THEN
        PERFORM bc.refuse('UNKNOWN_PROPOSAL', named);
    ELSIF d.decision IS DISTINCT FROM 'agree' THEN
        PERFORM bc.refuse('NOT_AGREED', named);
    ELSIF p.expires_at <= bc.now() THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    ELSIF p.base_version <> newest THEN
        PERFORM bc.refuse('PROPOSAL_STALE', named);
    ELSIF proposer IS NULL OR second IS NULL OR NOT bc.holds_role(proposer, 'admin') OR NOT bc.holds_role(second, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    ELSIF proposer = second THEN
        PERFORM bc.refuse('PROPOSER_EXCLUDED', named);
    ELSIF p.digest <> encode(sha256(convert_to(p.document, 'UTF8')), 'hex') OR d.digest <> p.digest THEN
        PERFORM bc.refuse('PROPOSAL_DIGEST', named);
    END IF;
    RETURN p;
END $$;

ALTER FUNCTION bc.change_agreed(wanted bigint, about text, newest bigint) OWNER TO bc_guard_owner;

--
-- Name: change_alone(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.change_alone(topic text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    newest bigint;
BEGIN
    PERFORM FROM bc.policy_rule ORDER BY version, position LIMIT 1 FOR NO KEY UPDATE;
    IF topic = 'inventory' THEN
        SELECT revision INTO newest FROM bc.inventory_revision FOR NO KEY UPDATE;
    ELSE
        newest := (SELECT max(version) FROM bc.policy_rule);
    END IF;
    RETURN newest;
END $$;

ALTER FUNCTION bc.change_alone(topic text) OWNER TO bc_guard_owner;

--
-- Name: change_decided(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.change_decided() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    p bc.change_proposal;
    named jsonb;
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    END IF;
    p := bc.change_open(NEW.proposal);
    named := jsonb_build_object('topic', p.topic, 'proposal', NEW.proposal);
    NEW.at := bc.now();
    IF EXISTS (SELECT FROM bc.change_decision d WHERE d.proposal = NEW.proposal) OR p.expires_at <= NEW.at THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    ELSIF NEW.digest <> p.digest THEN
        PERFORM bc.refuse('PROPOSAL_DIGEST', named);
    ELSIF NEW.decision = 'agree' AND p.base_version <> (CASE p.topic
            WHEN 'policy' THEN (SELECT max(version) FROM bc.policy_rule) ELSE (SELECT revision FROM bc.inventory_revision) END) THEN
        PERFORM bc.refuse('PROPOSAL_STALE', named);
    ELSIF NEW.decision = 'agree' AND (person = bc.person_of(p.issuer, p.subject) OR bc.person_of(p.issuer, p.subject) IS NULL) THEN
        PERFORM bc.refuse('PROPOSER_EXCLUDED', named);
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.change_decided() OWNER TO bc_guard_owner;

--
-- Name: change_open(bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.change_open(wanted bigint) RETURNS bc.change_proposal
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    p bc.change_proposal;
BEGIN
    SELECT * INTO p FROM bc.change_proposal WHERE id = wanted FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM bc.refuse('UNKNOWN_PROPOSAL', jsonb_build_object('topic', 'such', 'proposal', wanted));
    ELSIF EXISTS (SELECT FROM bc.change_outcome o WHERE o.proposal = wanted) THEN
        PERFORM bc.refuse('PROPOSAL_OVER', jsonb_build_object('topic', p.topic, 'proposal', wanted));
    END IF;
    RETURN p;
END $$;

ALTER FUNCTION bc.change_open(wanted bigint) OWNER TO bc_guard_owner;

--
-- Name: change_proposed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.change_proposed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    newest bigint := bc.change_alone(NEW.topic);
    trouble text;
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    ELSIF NEW.base_version <> newest OR NEW.id <> 1 + coalesce((SELECT max(p.id) FROM bc.change_proposal p), 0) THEN
        PERFORM bc.refuse('PROPOSAL_STALE', jsonb_build_object('topic', NEW.topic));
    ELSIF NEW.digest <> encode(sha256(convert_to(NEW.document, 'UTF8')), 'hex') THEN
        PERFORM bc.refuse('PROPOSAL_DIGEST', jsonb_build_object('topic', NEW.topic, 'proposal', NEW.id));
    END IF;
    BEGIN
        trouble := CASE NEW.topic WHEN 'policy' THEN bc.policy_trouble(NEW.document) ELSE bc.inventory_trouble(NEW.document) END;
    EXCEPTION WHEN data_exception THEN
        trouble := 'it cannot be read';
    END;
    IF trouble <> '' THEN
        PERFORM bc.refuse(upper(NEW.topic) || '_UNSAFE', jsonb_build_object('trouble', trouble));
    END IF;
    NEW.at := bc.now();
    NEW.expires_at := NEW.at + interval '7 days';
    RETURN NEW;
END $$;

ALTER FUNCTION bc.change_proposed() OWNER TO bc_guard_owner;

--
-- Name: config_changed(jsonb, jsonb); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.config_changed(before jsonb, after jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT coalesce(jsonb_object_agg(part, jsonb_build_object('before', b.said, 'after', a.said)), '{}')
    FROM bc.config_parts(before) b FULL JOIN bc.config_parts(after) a USING (part) WHERE b.said IS DISTINCT FROM a.said
$$;

ALTER FUNCTION bc.config_changed(before jsonb, after jsonb) OWNER TO bc_guard_owner;

--
-- Name: config_parts(jsonb); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.config_parts(config jsonb) RETURNS TABLE(part text, said jsonb)
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    WITH sections AS (
        SELECT key, value, jsonb_typeof(value) = 'array' AND value <> '[]' AND NOT jsonb_path_exists(value, '$[*] ? (!exists(@.name))') AS named
        FROM jsonb_each(config))
    SELECT key || '/' || (item->>'name'), item
        FROM sections, jsonb_array_elements(CASE WHEN named THEN value ELSE '[]' END) AS item WHERE named
    UNION ALL SELECT key, value FROM sections WHERE NOT named AND value NOT IN ('[]', 'null')
$_$;

ALTER FUNCTION bc.config_parts(config jsonb) OWNER TO bc_guard_owner;

--
-- Name: confirmation_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.confirmation_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    r bc.request;
    person bigint;
    phrase text;
    broken bigint;
    named jsonb := jsonb_build_object('request', NEW.request, 'role', 'operator', 'wanted', 'Approved');
BEGIN
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    NEW.at := bc.now();
    person := bc.person_of(NEW.issuer, NEW.subject);
    phrase := upper(r.type) || ' ' || r.scope_name || ' TO ' || r.target_site;
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'operator') THEN
        PERFORM bc.refuse('ROLE_MISSING', named);
    ELSIF r.state IS DISTINCT FROM 'Approved' THEN
        PERFORM bc.refuse('WRONG_STATE', named || jsonb_build_object('state', r.state));
    ELSIF r.expires_at <= NEW.at THEN
        PERFORM bc.refuse('REQUEST_EXPIRED', named);
    ELSIF NEW.plan_revision <> r.plan_revision THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF NEW.phrase IS DISTINCT FROM phrase THEN
        PERFORM bc.refuse('PHRASE_WRONG', named || jsonb_build_object('phrase', phrase));
    ELSIF bc.key_too_new(NEW.proof, r.created_at) THEN
        PERFORM bc.refuse('KEY_TOO_NEW', named);
    END IF;
    -- Who broke the glass for this plan goes through with it; another operator's confirmation is no part of that word.
    SELECT g.id INTO broken FROM bc.breakglass_grant g WHERE g.id = r.breakglass
        AND g.used_by = r.id || '/' || r.plan_revision AND bc.holds_role(bc.person_of(g.issuer, g.subject), 'operator')
        AND person IS DISTINCT FROM bc.person_of(g.issuer, g.subject);
    IF FOUND THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', broken));
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.confirmation_written() OWNER TO bc_guard_owner;

--
-- Name: drop_old(integer, integer); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.drop_old(raw_days integer, bucket_months integer) RETURNS TABLE(what text, dropped bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '5s'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
    raw_limit timestamptz;
    bucket_limit timestamptz;
    part record;
BEGIN
    IF raw_days IS NULL OR raw_days < 1 OR bucket_months IS NULL OR bucket_months < 1 THEN
        RAISE EXCEPTION 'At least one day of raw data and one month of buckets is kept.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    raw_limit := bc.now() - make_interval(days => raw_days);
    bucket_limit := bc.now() - make_interval(months => bucket_months);
    PERFORM bc.take_turn('partitions');
    dropped := 0;
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('bc.observation'::regclass, 'bc.trend_minute'::regclass) AND c.relname ~ '_[0-9]{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= raw_limit ORDER BY 1 LOOP
        EXECUTE format('DROP TABLE bc.%I', part.relname);
        dropped := dropped + 1;
    END LOOP;
    what := 'partitions'; RETURN NEXT;
    DELETE FROM bc.observation_default WHERE observed_at < raw_limit;
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'observations'; RETURN NEXT;
    DELETE FROM bc.trend_minute_default WHERE start < raw_limit;
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'minutes'; RETURN NEXT;
    DELETE FROM bc.trend_hour WHERE start < bucket_limit;
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'hours'; RETURN NEXT;
    DELETE FROM bc.status_change WHERE at < bucket_limit;
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'status changes'; RETURN NEXT;
    DELETE FROM bc.outbox WHERE delivered_at < raw_limit OR dead_at < raw_limit;
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'notices'; RETURN NEXT;
    DELETE FROM bc.component_beat WHERE beat_at < raw_limit;
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'beats'; RETURN NEXT;
    DELETE FROM bc.signed_out WHERE until < bc.now() - interval '1 day';
    GET DIAGNOSTICS dropped = ROW_COUNT; what := 'sign-outs'; RETURN NEXT;
END $_$;

ALTER FUNCTION bc.drop_old(raw_days integer, bucket_months integer) OWNER TO bc_guard_owner;

--
-- Name: edge_exists(text, text, text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.edge_exists(source text, event text, target text, login text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT (source, event, target, login) IN (VALUES
        ('Draft', 'submit', 'PendingApproval', 'bc_ui'),
        ('Draft', 'submit', 'PendingApproval', 'bc_runner'),
        ('PendingApproval', 'approve', 'Approved', 'bc_ui'),
        ('PendingApproval', 'break-glass', 'Approved', 'bc_ui'),
        ('PendingApproval', 'deny', 'Rejected', 'bc_ui'),
        ('PendingApproval', 'expire', 'Expired', 'bc_ui'),
        ('PendingApproval', 'expire', 'Expired', 'bc_runner'),
        ('PendingApproval', 'withdraw', 'Cancelled', 'bc_ui'),
        ('Approved', 'confirm', 'ReadyToStart', 'bc_ui'),
        ('Approved', 'expire', 'Expired', 'bc_ui'),
        ('Approved', 'expire', 'Expired', 'bc_runner'),
        ('Approved', 'withdraw', 'Cancelled', 'bc_ui'),
        ('Approved', 'void', 'PendingApproval', 'bc_ui'),
        ('Approved', 'void', 'PendingApproval', 'bc_runner'),
        ('ReadyToStart', 'start', 'Running', 'bc_runner'),
        ('ReadyToStart', 'expire', 'Expired', 'bc_ui'),
        ('ReadyToStart', 'expire', 'Expired', 'bc_runner'),
        ('ReadyToStart', 'withdraw', 'Cancelled', 'bc_ui'),
        ('ReadyToStart', 'void', 'PendingApproval', 'bc_ui'),
        ('ReadyToStart', 'void', 'PendingApproval', 'bc_runner'),
        ('ReadyToStart', 'precheck-no', 'Failed', 'bc_runner'),
        ('Running', 'hold', 'Held', 'bc_runner'),
        ('Held', 'resume', 'Running', 'bc_runner'),
        ('Running', 'stop', 'Stopping', 'bc_runner'),
        ('Held', 'stop', 'Stopping', 'bc_runner'),
        ('Stopping', 'fail', 'Failed', 'bc_runner'),
        ('Running', 'fail', 'Failed', 'bc_runner'),
        ('Held', 'fail', 'Failed', 'bc_runner'),
        ('Running', 'restore', 'ServiceRestored', 'bc_runner'),
        ('ServiceRestored', 'complete', 'Succeeded', 'bc_runner'))
$$;

ALTER FUNCTION bc.edge_exists(source text, event text, target text, login text) OWNER TO bc_guard_owner;

--
-- Name: end_change(bigint, text, text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.end_change(wanted bigint, how text, why_code text, why text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    p bc.change_proposal := bc.change_open(wanted);
    named jsonb := jsonb_build_object('topic', p.topic, 'proposal', wanted);
BEGIN
    IF session_user <> 'bc_runner' OR how NOT IN ('rejected', 'expired', 'void') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'bc_runner'));
    ELSIF how = 'expired' AND p.expires_at > bc.now() THEN
        PERFORM bc.refuse('PROPOSAL_OPEN', named);
    ELSIF how = 'rejected' AND NOT EXISTS (SELECT FROM bc.change_decision d WHERE d.proposal = wanted AND d.decision = 'reject') THEN
        PERFORM bc.refuse('PROPOSAL_OPEN', named);
    END IF;
    INSERT INTO bc.change_outcome (proposal, outcome, code, because, at) VALUES (wanted, how, why_code, why, bc.now());
END $$;

ALTER FUNCTION bc.end_change(wanted bigint, how text, why_code text, why text) OWNER TO bc_guard_owner;

--
-- Name: ensure_partitions(integer); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.ensure_partitions(days_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '5s'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    today date := bc.now()::date;
    made integer := 0;
    day date;
BEGIN
    IF days_ahead IS NULL OR days_ahead NOT BETWEEN 0 AND 60 THEN
        RAISE EXCEPTION 'days_ahead must be 0 to 60.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM bc.take_turn('partitions');
    FOR day IN SELECT today + n FROM generate_series(0, days_ahead) n
               UNION SELECT DISTINCT observed_at::date FROM bc.observation_default
                   WHERE observed_at BETWEEN bc.now() - interval '400 days' AND bc.now() ORDER BY 1 LOOP
        made := made + bc.make_day('observation', 'observed_at', day)::integer;
    END LOOP;
    FOR day IN SELECT today + n FROM generate_series(0, days_ahead) n
               UNION SELECT DISTINCT start::date FROM bc.trend_minute_default
                   WHERE start BETWEEN bc.now() - interval '400 days' AND bc.now() ORDER BY 1 LOOP
        made := made + bc.make_day('trend_minute', 'start', day)::integer;
    END LOOP;
    RETURN made;
END $$;

ALTER FUNCTION bc.ensure_partitions(days_ahead integer) OWNER TO bc_guard_owner;

--
-- Name: evidence_stays(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.evidence_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'Evidence is never changed: % on bc.% is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION bc.evidence_stays() OWNER TO bc_guard_owner;

--
-- Name: evidence_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.evidence_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.evidence_written() OWNER TO bc_guard_owner;

--
-- Name: finding_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.finding_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.finding_written() OWNER TO bc_guard_owner;

--
-- Name: forget_resource(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.forget_resource() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM bc.current_status WHERE resource = OLD.name;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.forget_resource() OWNER TO bc_guard_owner;

--
-- Name: freeze_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.freeze_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.freeze_written() OWNER TO bc_guard_owner;

--
-- Name: glass_for(bigint, text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.glass_for(person bigint, kind text, wanted text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM bc.breakglass_grant g
        WHERE g.scope_kind = kind AND g.scope_name = wanted AND g.used_by IS NULL AND g.expires_at > bc.now()
          AND bc.person_of(g.issuer, g.subject) = person)
$$;

ALTER FUNCTION bc.glass_for(person bigint, kind text, wanted text) OWNER TO bc_guard_owner;

--
-- Name: grant_changed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.grant_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR OLD.used_by IS NOT NULL
            OR (to_jsonb(NEW) - '{used_by,used_at}'::text[]) <> (to_jsonb(OLD) - '{used_by,used_at}'::text[]) THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', OLD.id));
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.grant_changed() OWNER TO bc_guard_owner;

--
-- Name: grant_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.grant_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    overdue record;
    moment timestamptz;
BEGIN
    PERFORM bc.require_login('bc_ui');
    LOCK TABLE bc.breakglass_grant IN SHARE ROW EXCLUSIVE MODE;
    IF person IS NULL OR NOT (bc.holds_role(person, 'operator') OR bc.holds_role(person, 'admin')) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'operator or admin'));
    END IF;
    SELECT g.id, g.incident INTO overdue FROM bc.breakglass_grant g
    WHERE upper(g.incident) <> upper(NEW.incident) AND g.review_due <= bc.now()
      AND bc.word_counts('breakglass_grant', g.id::text)
      AND NOT EXISTS (SELECT FROM bc.breakglass_review v WHERE v.grant_id = g.id
                      AND bc.word_counts('breakglass_review', v.id::text)) ORDER BY g.review_due LIMIT 1;
    IF FOUND THEN
        PERFORM bc.refuse('REVIEW_OVERDUE', jsonb_build_object('grant', overdue.id, 'incident', overdue.incident));
    END IF;
    moment := bc.now();
    NEW.expires_at := moment + least(NEW.expires_at - NEW.granted_at, interval '60 minutes');
    NEW.granted_at := moment; NEW.review_due := moment + interval '72 hours';
    NEW.used_by := NULL; NEW.used_at := NULL;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.grant_written() OWNER TO bc_guard_owner;

--
-- Name: guard_beat(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.guard_beat() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.guard_beat() OWNER TO bc_guard_owner;

--
-- Name: guard_check_asked(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.guard_check_asked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.type NOT IN ('failover', 'switchover', 'failback', 'drill')
                OR (NEW.drill <> '') IS DISTINCT FROM (NEW.type = 'drill')
                OR NOT EXISTS (SELECT FROM bc.site s WHERE s.name = NEW.target_site)
                OR NOT EXISTS (SELECT FROM bc.resource r WHERE NEW.scope_kind = 'resource' AND r.name = NEW.scope_name
                    UNION ALL
                    SELECT FROM bc.resource_group g WHERE NEW.scope_kind = 'group' AND g.name = NEW.scope_name) THEN
            RAISE EXCEPTION 'Only a move of the inventory can be checked.' USING ERRCODE = 'check_violation';
        END IF;
        NEW.asked_at := bc.now();
        NEW.answered_at := NULL;
    ELSIF NEW.answered_at IS DISTINCT FROM OLD.answered_at THEN
        NEW.answered_at := bc.now();
        IF pg_column_size(NEW.findings) + pg_column_size(NEW.against) > 1048576 THEN
            RAISE EXCEPTION 'An answer is short.' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        NEW.asked_at := bc.now();
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.guard_check_asked() OWNER TO bc_guard_owner;

--
-- Name: guard_lease(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.guard_lease() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.name <> NEW.name OR TG_OP = 'UPDATE' AND NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'The epoch of lease % only grows.', OLD.name USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.epoch > (CASE TG_OP WHEN 'UPDATE' THEN OLD.epoch + 1 ELSE 1 END) THEN
        RAISE EXCEPTION 'The epoch of lease % grows by one.', NEW.name USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.expires_at > bc.now() + interval '1 hour' THEN
        RAISE EXCEPTION 'Lease % is held for an hour at most.', NEW.name USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.holder <> OLD.holder AND NEW.epoch <= OLD.epoch THEN
        RAISE EXCEPTION 'A new holder of lease % needs a new epoch.', OLD.name USING ERRCODE = 'check_violation';
    END IF;
    IF current_user = 'bc_poller' AND NEW.name NOT LIKE 'poller/%' THEN
        RAISE EXCEPTION 'bc_poller holds leases named poller/... only.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.guard_lease() OWNER TO bc_guard_owner;

--
-- Name: guard_revision(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.guard_revision() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NEW.revision <> OLD.revision + 1 THEN
        RAISE EXCEPTION 'The inventory''s revision grows by one.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.guard_revision() OWNER TO bc_guard_owner;

--
-- Name: guard_vote_key(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.guard_vote_key() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.since := bc.now(); NEW.revoked_at := NULL;
    ELSIF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
            OR to_jsonb(NEW) - 'revoked_at' <> to_jsonb(OLD) - 'revoked_at' THEN
        RAISE EXCEPTION 'A vote key is revoked once and changes in no other way.' USING ERRCODE = 'check_violation';
    ELSE
        NEW.revoked_at := bc.now();
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.guard_vote_key() OWNER TO bc_guard_owner;

--
-- Name: holds_role(bigint, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.holds_role(wanted_person bigint, wanted_role text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM bc.role_assignment a JOIN bc.person p ON p.id = a.person
                   WHERE a.person = wanted_person AND a.role = wanted_role AND NOT p.disabled
                     AND a.last_seen_at > bc.now() - interval '24 hours')
$$;

ALTER FUNCTION bc.holds_role(wanted_person bigint, wanted_role text) OWNER TO bc_guard_owner;

--
-- Name: incarnation(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.incarnation() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT i.id::text FROM bc.instance i ORDER BY i.incarnation DESC LIMIT 1
$$;

ALTER FUNCTION bc.incarnation() OWNER TO bc_guard_owner;

--
-- Name: incarnation_began(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.incarnation_began() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    newest integer := (SELECT max(incarnation) FROM bc.instance);
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'An incarnation is never changed or removed.' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.incarnation <> newest + 1 OR NEW.incarnation > 1000 THEN
        RAISE EXCEPTION 'The next incarnation is %.', newest + 1 USING ERRCODE = 'check_violation';
    END IF;
    NEW.id := gen_random_uuid(); NEW.since := bc.now();
    -- Numbers of requests that the restore forgot are never given out again: each incarnation has a million.
    PERFORM setval('bc.request_number', greatest((SELECT last_value FROM bc.request_number), newest * 1000000));
    RETURN NEW;
END $$;

ALTER FUNCTION bc.incarnation_began() OWNER TO bc_guard_owner;

--
-- Name: inventory_begins(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_begins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) OR pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    IF bc.inventory_told() THEN
        RAISE EXCEPTION 'The change row of the inventory comes last.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM bc.inventory_before b WHERE b.xact = pg_current_xact_id()) THEN
        INSERT INTO bc.inventory_before (xact, rows) VALUES (pg_current_xact_id(), bc.inventory_content());
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.inventory_begins() OWNER TO bc_guard_owner;

--
-- Name: inventory_change_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_change_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    was jsonb := (SELECT b.rows FROM bc.inventory_before b WHERE b.xact = pg_current_xact_id());
BEGIN
    IF NEW.revision < 1 OR NEW.revision IS DISTINCT FROM (SELECT r.revision FROM bc.inventory_revision r) THEN
        RAISE EXCEPTION 'A change of the inventory is of its own revision.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.at := bc.now();
    NEW.rows := bc.inventory_content();
    NEW.differs := bc.rows_changed(coalesce(was, NEW.rows), NEW.rows);
    IF NEW.differs = '{}' AND NEW.before <> NEW.after AND was IS NOT NULL THEN
        RAISE EXCEPTION 'This change of the inventory has not happened to its tables.' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM bc.inventory_before WHERE xact = pg_current_xact_id();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.inventory_change_written() OWNER TO bc_guard_owner;

--
-- Name: inventory_content(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_content() RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    found jsonb := '{}';
    each text;
    rows jsonb;
BEGIN
    FOR each IN SELECT unnest(bc.inventory_tables()) LOOP
        EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY (to_jsonb(t)->>''position'')::int, to_jsonb(t)), ''[]'') FROM bc.%I t', each) INTO rows;
        found := found || jsonb_build_object(each, rows);
    END LOOP;
    RETURN found;
END $$;

ALTER FUNCTION bc.inventory_content() OWNER TO bc_guard_owner;

--
-- Name: inventory_row_told(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_row_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT bc.inventory_told() AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        RAISE EXCEPTION 'The inventory changes with its next revision and a change row only.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.inventory_row_told() OWNER TO bc_guard_owner;

--
-- Name: inventory_tables(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_tables() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT ARRAY['site', 'resource', 'endpoint', 'resource_group', 'group_member', 'group_order', 'dependency', 'channel',
                 'route', 'route_channel']
$$;

ALTER FUNCTION bc.inventory_tables() OWNER TO bc_guard_owner;

--
-- Name: inventory_told(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_told() RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM bc.inventory_change c JOIN bc.inventory_revision r ON r.revision = c.revision
                   WHERE c.xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296)
$$;

ALTER FUNCTION bc.inventory_told() OWNER TO bc_guard_owner;

--
-- Name: inventory_trouble(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.inventory_trouble(document text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    said jsonb := document::jsonb;
BEGIN
    IF jsonb_typeof(said) <> 'object' OR said->>'bc' IS DISTINCT FROM 'inventory-1'
            OR jsonb_typeof(said->'inventory') IS DISTINCT FROM 'object' OR jsonb_typeof(said->'rows') IS DISTINCT FROM 'object'
            OR NOT said->'rows' ?& bc.inventory_tables()
            OR EXISTS (SELECT FROM jsonb_each(said->'rows') r WHERE jsonb_typeof(r.value) <> 'array'
                       OR jsonb_path_exists(r.value, '$[*] ? (@.type() != "object")')) THEN
        RETURN 'it is not an inventory of a form we know';
    END IF;
    RETURN '';
END $_$;

ALTER FUNCTION bc.inventory_trouble(document text) OWNER TO bc_guard_owner;

--
-- Name: key_too_new(jsonb, timestamp with time zone); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.key_too_new(proof jsonb, asked_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM bc.vote_key k WHERE k.key_id = proof->>'key_id' AND k.since > asked_at)
$$;

ALTER FUNCTION bc.key_too_new(proof jsonb, asked_at timestamp with time zone) OWNER TO bc_guard_owner;

--
-- Name: make_day(text, text, date); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.make_day(parent text, key text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '5s'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    part text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(format('bc.%I', part)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE bc.%I (LIKE bc.%I INCLUDING ALL)', part, parent);
    -- LIKE does not copy it; the minute that is being written is updated every round.
    EXECUTE format('ALTER TABLE bc.%I SET (fillfactor = %s)', part, CASE parent WHEN 'trend_minute' THEN 70 ELSE 100 END);
    EXECUTE format('ALTER TABLE bc.%I ADD CONSTRAINT day CHECK (%I >= %L AND %I < %L)',
                   part, key, day::timestamptz, key, (day + 1)::timestamptz);
    -- Nothing may be written to the default partition between the move and the attachment.
    EXECUTE format('LOCK TABLE bc.%I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    EXECUTE format('WITH moved AS (DELETE FROM bc.%I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO bc.%I SELECT * FROM moved',
                   parent || '_default', key, day::timestamptz, key, (day + 1)::timestamptz, part);
    EXECUTE format('ALTER TABLE bc.%I ATTACH PARTITION bc.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, part, day::timestamptz, (day + 1)::timestamptz);
    EXECUTE format('ALTER TABLE bc.%I DROP CONSTRAINT day', part);
    RETURN true;
END $$;

ALTER FUNCTION bc.make_day(parent text, key text, day date) OWNER TO bc_guard_owner;

--
-- Name: mark_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.mark_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM bc.require_epoch(NEW.request, NEW.epoch);
    NEW.recorded_at := bc.now();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.mark_written() OWNER TO bc_guard_owner;

--
-- Name: never_changed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.never_changed() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION bc.never_changed() OWNER TO bc_guard_owner;

--
-- Name: no_rival(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.no_rival() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    r bc.request;
    wanted text[];
    one text;
    rival record;
BEGIN
    SELECT * INTO STRICT r FROM bc.request WHERE id = NEW.request;
    IF r.state <> 'Draft' THEN
        RETURN NEW;
    END IF;
    wanted := ARRAY(SELECT DISTINCT e.value->>'resource' FROM jsonb_array_elements(NEW.plan->'targets') e ORDER BY 1);
    FOREACH one IN ARRAY wanted LOOP
        PERFORM bc.take_turn('resource ' || one);
    END LOOP;
    IF r.schedule IS NULL AND bc.glass_for(bc.person_of(r.issuer, r.subject), r.scope_kind, r.scope_name) THEN
        RETURN NEW;
    END IF;
    SELECT * INTO rival FROM bc.open_request(wanted, r.retry_of, r.schedule, r.id);
    IF FOUND THEN
        PERFORM bc.refuse('OPEN_REQUEST', to_jsonb(rival));
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.no_rival() OWNER TO bc_guard_owner;

--
-- Name: open_request(text[], text, text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text) RETURNS TABLE(resource text, holder text, what text, who text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT t.resource, r.id,
           CASE WHEN r.type = 'drill' AND r.drill = 'live' THEN 'live drill' WHEN r.type = 'drill' THEN 'rehearsal' ELSE r.type END
               || ' of ' || r.scope_name || ' to ' || r.target_site, coalesce(p.name, r.subject)
    FROM bc.request r JOIN bc.request_plan q ON q.request = r.id AND q.revision = r.plan_revision
    CROSS JOIN LATERAL (SELECT e.value->>'resource' AS resource FROM jsonb_array_elements(q.plan->'targets') e) t
    LEFT JOIN bc.identity i ON i.issuer = r.issuer AND i.subject = r.subject LEFT JOIN bc.person p ON p.id = i.person
    WHERE r.state IN ('PendingApproval', 'Approved', 'ReadyToStart', 'Running', 'Held', 'Stopping', 'ServiceRestored')
      AND t.resource = ANY (wanted) AND r.id IS DISTINCT FROM but
      AND (r.expires_at IS NULL OR r.expires_at > bc.now())
      AND (r.state <> 'ServiceRestored' OR EXISTS (SELECT FROM bc.resource_lease l
           WHERE l.request = r.id AND l.resource = t.resource AND l.released_at IS NULL))
      AND (retry IS NULL OR r.retry_of = retry)
      AND NOT (by_schedule IS NOT NULL AND coalesce(r.schedule, '') = by_schedule
               AND r.state IN ('PendingApproval', 'Approved', 'ReadyToStart'))
    ORDER BY r.created_at, r.id, t.resource LIMIT 1
$$;

ALTER FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text) OWNER TO bc_guard_owner;

--
-- Name: outbox_changed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.outbox_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF (NEW.channel, NEW.dedup_key, NEW.resource, NEW.environment, NEW.production, NEW.notification, NEW.created_at)
            IS DISTINCT FROM
       (OLD.channel, OLD.dedup_key, OLD.resource, OLD.environment, OLD.production, OLD.notification, OLD.created_at) THEN
        RAISE EXCEPTION 'What a notice says, and to whom, cannot be changed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.claimed_until > bc.now() AND NEW.claimed_until IS DISTINCT FROM OLD.claimed_until
            AND EXISTS (SELECT FROM bc.channel c WHERE c.name = NEW.channel AND c.production)
            AND NOT EXISTS (SELECT FROM bc.resource r WHERE r.name = NEW.resource AND r.environment = 'prod') THEN
        RAISE EXCEPTION 'Channel % is for production only and % is not production.', NEW.channel, NEW.resource
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only_production_reaches_production';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.outbox_changed() OWNER TO bc_guard_owner;

--
-- Name: outbox_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.outbox_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    known text;
BEGIN
    SELECT c.production INTO NEW.production FROM bc.channel c WHERE c.name = NEW.channel;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no channel %.', NEW.channel USING ERRCODE = 'foreign_key_violation';
    END IF;
    SELECT r.environment INTO known FROM bc.resource r WHERE r.name = NEW.resource;
    -- A resource that the inventory does not know is not production.
    NEW.environment := coalesce(known, nullif(NEW.environment::text, 'prod'), 'dev');
    RETURN NEW;
END $$;

ALTER FUNCTION bc.outbox_written() OWNER TO bc_guard_owner;

--
-- Name: people_changed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.people_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    one jsonb := coalesce(becomes, was);
    about bigint := coalesce((one->>'person')::bigint, CASE TG_TABLE_NAME WHEN 'person' THEN (one->>'id')::bigint END,
        (SELECT i.person FROM bc.identity i WHERE (i.issuer, i.subject) = (one->>'issuer', one->>'subject')));
    who text := coalesce((SELECT p.name FROM bc.person p WHERE p.id = about), 'somebody');
    account text := format('%s of %s', one->>'subject', one->>'issuer');
    what text;
    number bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'role_assignment' AND (was->>'last_seen_at')::timestamptz > bc.now() - interval '24 hours'
            OR TG_OP = 'UPDATE' AND was = becomes THEN
        RETURN NULL;
    END IF;
    what := CASE TG_TABLE_NAME || ' ' || TG_OP
        WHEN 'role_assignment INSERT' THEN format('%s holds the role %s from now on', who, one->>'role')
        WHEN 'role_assignment UPDATE' THEN format('%s holds the role %s again, which was not seen for a day', who, one->>'role')
        WHEN 'role_assignment DELETE' THEN format('%s holds the role %s no longer', who, one->>'role')
        WHEN 'vote_key INSERT' THEN format('%s signs with a new vote key %s from now on (%s)', who, one->>'key_id', account)
        WHEN 'vote_key UPDATE' THEN format('the vote key %s of %s counts no longer (%s)', one->>'key_id', who, account)
        WHEN 'identity INSERT' THEN format('the account %s is %s from now on', account, who)
        WHEN 'identity UPDATE' THEN format('the account %s is %s from now on, it was somebody else''s', account, who)
        WHEN 'person UPDATE' THEN format('%s %s', who, CASE WHEN (one->>'disabled')::boolean THEN 'is switched off' ELSE 'is changed or switched on' END)
        ELSE format('%s of %s: %s', TG_TABLE_NAME, who, lower(TG_OP))
    END;
    number := bc_audit.append(jsonb_build_object(
        'kind', 'recorded', 'verb', 'people.change', 'outcome', 'changed', 'channel', 'sign-on',
        'actor', jsonb_build_object('name', 'the sign-on'),
        'payload', jsonb_build_object('what', what, 'table', TG_TABLE_NAME, 'before', was, 'after', becomes)));
    PERFORM bc.tell_security(format('people/%s', number), 'people changed', what,
        format('%s. If nobody changed this at the sign-on, somebody holds the password of %s: ', upper(left(what, 1)) || substr(what, 2),
               session_user) || 'freeze all moves (bcctl freeze) and look at the audit log.');
    RETURN NULL;
END $$;

ALTER FUNCTION bc.people_changed() OWNER TO bc_guard_owner;

--
-- Name: person_of(text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.person_of(wanted_issuer text, wanted_subject text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT p.id FROM bc.identity i JOIN bc.person p ON p.id = i.person
    WHERE i.issuer = wanted_issuer AND i.subject = wanted_subject AND NOT p.disabled
$$;

ALTER FUNCTION bc.person_of(wanted_issuer text, wanted_subject text) OWNER TO bc_guard_owner;

--
-- Name: plan_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.plan_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.plan_written() OWNER TO bc_guard_owner;

--
-- Name: policy_trouble(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.policy_trouble(document text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    said jsonb := document::jsonb;
    rules jsonb := said->'rules';
    rule jsonb;
    need record;
    asked integer;
    names text[] := '{}';
    tier integer;
    kind text;
    place text;
    deciding jsonb;
BEGIN
    IF jsonb_typeof(said) <> 'object' OR said->>'bc' IS DISTINCT FROM 'policy-1'
            OR (SELECT count(*) FROM jsonb_object_keys(said)) <> 2 OR jsonb_typeof(rules) IS DISTINCT FROM 'array'
            OR jsonb_array_length(rules) NOT BETWEEN 1 AND 100 THEN
        RETURN 'it is not a list of 1 to 100 rules';
    END IF;
    FOR rule IN SELECT value FROM jsonb_array_elements(rules) LOOP
        IF jsonb_typeof(rule) <> 'object' OR NOT rule ?& ARRAY['name', 'tiers', 'types', 'environments', 'needs',
                'ticket_required', 'ticket_pattern', 'pending_s', 'approved_s', 'ready_s']
                OR (SELECT count(*) FROM jsonb_object_keys(rule)) <> 10 + (rule ? 'in_blackout')::integer
                OR (rule ? 'in_blackout' AND rule->'in_blackout' <> '"warn"') OR jsonb_typeof(rule->'name') <> 'string'
                OR jsonb_typeof(rule->'tiers') <> 'array' OR jsonb_typeof(rule->'types') <> 'array'
                OR jsonb_typeof(rule->'environments') <> 'array' OR jsonb_typeof(rule->'needs') <> 'array'
                OR jsonb_typeof(rule->'ticket_required') <> 'boolean'
                OR jsonb_typeof(rule->'ticket_pattern') NOT IN ('string', 'null')
                OR jsonb_typeof(rule->'pending_s') <> 'number' OR jsonb_typeof(rule->'approved_s') <> 'number'
                OR jsonb_typeof(rule->'ready_s') <> 'number' THEN
            RETURN 'a rule is not of the known form';
        ELSIF length(rule->>'name') NOT BETWEEN 1 AND 200 OR rule->>'name' ~ '[[:cntrl:]]' OR rule->>'name' = ANY(names) THEN
            RETURN 'a rule''s name is given twice or is not one line';
        ELSIF EXISTS (SELECT FROM jsonb_array_elements(rule->'tiers') v WHERE v::text NOT IN ('1', '2'))
                OR EXISTS (SELECT FROM jsonb_array_elements(rule->'types') v
                           WHERE v NOT IN ('"failover"', '"switchover"', '"failback"', '"drill"'))
                OR EXISTS (SELECT FROM jsonb_array_elements(rule->'environments') v
                           WHERE v NOT IN ('"prod"', '"staging"', '"test"', '"dev"', '"demo"')) THEN
            RETURN 'a rule names a tier, type or environment that does not exist';
        ELSIF length(rule->>'ticket_pattern') NOT BETWEEN 1 AND 200 THEN
            RETURN 'a ticket''s form is empty or longer than 200 characters';
        ELSIF NOT ((rule->>'pending_s')::numeric BETWEEN 60 AND 2592000 AND (rule->>'approved_s')::numeric BETWEEN 60 AND 604800
                   AND (rule->>'ready_s')::numeric BETWEEN 60 AND 86400) THEN
            RETURN 'a rule''s times are out of their limits';
        END IF;
        names := names || (rule->>'name');
        asked := 0;
        FOR need IN SELECT value AS said, value->>'role' AS role, count(*) OVER (PARTITION BY value->>'role') AS times
                    FROM jsonb_array_elements(rule->'needs') LOOP
            IF jsonb_typeof(need.said) <> 'object' OR (SELECT count(*) FROM jsonb_object_keys(need.said)) <> 2
                    OR need.role IS NULL OR need.role NOT IN ('approver-it', 'approver-business') OR need.times > 1
                    OR need.said->'count' IS NULL OR (need.said->'count')::text !~ '^[1-9]$' THEN
                RETURN 'a rule asks for something else than 1 to 9 of each approver role';
            END IF;
            asked := asked + (need.said->>'count')::integer;
        END LOOP;
        IF asked = 0 THEN
            RETURN 'a rule asks for nobody';
        END IF;
    END LOOP;
    FOREACH tier IN ARRAY ARRAY[1, 2] LOOP
        FOREACH kind IN ARRAY ARRAY['failover', 'switchover', 'failback', 'drill'] LOOP
            FOREACH place IN ARRAY ARRAY['prod', 'staging', 'test', 'dev', 'demo'] LOOP
                SELECT r.value INTO deciding FROM jsonb_array_elements(rules) WITH ORDINALITY r
                WHERE (r.value->'tiers' = '[]' OR r.value->'tiers' @> to_jsonb(tier))
                  AND (r.value->'types' = '[]' OR r.value->'types' @> to_jsonb(kind))
                  AND (r.value->'environments' = '[]' OR r.value->'environments' @> to_jsonb(place))
                ORDER BY r.ordinality LIMIT 1;
                IF NOT FOUND THEN
                    RETURN format('no rule covers a %s of tier %s in %s', kind, tier, place);
                ELSIF tier = 1 AND (SELECT sum((n->>'count')::integer) FROM jsonb_array_elements(deciding->'needs') n) < 2 THEN
                    RETURN format('a %s of tier 1 in %s would need fewer than two persons', kind, place);
                END IF;
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN '';
END $_$;

ALTER FUNCTION bc.policy_trouble(document text) OWNER TO bc_guard_owner;

--
-- Name: proof_looked(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.proof_looked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    IF OLD.looked_at IS NOT NULL OR NEW.holds IS NULL
            OR (to_jsonb(NEW) - '{looked_at,holds}'::text[]) <> (to_jsonb(OLD) - '{looked_at,holds}'::text[]) THEN
        RAISE EXCEPTION 'What was found about a proof is never changed.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.looked_at := bc.now();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.proof_looked() OWNER TO bc_guard_owner;

--
-- Name: refuse(text, jsonb); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.refuse(code text, given jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    sentence text := CASE code
        WHEN 'UNKNOWN_PERSON' THEN 'Nobody here is known by this sign-in; sign in again, or ask an administrator to add you.'
        WHEN 'PERSON_DISABLED' THEN 'Your account is switched off here; ask an administrator.'
        WHEN 'ROLE_MISSING' THEN 'This needs the role {role}, which you do not hold now.'
        WHEN 'REQUESTER_EXCLUDED' THEN 'You asked for {request}, so another person must decide on it.'
        WHEN 'EDITOR_EXCLUDED' THEN 'You edited schedule {schedule}, which asked for {request}, so another person must decide.'
        WHEN 'REQUESTER_ONLY' THEN 'Only the person who asked for {request} can withdraw it; an approver can deny it.'
        WHEN 'MFA_REQUIRED' THEN 'This needs a sign-in with a second factor; sign in again with one.'
        WHEN 'FRESH_SIGN_IN_REQUIRED' THEN 'This needs a sign-in within the last 15 minutes; sign in again.'
        WHEN 'BCCTL_READ_ONLY' THEN 'In prod bcctl only reads, because it has no sign-in; use the pages.'
        WHEN 'RATE_LIMITED' THEN 'Too many attempts in one minute; wait a minute and try again.'
        WHEN 'TOO_MANY_REQUESTS' THEN 'You asked for {count} requests within a minute; wait a minute before the next.'
        WHEN 'NO_PACK' THEN 'There is no evidence pack of {request} yet: one is made within a minute after a request has ended.'
        WHEN 'PACK_UNSIGNED' THEN 'The pack {pack} is not signed yet; that takes up to 30 s (see Health). Nothing was handed out.'
        WHEN 'SIGNED_OFF' THEN 'The {side} side has signed {request} off already; what is still open belongs into a finding.'
        WHEN 'SIDES_EXCLUDED' THEN 'You signed {request} off for the other side; the two sides are two persons.'
        WHEN 'UNKNOWN_FINDING' THEN 'There is no finding {finding}; list them with: bcctl evidence findings'
        WHEN 'FINDING_CLOSED' THEN 'Finding {finding} is closed already.'
        WHEN 'DUE_INVALID' THEN 'The due date is written as 2026-12-24 and lies between today and five years from now.'
        WHEN 'UNKNOWN_REQUEST' THEN 'There is no request {request}; list them with: bcctl request list'
        WHEN 'UNKNOWN_SCOPE' THEN 'There is no {scope} in the inventory; choose a resource or group that is listed there.'
        WHEN 'TARGET_SITE_UNKNOWN' THEN '{scope} has no site {site}; its sites are {sites}.'
        WHEN 'SITE_AMBIGUOUS' THEN '{scope} has more than one site called {site}; choose {sites}.'
        WHEN 'ALREADY_THERE' THEN '{scope} is already active at {site}; choose the other site.'
        WHEN 'WAS_ACTIVE_THERE' THEN '{resource} was active at {site} (last seen there {when}) and its primary {state}, so {scope} cannot be moved there; choose {other}.'
        WHEN 'TARGET_DOWN' THEN 'No server of {resource} runs at {site}, by two signals, so {scope} cannot be moved there; bring it back first.'
        WHEN 'PRIMARY_DOWN' THEN 'The primary of {resource} at {site} is down (last seen {when}), and {what} needs a running one; bring it back, or ask for a failover.'
        WHEN 'PRIMARY_MISSING' THEN 'No server of {resource} takes writes now, and {what} needs a running primary; ask for a failover to the server that is right.'
        WHEN 'BLACKOUT' THEN 'No {kind} of {scope} is asked for in blackout {blackout} ({days}: {reason}); give a planned window outside of it. A failover and break-glass are not held up.'
        WHEN 'LOOKING_AGAIN' THEN '{resource} was moved or started anew a moment ago and is being looked at again; ask again in a few seconds.'
        WHEN 'OPEN_REQUEST' THEN '{resource} is part of {holder} already ({what}, asked for by {who}), which is not over: see that through, or have it withdrawn or denied, before you ask again.'
        WHEN 'GROUP_SPLIT' THEN '{scope} was last seen at several sites, {resources} at {site} already, so no drill can move it there as a whole; bring it together first.'
        WHEN 'TWO_PRIMARIES' THEN '{resource} was seen with {count} servers that take writes ({nodes}), so nothing of {scope} is moved and nothing is demoted automatically: a person decides which one is right, keeps the other''s data and stops it.'
        WHEN 'FAILBACK_HOME' THEN 'A failback of {scope} goes to its home site {home}; use a switchover for another site.'
        WHEN 'FAILBACK_NOT_READY' THEN '{scope} cannot fail back yet: {why}.'
        WHEN 'DRILL_KIND' THEN 'Only a drill has a kind, and it is rehearsal or live.'
        WHEN 'MANAGED' THEN '{why}'
        WHEN 'NOTHING_TO_MOVE' THEN '{scope} is watched only: nothing in it can be moved from here.'
        WHEN 'TEXT_INVALID' THEN 'The {field} must be one line of 1 to {most} printable characters.'
        WHEN 'TICKET_REQUIRED' THEN 'The policy asks for a change ticket here; give one.'
        WHEN 'TICKET_INVALID' THEN 'The change ticket does not have the form that the policy asks for: {pattern}'
        WHEN 'WINDOW_INVALID' THEN 'The planned window must end after it begins, and in the future.'
        WHEN 'NO_POLICY' THEN 'No approval rule covers this request, so nobody can approve it; an administrator must add a rule.'
        WHEN 'RETRY_UNKNOWN' THEN 'The request to retry, {request}, does not exist, is not over, or was for something else.'
        WHEN 'KEY_REUSED' THEN 'This submission''s key was already used for a different request; submit again.'
        WHEN 'WRONG_STATE' THEN '{request} is {state}; this can be done only while it is {wanted}.'
        WHEN 'NO_SUCH_EDGE' THEN '{request} cannot go from {state} to {wanted}.'
        WHEN 'STALE_VERSION' THEN '{request} changed since you looked at it; look again, then decide again.'
        WHEN 'ALREADY_DECIDED' THEN 'You have already decided on this plan of {request}; your first decision counts.'
        WHEN 'NOT_A_NEEDED_ROLE' THEN 'The policy for {request} does not ask for a decision as {role}.'
        WHEN 'DENIAL_NEEDS_REASON' THEN 'Say in one line why you deny {request}.'
        WHEN 'POLICY_UNSATISFIED' THEN '{request} is not approved: it still needs {missing}.'
        WHEN 'REQUEST_EXPIRED' THEN '{request} has passed its time limit; ask again with a new request.'
        WHEN 'PHRASE_WRONG' THEN 'The confirmation phrase is not the one shown; type exactly: {phrase}'
        WHEN 'NOT_CONFIRMED' THEN '{request} was not confirmed with its phrase.'
        WHEN 'WINDOW_NOT_OPEN' THEN 'The planned window of {request} opens at {opens}; confirm it then.'
        WHEN 'PLAN_CHANGED' THEN 'Approvals of {request} are void because {difference}; it must be approved again.'
        WHEN 'APPROVAL_VOID' THEN 'Approvals of {request} are void because {difference}; it must be approved again.'
        WHEN 'PROOF_UNAVAILABLE' THEN 'Your decision could not be signed, so nothing was recorded: {why}'
        WHEN 'PROOF_INVALID' THEN 'A vote on {request} carries no valid proof, so approvals are void; security has been told.'
        WHEN 'KEY_TOO_NEW' THEN 'Your signing key is younger than {request}, so it decides nothing about it; ask for a new request.'
        WHEN 'PROOF_OLD' THEN 'This signature was made too long ago, or for the shared database before it was restored; sign again.'
        WHEN 'PROOF_USED' THEN 'This signature stands under another word already; nothing was recorded.'
        WHEN 'REQUEST_RESTORED' THEN '{request} was asked for before the shared database was restored and may have been carried out since; withdraw it, look at the servers, and ask again.'
        WHEN 'INCIDENT_REQUIRED' THEN 'Break-glass needs an incident reference of letters, digits and hyphens, such as INC-1042.'
        WHEN 'GRANT_TOO_LONG' THEN 'A break-glass grant lasts 1 to 60 minutes.'
        WHEN 'REVIEW_OVERDUE' THEN 'The review of break-glass {grant} (incident {incident}) is overdue; record it first.'
        WHEN 'SECURITY_CHANNELS' THEN 'Break-glass must tell security at two addresses; the inventory needs two channels whose names begin with security.'
        WHEN 'UNKNOWN_GRANT' THEN 'There is no break-glass grant {grant}; list them with: bcctl breakglass list'
        WHEN 'GRANT_NOT_VALID' THEN 'Break-glass {grant} cannot be used: it is spent, over, for something else or not yours.'
        WHEN 'GRANT_REVIEWED' THEN 'The review of break-glass {grant} is already recorded.'
        WHEN 'REVIEWER_EXCLUDED' THEN 'Somebody who took no part in break-glass {grant} must review it.'
        WHEN 'FROZEN' THEN 'Starts are frozen since {since} by {by}: {reason}. Nothing was started; an administrator thaws.'
        WHEN 'ALREADY_FROZEN' THEN 'Starts are frozen already; nothing changed.'
        WHEN 'NOT_FROZEN' THEN 'Starts are not frozen; nothing changed.'
        WHEN 'FORGED_DAG_RUN' THEN 'The DAG run {run} of {dag} was not ordered by the control plane, so it does nothing; ask for a request instead.'
        WHEN 'RESOURCE_BUSY' THEN '{resource} belongs to the run of {holder}, which is not over; wait for it or resolve it.'
        WHEN 'RUN_EXISTS' THEN '{request} was started already; its run goes on from its journal.'
        WHEN 'RUN_ALIVE' THEN 'The run of {request} is driven by {holder}; it can be taken over in {seconds} s at the earliest.'
        WHEN 'NO_RUN' THEN '{request} has no run yet.'
        WHEN 'STALE_EPOCH' THEN 'Another runner has taken over {request}; this one does nothing any more.'
        WHEN 'STEP_TAKEN' THEN 'The step {step} of {request} is {state}; it cannot be claimed again.'
        WHEN 'STEP_BEFORE_OPEN' THEN 'The step {step} of {request} cannot begin before {before} is done.'
        WHEN 'NO_SUCH_STEP_EDGE' THEN 'The step {step} of {request} cannot go from {state} to {wanted}.'
        WHEN 'UNKNOWN_STEP' THEN '{request} has no step {step}; list its steps with: bcctl run show {request}'
        WHEN 'STEP_NOT_WAITING' THEN 'The step {step} of {request} is {state}, so there is nothing to decide about it.'
        WHEN 'ALREADY_SAID' THEN 'You have said that about {request} already; it counts once.'
        WHEN 'PLAN_NOT_APPROVED' THEN 'The steps are not those of the approved plan of {request}; nothing was started.'
        WHEN 'PRECHECK_FAILED' THEN '{request} was not started: {findings}'
        WHEN 'CHECK_BLOCKS' THEN 'The checks of both sites say no: {findings}'
        WHEN 'CONSENT_MISSING' THEN '{request} can lose {loss}; somebody must accept exactly that first.'
        WHEN 'CONSENT_WRONG' THEN 'The loss to accept is {loss}; nothing was recorded.'
        WHEN 'FENCE_UNPROVEN' THEN 'Nobody can prove that {resource} at {site} accepts no writes; fence it or have that waived.'
        WHEN 'BLOCK_PERIOD' THEN '{scope} failed over {ago} ago; another failover within {period} needs an acknowledgement with a reason.'
        WHEN 'WRONG_ENVIRONMENT' THEN '{request} names {resource} of environment {environment}, which shares with the other kind.'
        WHEN 'OVERRIDE_FORBIDDEN' THEN 'The policy of {resource} does not allow going on in spite of {check}.'
        WHEN 'OVERRIDE_NEVER' THEN 'The check {check} of {resource} is never overridden, whatever its policy says; remove what it found.'
        WHEN 'SECOND_PERSON' THEN 'Another person than {person} must say the same before it counts.'
        WHEN 'DECISION_UNKNOWN' THEN '{value} is no decision here; say one of: {values}.'
        WHEN 'NOT_CONFIGURED' THEN '{resource} has no execution account in the inventory; it is monitored only.'
        WHEN 'NO_MECHANISM' THEN 'Nothing here can move a {platform}; {resource} is monitored only.'
        WHEN 'UNKNOWN_SCHEDULE' THEN 'There is no schedule {schedule}; list them with: bcctl schedule list'
        WHEN 'SCHEDULE_STALE' THEN 'Schedule {schedule} changed since you looked at it; look again, then decide again.'
        WHEN 'SCHEDULE_REMOVED' THEN 'Schedule {schedule} was removed and cannot be used again; add another one.'
        WHEN 'SCHEDULE_STATE' THEN 'Schedule {schedule} is {state} already; nothing was changed.'
        WHEN 'SCHEDULE_RULE' THEN 'The schedule cannot stand because {why}; nothing was stored.'
        WHEN 'SITES_SPLIT' THEN '{scope} is active at several sites now, so nobody can say which is its other site; ask by hand.'
        WHEN 'EDITOR_GONE' THEN 'The last editor of schedule {schedule}, {name}, is not known here now; somebody must take it over.'
        WHEN 'SCHEDULE_PAST' THEN 'The schedule has no date after now ({now}); nothing was stored.'
        WHEN 'SCHEDULE_CLOSE' THEN 'Its own dates are only {gap} apart, and each lasts {lasts}; say a shorter --lasts or a rarer rule. Nothing was stored.'
        WHEN 'SCHEDULE_OVERLAP' THEN 'Its date {date} overlaps {other} ({what}) on {other_date}, and both need {resources}; nothing was stored.'
        WHEN 'BLACKOUT_HIT' THEN 'Its date {date} lies in blackout {blackout} ({reason}); choose another date. Nothing was stored.'
        WHEN 'UNKNOWN_CHANNEL' THEN 'There is no channel {channel} in the inventory that may hear of {scope}; nothing was stored.'
        WHEN 'NOTICE_FLOOD' THEN '{count} dates lie within the lead time of {lead}, so each would be told long before it matters; say a shorter one. Nothing was stored.'
        WHEN 'DATE_NOT_DUE' THEN 'Schedule {schedule} has nothing to ask for at {due}; no request was made.'
        WHEN 'APPROVAL_OLDER' THEN 'An approval or confirmation of {request} is older than its date {due}; it must be given again.'
        WHEN 'UNKNOWN_BLACKOUT' THEN 'There is no blackout {blackout}, or it has ended; see: bcctl schedule blackout list'
        WHEN 'BLACKOUT_INVALID' THEN 'The blackout cannot stand because {why}; nothing was stored.'
        WHEN 'UNKNOWN_FEED' THEN 'There is no calendar feed {feed} of yours, or it was revoked.'
        WHEN 'FEED_CLOSED' THEN 'This calendar feed does not exist or was revoked; make a new one on the Drills page.'
        WHEN 'TOO_MANY_FEEDS' THEN 'You have {count} calendar feeds already; revoke one first.'
        WHEN 'UNKNOWN_PROPOSAL' THEN 'There is no {topic} proposal {proposal}; list the proposals and choose one of them.'
        WHEN 'PROPOSAL_OVER' THEN 'The {topic} proposal {proposal} is decided or over; propose again.'
        WHEN 'PROPOSAL_OPEN' THEN 'The {topic} proposal {proposal} is not over yet; it stays open.'
        WHEN 'PROPOSER_EXCLUDED' THEN 'You proposed {topic} change {proposal}, so another administrator must agree.'
        WHEN 'NOT_AGREED' THEN 'No second administrator has agreed to {topic} proposal {proposal}.'
        WHEN 'PROPOSAL_STALE' THEN 'The {topic} or its proposals changed meanwhile; look at the difference and propose again.'
        WHEN 'PROPOSAL_SAME' THEN 'This {topic} stands already; nothing was proposed.'
        WHEN 'PROPOSAL_DIGEST' THEN 'The {topic} proposal {proposal} is not the one that was looked at; look again.'
        WHEN 'PROPOSAL_FORGED' THEN 'The {topic} proposal {proposal} is void because {why}; security has been told.'
        WHEN 'PROPOSAL_VOID' THEN 'The {topic} proposal {proposal} is void because {why}; propose again.'
        WHEN 'POLICY_UNSAFE' THEN 'These rules cannot stand because {trouble}; change the file and propose again.'
        WHEN 'INVENTORY_UNSAFE' THEN 'This inventory cannot stand because {trouble}; change the file and propose again.'
        WHEN 'SECOND_ADMIN' THEN 'One administrator cannot change {what}, because it can be moved from here; propose the file (bcctl inventory propose FILE), then another administrator agrees.'
        WHEN 'AUDIT_UNAVAILABLE' THEN 'The audit log cannot be written, so nothing was done; see Health, then try again.'
        WHEN 'DATABASE_REFUSED' THEN 'The database refused this change; nothing was done.'
    END;
    part record;
    said text;
BEGIN
    FOR part IN SELECT key, value FROM jsonb_each_text(given) LOOP
        said := coalesce(part.value, '');
        IF part.key IN ('state', 'wanted') THEN
            SELECT string_agg(coalesce(w.word, p.piece), '' ORDER BY p.at) INTO said
            FROM regexp_split_to_table(said, '\m|\M') WITH ORDINALITY AS p (piece, at)
            LEFT JOIN (VALUES
                ('Draft', 'draft'),
                ('PendingApproval', 'waiting for approval'),
                ('Approved', 'approved'),
                ('ReadyToStart', 'ready to start'),
                ('Running', 'running'),
                ('Held', 'held'),
                ('Stopping', 'stopping'),
                ('ServiceRestored', 'service restored'),
                ('Succeeded', 'succeeded'),
                ('Failed', 'failed'),
                ('Rejected', 'denied'),
                ('Expired', 'expired'),
                ('Cancelled', 'withdrawn')) AS w (state, word) ON w.state = p.piece;
        END IF;
        sentence := replace(sentence, '{' || part.key || '}', coalesce(said, ''));
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'BC403', MESSAGE = coalesce(sentence, code), CONSTRAINT = code;
END $$;

ALTER FUNCTION bc.refuse(code text, given jsonb) OWNER TO bc_guard_owner;

--
-- Name: report_airflow(text, text, text, text, text, text, bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text DEFAULT ''::text, event bigint DEFAULT NULL::bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM bc.airflow_report r WHERE r.told_at < bc.now() - interval '90 days';
    -- A flood is not kept: what is told already says that something is wrong.
    IF (SELECT count(*) >= 1000 FROM bc.airflow_report r WHERE r.told_at IS NULL) THEN
        RETURN;
    END IF;
    INSERT INTO bc.airflow_report (kind, dag, run_id, task, said, person, event)
    VALUES (report_airflow.kind, left(report_airflow.dag, 250), left(report_airflow.run_id, 250),
            left(report_airflow.task, 250), left(report_airflow.said, 500), left(report_airflow.person, 250),
            report_airflow.event)
    ON CONFLICT DO NOTHING;
END $$;

ALTER FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint) OWNER TO bc_guard_owner;

--
-- Name: request_changed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.request_changed() OWNER TO bc_guard_owner;

--
-- Name: request_drill(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_drill() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NEW.type = 'drill' THEN
        NEW.drill := coalesce(NEW.drill, 'rehearsal');
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.request_drill() OWNER TO bc_guard_owner;

--
-- Name: request_occurrence(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_occurrence() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.request_occurrence() OWNER TO bc_guard_owner;

--
-- Name: request_over(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_over() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE bc.resource_lease SET released_at = bc.now() WHERE request = NEW.id AND released_at IS NULL;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.request_over() OWNER TO bc_guard_owner;

--
-- Name: request_remembered(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_remembered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO bc.request_history (request, at, version, event, before, after, by, reason)
    VALUES (NEW.id, NEW.state_since, NEW.version, NEW.last_event, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state,
            NEW.last_by, NEW.last_reason);
    RETURN NULL;
END $$;

ALTER FUNCTION bc.request_remembered() OWNER TO bc_guard_owner;

--
-- Name: request_run(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_run() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.request_run() OWNER TO bc_guard_owner;

--
-- Name: request_scheduled(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_scheduled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.request_scheduled() OWNER TO bc_guard_owner;

--
-- Name: request_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.request_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.request_written() OWNER TO bc_guard_owner;

--
-- Name: require_epoch(text, bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.require_epoch(wanted text, given bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.require_epoch(wanted text, given bigint) OWNER TO bc_guard_owner;

--
-- Name: require_login(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.require_login(wanted text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF session_user <> wanted THEN
        RAISE EXCEPTION 'Only % writes this.', wanted USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

ALTER FUNCTION bc.require_login(wanted text) OWNER TO bc_guard_owner;

--
-- Name: resource_lease_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.resource_lease_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.resource_lease_written() OWNER TO bc_guard_owner;

--
-- Name: review_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.review_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    g bc.breakglass_grant;
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
BEGIN
    PERFORM bc.require_login('bc_ui');
    SELECT * INTO g FROM bc.breakglass_grant WHERE id = NEW.grant_id FOR UPDATE;
    NEW.at := bc.now();
    IF person IS NULL OR NOT (bc.holds_role(person, 'approver-it') OR bc.holds_role(person, 'approver-business')
                              OR bc.holds_role(person, 'admin')) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'approver-it or approver-business or admin'));
    ELSIF person = bc.person_of(g.issuer, g.subject) OR EXISTS (
            SELECT FROM bc.request r LEFT JOIN bc.confirmation c ON c.request = r.id
            WHERE r.id = split_part(g.used_by, '/', 1)
              AND (person IN (bc.person_of(r.issuer, r.subject), bc.person_of(c.issuer, c.subject))
                   OR bc.schedule_editor(r.id, person))) THEN
        PERFORM bc.refuse('REVIEWER_EXCLUDED', jsonb_build_object('grant', g.id));
    ELSIF EXISTS (SELECT FROM bc.breakglass_review v WHERE v.grant_id = g.id AND bc.word_counts('breakglass_review', v.id::text)) THEN
        PERFORM bc.refuse('GRANT_REVIEWED', jsonb_build_object('grant', g.id));
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.review_written() OWNER TO bc_guard_owner;

--
-- Name: role_seen(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.role_seen() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.person, NEW.role) <> (OLD.person, OLD.role) THEN
        RAISE EXCEPTION 'A role stays its person''s.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.last_seen_at := bc.now();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.role_seen() OWNER TO bc_guard_owner;

--
-- Name: rows_changed(jsonb, jsonb); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.rows_changed(was jsonb, becomes jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT coalesce(jsonb_object_agg(d.name, jsonb_build_object('gone', d.gone, 'new', d.made)), '{}') FROM (
        SELECT t.name,
            (SELECT coalesce(jsonb_agg(x), '[]') FROM (SELECT jsonb_array_elements(was->t.name) AS x EXCEPT SELECT jsonb_array_elements(becomes->t.name)) g) AS gone,
            (SELECT coalesce(jsonb_agg(x), '[]') FROM (SELECT jsonb_array_elements(becomes->t.name) AS x EXCEPT SELECT jsonb_array_elements(was->t.name)) n) AS made
        FROM jsonb_object_keys(becomes) t(name)) d
    WHERE d.gone <> '[]' OR d.made <> '[]'
$$;

ALTER FUNCTION bc.rows_changed(was jsonb, becomes jsonb) OWNER TO bc_guard_owner;

--
-- Name: run_begun(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.run_begun() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM bc.run r JOIN bc.request q ON q.id = r.request
                   WHERE r.request = NEW.request AND q.state <> 'ReadyToStart') THEN
        PERFORM bc.refuse('PLAN_NOT_APPROVED', jsonb_build_object('request', NEW.request));
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.run_begun() OWNER TO bc_guard_owner;

--
-- Name: run_kept(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.run_kept() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION bc.run_kept() OWNER TO bc_guard_owner;

--
-- Name: run_looked(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.run_looked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) THEN
        PERFORM bc.wish_look(ARRAY(SELECT t.value->>'resource' FROM bc.request_plan p
            CROSS JOIN LATERAL jsonb_array_elements(p.plan->'targets') t
            WHERE p.request = NEW.request AND p.revision = NEW.plan_revision));
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.run_looked() OWNER TO bc_guard_owner;

--
-- Name: run_told(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.run_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    NEW.at := bc.now();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.run_told() OWNER TO bc_guard_owner;

--
-- Name: run_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.run_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.run_written() OWNER TO bc_guard_owner;

--
-- Name: said_about_plan(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.said_about_plan() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    r bc.request;
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    given bigint := (to_jsonb(NEW)->>'grant_id')::bigint;
    named jsonb := jsonb_build_object('request', NEW.request, 'grant', given);
BEGIN
    PERFORM bc.require_login('bc_ui');
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    NEW.at := bc.now();
    IF NOT EXISTS (SELECT FROM bc.request_plan p WHERE p.request = r.id AND p.revision = r.plan_revision
                   AND p.revision = NEW.plan_revision AND p.digest = NEW.plan_digest) THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF TG_TABLE_NAME = 'withdrawal' AND (person IS NULL
            OR person IS DISTINCT FROM bc.person_of(r.issuer, r.subject) AND NOT bc.schedule_editor(r.id, person)) THEN
        PERFORM bc.refuse('REQUESTER_ONLY', named);
    ELSIF given IS NOT NULL AND NOT EXISTS (SELECT FROM bc.breakglass_grant g WHERE g.id = given AND g.used_by IS NULL
            AND bc.person_of(g.issuer, g.subject) = person) THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', named);
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.said_about_plan() OWNER TO bc_guard_owner;

--
-- Name: schedule_editor(text, bigint); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.schedule_editor(wanted_request text, wanted_person bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT EXISTS (SELECT FROM bc.request r JOIN bc.schedule_occurrence o ON o.schedule = r.schedule AND o.due_at = r.due_at
                   JOIN bc.schedule_version v ON v.schedule = o.schedule AND v.version <= o.version
                   JOIN bc.identity i ON i.issuer = v.issuer AND i.subject = v.subject
                   WHERE r.id = wanted_request AND i.person = wanted_person)
$$;

ALTER FUNCTION bc.schedule_editor(wanted_request text, wanted_person bigint) OWNER TO bc_guard_owner;

--
-- Name: schedule_kept(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.schedule_kept() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION bc.schedule_kept() OWNER TO bc_guard_owner;

--
-- Name: schedule_notice_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.schedule_notice_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    NEW.at := bc.now();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.schedule_notice_written() OWNER TO bc_guard_owner;

--
-- Name: schedule_occurrence_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.schedule_occurrence_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.schedule_occurrence_written() OWNER TO bc_guard_owner;

--
-- Name: schedule_turn(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.schedule_turn(wanted text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM bc.take_turn('schedule ' || wanted);
END $$;

ALTER FUNCTION bc.schedule_turn(wanted text) OWNER TO bc_guard_owner;

--
-- Name: schedule_version_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.schedule_version_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.schedule_version_written() OWNER TO bc_guard_owner;

--
-- Name: scope_facts(text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.scope_facts(kind text, wanted text) RETURNS TABLE(tier smallint, environment text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT r.tier, r.environment::text FROM bc.resource r WHERE kind = 'resource' AND r.name = wanted
    UNION ALL
    SELECT least(g.tier, min(r.tier)), (array_agg(r.environment::text ORDER BY
           array_position(ARRAY['prod', 'staging', 'test', 'dev', 'demo'], r.environment::text)))[1]
    FROM bc.resource_group g JOIN bc.group_member m ON m.group_name = g.name JOIN bc.resource r ON r.name = m.resource
    WHERE kind = 'group' AND g.name = wanted GROUP BY g.name, g.tier
$$;

ALTER FUNCTION bc.scope_facts(kind text, wanted text) OWNER TO bc_guard_owner;

--
-- Name: signoff_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.signoff_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.signoff_written() OWNER TO bc_guard_owner;

--
-- Name: step_changed(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.step_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.step_changed() OWNER TO bc_guard_owner;

--
-- Name: step_edge_exists(text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.step_edge_exists(source text, target text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT (source, target) IN (VALUES
        ('planned', 'claimed'),
        ('planned', 'skipped'),
        ('planned', 'waiting'),
        ('waiting', 'claimed'),
        ('waiting', 'seen'),
        ('waiting', 'failed'),
        ('claimed', 'claimed'),
        ('claimed', 'seen'),
        ('claimed', 'unknown'),
        ('claimed', 'waiting'),
        ('claimed', 'failed'),
        ('unknown', 'claimed'),
        ('unknown', 'seen'),
        ('unknown', 'failed'),
        ('seen', 'verified'),
        ('seen', 'unknown'),
        ('seen', 'failed'))
$$;

ALTER FUNCTION bc.step_edge_exists(source text, target text) OWNER TO bc_guard_owner;

--
-- Name: step_had_effect(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.step_had_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NEW.state <> OLD.state AND NEW.state IN ('seen', 'unknown', 'verified', 'failed')
            AND NEW.step->>'action' IN ('stop', 'move', 'rejoin', 'reprotect', 'rewind') THEN
        PERFORM bc.wish_look(ARRAY[NEW.step->>'resource']);
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.step_had_effect() OWNER TO bc_guard_owner;

--
-- Name: step_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.step_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION bc.step_written() OWNER TO bc_guard_owner;

--
-- Name: take_turn(text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.take_turn(wanted text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO bc.turn (name) VALUES (wanted) ON CONFLICT DO NOTHING;
    PERFORM FROM bc.turn t WHERE t.name = wanted FOR UPDATE;
END $$;

ALTER FUNCTION bc.take_turn(wanted text) OWNER TO bc_guard_owner;

--
-- Name: tell_security(text, text, text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.tell_security(key text, kind text, subject text, body text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification)
    SELECT c.name, key, p.name, CASE WHEN c.production THEN 'prod' ELSE 'dev' END, jsonb_build_object(
        'subject', left(format('[%s] %s', upper(kind), subject), 200), 'body', body, 'priority', 'high',
        'body_html', '<p>' || replace(replace(replace(body, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>',
        'alert_name', 'SECURITY_' || upper(replace(kind, ' ', '_')), 'idempotency_id', key,
        'metadata', jsonb_build_object('kind', kind))
    FROM bc.channel c LEFT JOIN LATERAL (
        SELECT r.name FROM bc.resource r WHERE c.production AND r.environment = 'prod' ORDER BY r.name LIMIT 1) p ON true
    WHERE c.name LIKE 'security%' AND (NOT c.production OR p.name IS NOT NULL)
    ON CONFLICT (channel, dedup_key) DO NOTHING
$$;

ALTER FUNCTION bc.tell_security(key text, kind text, subject text, body text) OWNER TO bc_guard_owner;

--
-- Name: term_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.term_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    NEW.epoch := (SELECT max(i.incarnation) - 1 FROM bc.instance i) * 1000000000000 + nextval('bc.run_epoch');
    NEW.began_at := bc.now();
    RETURN NEW;
END $$;

ALTER FUNCTION bc.term_written() OWNER TO bc_guard_owner;

--
-- Name: two_administrators(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.two_administrators() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    rows jsonb[] := array_remove(ARRAY[was, becomes], NULL);
    names text[];
    heavy boolean;
BEGIN
    IF session_user = 'bc_runner' OR (was - coalesce(TG_ARGV, '{}')) = (becomes - coalesce(TG_ARGV, '{}')) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'resource' THEN
        heavy := EXISTS (SELECT FROM unnest(rows) r WHERE r->'execution' <> 'null');
    ELSE
        names := ARRAY(SELECT r->>'resource' FROM unnest(rows) r WHERE r ? 'resource' UNION
            SELECT m.resource FROM bc.group_member m, unnest(rows) r WHERE TG_TABLE_NAME <> 'endpoint'
                AND m.group_name IN (r->>'group_name', CASE TG_TABLE_NAME WHEN 'resource_group' THEN r->>'name' END));
        heavy := bc.can_be_moved(names);
    END IF;
    IF heavy THEN
        PERFORM bc.refuse('SECOND_ADMIN', jsonb_build_object('what', CASE
            WHEN TG_TABLE_NAME = 'resource' THEN format('resource %s', rows[1]->>'name')
            WHEN TG_TABLE_NAME = 'endpoint' THEN format('resource %s', rows[1]->>'resource')
            ELSE format('group %s', coalesce(rows[1]->>'group_name', rows[1]->>'name')) END));
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.two_administrators() OWNER TO bc_guard_owner;

--
-- Name: vote_written(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.vote_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    r bc.request;
    named jsonb := jsonb_build_object('request', NEW.request, 'role', NEW.role, 'wanted', 'PendingApproval');
BEGIN
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    NEW.at := bc.now();
    NEW.person := bc.person_of(NEW.issuer, NEW.subject);
    IF session_user <> 'bc_ui' OR NEW.person IS NULL OR NOT bc.holds_role(NEW.person, NEW.role) THEN
        PERFORM bc.refuse('ROLE_MISSING', named);
    ELSIF r.state IS DISTINCT FROM 'PendingApproval' THEN
        PERFORM bc.refuse('WRONG_STATE', named || jsonb_build_object('state', r.state));
    ELSIF r.expires_at <= NEW.at THEN
        PERFORM bc.refuse('REQUEST_EXPIRED', named);
    ELSIF NEW.person = bc.person_of(r.issuer, r.subject) OR bc.person_of(r.issuer, r.subject) IS NULL THEN
        PERFORM bc.refuse('REQUESTER_EXCLUDED', named);
    ELSIF bc.schedule_editor(r.id, NEW.person) THEN
        PERFORM bc.refuse('EDITOR_EXCLUDED', named || jsonb_build_object('schedule', r.schedule));
    ELSIF NOT EXISTS (SELECT FROM bc.policy_need n WHERE n.version = r.policy_version AND n.position = r.policy_position
                      AND n.role = NEW.role) THEN
        PERFORM bc.refuse('NOT_A_NEEDED_ROLE', named);
    ELSIF NOT EXISTS (SELECT FROM bc.request_plan p WHERE p.request = r.id AND p.revision = r.plan_revision
                      AND p.revision = NEW.plan_revision AND p.digest = NEW.plan_digest) THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF EXISTS (SELECT FROM bc.vote v WHERE v.request = r.id AND v.plan_revision = r.plan_revision
                  AND bc.person_of(v.issuer, v.subject) = NEW.person) THEN
        PERFORM bc.refuse('ALREADY_DECIDED', named);
    ELSIF bc.key_too_new(NEW.proof, r.created_at) THEN
        PERFORM bc.refuse('KEY_TOO_NEW', named);
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.vote_written() OWNER TO bc_guard_owner;

--
-- Name: wish_look(text[]); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.wish_look(names text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    INSERT INTO bc.look_wish AS w (resource, wished_at)
    SELECT r.name, bc.now() FROM bc.resource r WHERE r.name = ANY (names) ORDER BY r.name
    ON CONFLICT (resource) DO UPDATE SET wished_at = greatest(w.wished_at, excluded.wished_at)
$$;

ALTER FUNCTION bc.wish_look(names text[]) OWNER TO bc_guard_owner;

--
-- Name: word_counts(text, text); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.word_counts(wanted text, which text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT coalesce((SELECT p.holds FROM bc.proof p WHERE p.kind = wanted AND p.ref = which ORDER BY p.id DESC LIMIT 1),
                    session_user <> 'bc_runner')
$$;

ALTER FUNCTION bc.word_counts(wanted text, which text) OWNER TO bc_guard_owner;

--
-- Name: word_stays(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.word_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION bc.word_stays() OWNER TO bc_guard_owner;

--
-- Name: word_stored(); Type: FUNCTION; Schema: bc; Owner: bc_guard_owner
--

CREATE FUNCTION bc.word_stored() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    said jsonb := to_jsonb(NEW);
    shown jsonb := said->TG_ARGV[0];
    made timestamptz;
    seen boolean := TG_TABLE_NAME IN ('evidence_signoff', 'change_proposal', 'change_decision');
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD)->TG_ARGV[0] IS NOT DISTINCT FROM shown AND to_jsonb(OLD)->'thawed_at' IS NOT DISTINCT FROM said->'thawed_at' THEN
        RETURN NULL;
    END IF;
    IF jsonb_typeof(shown->'once') = 'object' THEN
        BEGIN
            made := shown#>>'{once,at}';
        EXCEPTION WHEN OTHERS THEN made := NULL;
        END;
        IF shown#>>'{once,incarnation}' IS DISTINCT FROM bc.incarnation() OR made IS NULL
                OR made NOT BETWEEN bc.now() - interval '15 minutes' AND bc.now() + interval '1 minute' THEN
            PERFORM bc.refuse('PROOF_OLD');
        END IF;
    END IF;
    -- Words that have a watch of their own (sign-offs, proposals) are here for their signature only.
    INSERT INTO bc.proof (kind, ref, request, signature, looked_at, holds)
    SELECT TG_TABLE_NAME, string_agg(said->>k.name, '/' ORDER BY k.place), said->>'request',
        CASE WHEN lower(shown->>'signature') ~ '^[0-9a-f]{128}$' THEN lower(shown->>'signature') END, CASE WHEN seen THEN bc.now() END, CASE WHEN seen THEN true END
    FROM unnest(TG_ARGV[1:]) WITH ORDINALITY AS k (name, place);
    RETURN NULL;
EXCEPTION WHEN unique_violation THEN
    PERFORM bc.refuse('PROOF_USED');
    RETURN NULL;
END $_$;

ALTER FUNCTION bc.word_stored() OWNER TO bc_guard_owner;

--
-- Name: airflow_report; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.airflow_report (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    kind text NOT NULL,
    dag text NOT NULL,
    run_id text NOT NULL,
    task text NOT NULL,
    person text DEFAULT ''::text NOT NULL,
    said text DEFAULT ''::text NOT NULL,
    event bigint,
    told_at timestamp with time zone,
    CONSTRAINT airflow_report_dag_check CHECK ((length(dag) <= 250)),
    CONSTRAINT airflow_report_kind_check CHECK ((kind = ANY (ARRAY['died'::text, 'marked'::text, 'cleared'::text]))),
    CONSTRAINT airflow_report_person_check CHECK ((length(person) <= 250)),
    CONSTRAINT airflow_report_run_id_check CHECK ((length(run_id) <= 250)),
    CONSTRAINT airflow_report_said_check CHECK ((length(said) <= 500)),
    CONSTRAINT airflow_report_task_check CHECK ((length(task) <= 250))
);

ALTER TABLE bc.airflow_report OWNER TO bc_guard_owner;

--
-- Name: TABLE airflow_report; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.airflow_report IS 'What Airflow''s processes and its log say about our tasks: died, or changed by a person.';

--
-- Name: COLUMN airflow_report.event; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.airflow_report.event IS 'Number in Airflow''s own log, where it was read there.';

--
-- Name: airflow_report_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.airflow_report ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.airflow_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: blackout; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.blackout (
    id bigint NOT NULL,
    schedule text,
    first_day date NOT NULL,
    last_day date NOT NULL,
    zone text NOT NULL,
    reason bc.line NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    ended_at timestamp with time zone,
    ended_issuer bc.line,
    ended_subject bc.line,
    CONSTRAINT blackout_check CHECK (((last_day >= first_day) AND ((last_day - first_day) <= 400))),
    CONSTRAINT blackout_schedule_check CHECK ((schedule ~ '^s-[0-9]+$'::text)),
    CONSTRAINT blackout_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 63))),
    CONSTRAINT ended_whole CHECK ((((ended_at IS NULL) = (ended_issuer IS NULL)) AND ((ended_at IS NULL) = (ended_subject IS NULL))))
);

ALTER TABLE bc.blackout OWNER TO bc_guard_owner;

--
-- Name: blackout_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.blackout ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.blackout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: breakglass_grant; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.breakglass_grant (
    id bigint NOT NULL,
    incident text NOT NULL,
    reason bc.line NOT NULL,
    scope_kind text NOT NULL,
    scope_name bc.name NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    granted_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    review_due timestamp with time zone NOT NULL,
    used_by text,
    used_at timestamp with time zone,
    proof jsonb NOT NULL,
    CONSTRAINT breakglass_grant_incident_check CHECK (((length(incident) <= 40) AND (incident ~ '^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$'::text))),
    CONSTRAINT breakglass_grant_scope_kind_check CHECK ((scope_kind = ANY (ARRAY['resource'::text, 'group'::text]))),
    CONSTRAINT one_hour CHECK (((expires_at > granted_at) AND (expires_at <= (granted_at + '01:00:00'::interval)))),
    CONSTRAINT used_whole CHECK (((used_by IS NULL) = (used_at IS NULL)))
);

ALTER TABLE bc.breakglass_grant OWNER TO bc_guard_owner;

--
-- Name: breakglass_grant_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.breakglass_grant ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.breakglass_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: breakglass_review; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.breakglass_review (
    grant_id bigint NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    findings text NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    id bigint NOT NULL,
    proof jsonb,
    CONSTRAINT breakglass_review_findings_check CHECK (((length(findings) >= 1) AND (length(findings) <= 4000)))
);

ALTER TABLE bc.breakglass_review OWNER TO bc_guard_owner;

--
-- Name: breakglass_review_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.breakglass_review ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.breakglass_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: breakglass_use; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.breakglass_use (
    id bigint NOT NULL,
    grant_id bigint NOT NULL,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    proof jsonb NOT NULL
);

ALTER TABLE bc.breakglass_use OWNER TO bc_guard_owner;

--
-- Name: TABLE breakglass_use; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.breakglass_use IS 'The holder signs which request and which plan a grant stands in for.';

--
-- Name: breakglass_use_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.breakglass_use ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.breakglass_use_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: calendar_feed; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.calendar_feed (
    id bigint NOT NULL,
    digest text NOT NULL,
    title bc.line NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT calendar_feed_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE bc.calendar_feed OWNER TO bc_guard_owner;

--
-- Name: COLUMN calendar_feed.digest; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.calendar_feed.digest IS 'SHA-256 of the token; the token itself is nowhere.';

--
-- Name: calendar_feed_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.calendar_feed ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.calendar_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: change_decision; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.change_decision (
    proposal bigint CONSTRAINT policy_decision_proposal_not_null NOT NULL,
    decision text CONSTRAINT policy_decision_decision_not_null NOT NULL,
    digest text CONSTRAINT policy_decision_digest_not_null NOT NULL,
    issuer bc.line CONSTRAINT policy_decision_issuer_not_null NOT NULL,
    subject bc.line CONSTRAINT policy_decision_subject_not_null NOT NULL,
    reason text DEFAULT ''::text CONSTRAINT policy_decision_reason_not_null NOT NULL,
    at timestamp with time zone DEFAULT bc.now() CONSTRAINT policy_decision_at_not_null NOT NULL,
    channel text CONSTRAINT policy_decision_channel_not_null NOT NULL,
    signed_in_how text CONSTRAINT policy_decision_signed_in_how_not_null NOT NULL,
    signed_in_at timestamp with time zone CONSTRAINT policy_decision_signed_in_at_not_null NOT NULL,
    mfa text[] DEFAULT '{}'::text[] CONSTRAINT policy_decision_mfa_not_null NOT NULL,
    proof jsonb CONSTRAINT policy_decision_proof_not_null NOT NULL,
    CONSTRAINT policy_decision_decision_check CHECK ((decision = ANY (ARRAY['agree'::text, 'reject'::text]))),
    CONSTRAINT policy_decision_reason_check CHECK (((length(reason) <= 200) AND (reason !~ '[[:cntrl:]]'::text)))
);

ALTER TABLE bc.change_decision OWNER TO bc_guard_owner;

--
-- Name: TABLE change_decision; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.change_decision IS 'What a second administrator said. One word a proposal: the first counts.';

--
-- Name: change_outcome; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.change_outcome (
    proposal bigint CONSTRAINT policy_outcome_proposal_not_null NOT NULL,
    outcome text CONSTRAINT policy_outcome_outcome_not_null NOT NULL,
    version bigint,
    code text,
    because text,
    at timestamp with time zone DEFAULT bc.now() CONSTRAINT policy_outcome_at_not_null NOT NULL,
    CONSTRAINT applied_whole CHECK (((outcome = 'applied'::text) = (version IS NOT NULL))),
    CONSTRAINT policy_outcome_outcome_check CHECK ((outcome = ANY (ARRAY['applied'::text, 'rejected'::text, 'expired'::text, 'void'::text])))
);

ALTER TABLE bc.change_outcome OWNER TO bc_guard_owner;

--
-- Name: TABLE change_outcome; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.change_outcome IS 'How a proposal ended, written by the runner through functions only. No row: it is still open or agreed.';

--
-- Name: channel; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.channel (
    name bc.name NOT NULL,
    kind text NOT NULL,
    url text NOT NULL,
    production boolean NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT channel_kind_check CHECK ((kind = ANY (ARRAY['mail'::text, 'webhook'::text, 'chat'::text, 'pager'::text])))
);

ALTER TABLE bc.channel OWNER TO bc_guard_owner;

--
-- Name: check_asked; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.check_asked (
    type text NOT NULL,
    scope_kind text NOT NULL,
    scope_name bc.name NOT NULL,
    target_site bc.name NOT NULL,
    drill text DEFAULT ''::text NOT NULL,
    asked_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    answered_at timestamp with time zone,
    findings jsonb DEFAULT '[]'::jsonb NOT NULL,
    against jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT check_asked_drill_check CHECK ((drill = ANY (ARRAY[''::text, 'rehearsal'::text, 'live'::text]))),
    CONSTRAINT check_asked_scope_kind_check CHECK ((scope_kind = ANY (ARRAY['resource'::text, 'group'::text])))
);

ALTER TABLE bc.check_asked OWNER TO bc_guard_owner;

--
-- Name: TABLE check_asked; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.check_asked IS 'A page asks, the runner looks at both sites and answers; nothing is requested by it. One row for each move that the inventory knows.';

--
-- Name: component_beat; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.component_beat (
    component text NOT NULL,
    instance text NOT NULL,
    beat_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE bc.component_beat OWNER TO bc_guard_owner;

--
-- Name: confirmation; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.confirmation (
    request text NOT NULL,
    plan_revision integer NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    phrase text NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    channel text NOT NULL,
    proof jsonb NOT NULL
);

ALTER TABLE bc.confirmation OWNER TO bc_guard_owner;

--
-- Name: current_status; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.current_status (
    resource text NOT NULL,
    status bc.status NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    since timestamp with time zone NOT NULL,
    assessment jsonb NOT NULL,
    observation jsonb NOT NULL,
    memory jsonb NOT NULL,
    alert jsonb NOT NULL,
    epoch bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT bc.now() NOT NULL
)
WITH (fillfactor='60');

ALTER TABLE bc.current_status OWNER TO bc_guard_owner;

--
-- Name: dependency; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.dependency (
    resource bc.name NOT NULL,
    "position" integer NOT NULL,
    on_resource bc.name,
    on_group bc.name,
    CONSTRAINT one_target CHECK (((num_nonnulls(on_resource, on_group) = 1) AND ((on_resource)::text IS DISTINCT FROM (resource)::text)))
);

ALTER TABLE bc.dependency OWNER TO bc_guard_owner;

--
-- Name: dispatch; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.dispatch (
    request text NOT NULL,
    number integer NOT NULL,
    dag text NOT NULL,
    run_id text NOT NULL,
    ordered_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    taken_at timestamp with time zone,
    why text DEFAULT ''::text NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT dispatch_dag_check CHECK ((dag = ANY (ARRAY['failover'::text, 'switchover'::text, 'failback'::text, 'drill'::text]))),
    CONSTRAINT dispatch_number_check CHECK ((number > 0)),
    CONSTRAINT dispatch_why_check CHECK ((length(why) <= 500)),
    CONSTRAINT named_after CHECK ((run_id = ((request || '~'::text) || number)))
);

ALTER TABLE bc.dispatch OWNER TO bc_guard_owner;

--
-- Name: TABLE dispatch; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.dispatch IS 'DAG runs that were ordered; one that is not here was started by hand and is refused.';

--
-- Name: COLUMN dispatch.why; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.dispatch.why IS 'Why this DAG run was ordered; of the first one that is clear.';

--
-- Name: COLUMN dispatch.closed_at; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.dispatch.closed_at IS 'Its note in Airflow says how the request ended.';

--
-- Name: endpoint; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.endpoint (
    resource bc.name NOT NULL,
    node bc.name NOT NULL,
    site bc.name NOT NULL,
    host text,
    port integer,
    database text,
    secret text,
    tls text NOT NULL,
    ca_file text,
    url text,
    json_field text,
    "position" integer NOT NULL,
    host_control text,
    CONSTRAINT endpoint_host_check CHECK ((length(host) <= 255)),
    CONSTRAINT endpoint_port_check CHECK (((port >= 1) AND (port <= 65535))),
    CONSTRAINT endpoint_secret_check CHECK ((secret ~ '^(env|vault):'::text)),
    CONSTRAINT endpoint_tls_check CHECK ((tls = ANY (ARRAY['verify-full'::text, 'verify-ca'::text, 'disable'::text]))),
    CONSTRAINT host_or_url CHECK (((num_nonnulls(host, url) = 1) AND ((host IS NULL) = (port IS NULL))))
);

ALTER TABLE bc.endpoint OWNER TO bc_guard_owner;

--
-- Name: COLUMN endpoint.secret; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.endpoint.secret IS 'A reference, never a value (SEC-005).';

--
-- Name: evidence; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.evidence (
    request text NOT NULL,
    number integer NOT NULL,
    manifest text NOT NULL,
    digest text NOT NULL,
    files bytea NOT NULL,
    made_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    tells integer NOT NULL,
    CONSTRAINT evidence_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT evidence_number_check CHECK ((number >= 0)),
    CONSTRAINT evidence_tells_check CHECK ((tells >= 0))
);
ALTER TABLE ONLY bc.evidence ALTER COLUMN files SET STORAGE EXTERNAL;

ALTER TABLE bc.evidence OWNER TO bc_guard_owner;

--
-- Name: TABLE evidence; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.evidence IS 'Number 0 is the pack of an ended request, the others are its addenda; never changed.';

--
-- Name: COLUMN evidence.files; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.evidence.files IS 'A container of the files that the manifest names, and the manifest itself.';

--
-- Name: COLUMN evidence.tells; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.evidence.tells IS 'How many words after the end (sign-offs, findings, closings) it tells of.';

--
-- Name: evidence_signoff; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.evidence_signoff (
    id bigint NOT NULL,
    request text NOT NULL,
    side text NOT NULL,
    answer text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    role bc.role NOT NULL,
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamp with time zone NOT NULL,
    mfa text[] DEFAULT '{}'::text[] NOT NULL,
    proof jsonb NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT evidence_signoff_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'rejected'::text]))),
    CONSTRAINT evidence_signoff_note_check CHECK (((length(note) <= 200) AND (note !~ '[[:cntrl:]]'::text))),
    CONSTRAINT evidence_signoff_side_check CHECK ((side = ANY (ARRAY['it'::text, 'business'::text])))
);

ALTER TABLE bc.evidence_signoff OWNER TO bc_guard_owner;

--
-- Name: COLUMN evidence_signoff.digest; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.evidence_signoff.digest IS 'SHA-256 of the manifest of the pack that was looked at.';

--
-- Name: evidence_signoff_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.evidence_signoff ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.evidence_signoff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: finding; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.finding (
    id bigint NOT NULL,
    request text NOT NULL,
    what text NOT NULL,
    owner bc.line NOT NULL,
    due date NOT NULL,
    key text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT finding_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100))),
    CONSTRAINT finding_what_check CHECK ((((length(what) >= 1) AND (length(what) <= 1000)) AND (what !~ '[[:cntrl:]]'::text)))
);

ALTER TABLE bc.finding OWNER TO bc_guard_owner;

--
-- Name: COLUMN finding.key; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.finding.key IS 'The same key from the same account is the same submission.';

--
-- Name: finding_closed; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.finding_closed (
    finding bigint NOT NULL,
    note text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT finding_closed_note_check CHECK ((((length(note) >= 1) AND (length(note) <= 1000)) AND (note !~ '[[:cntrl:]]'::text)))
);

ALTER TABLE bc.finding_closed OWNER TO bc_guard_owner;

--
-- Name: finding_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.finding ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: freeze; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc."freeze" (
    id bigint NOT NULL,
    since timestamp with time zone DEFAULT bc.now() NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    reason bc.line NOT NULL,
    thawed_at timestamp with time zone,
    thawed_issuer bc.line,
    thawed_subject bc.line,
    thaw_reason bc.line,
    thaw_proof jsonb,
    CONSTRAINT thawed_whole CHECK ((num_nonnulls(thawed_at, thawed_issuer, thawed_subject, thaw_reason) = ANY (ARRAY[0, 4])))
);

ALTER TABLE bc."freeze" OWNER TO bc_guard_owner;

--
-- Name: TABLE "freeze"; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc."freeze" IS 'The kill switch and its history: while a row is not thawed, nothing starts.';

--
-- Name: freeze_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc."freeze" ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.freeze_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: group_member; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.group_member (
    group_name bc.name NOT NULL,
    resource bc.name NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE bc.group_member OWNER TO bc_guard_owner;

--
-- Name: group_order; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.group_order (
    group_name bc.name NOT NULL,
    resource bc.name NOT NULL,
    after bc.name NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT group_order_check CHECK (((resource)::text <> (after)::text))
);

ALTER TABLE bc.group_order OWNER TO bc_guard_owner;

--
-- Name: identity; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.identity (
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    person bigint NOT NULL,
    linked_at timestamp with time zone DEFAULT bc.now() NOT NULL
);

ALTER TABLE bc.identity OWNER TO bc_guard_owner;

--
-- Name: TABLE identity; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.identity IS 'Accounts of a person. Linked accounts are one person: every rule compares persons.';

--
-- Name: instance; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.instance (
    incarnation integer NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    since timestamp with time zone DEFAULT bc.now() NOT NULL,
    reason text NOT NULL,
    CONSTRAINT instance_incarnation_check CHECK ((incarnation > 0))
);

ALTER TABLE bc.instance OWNER TO bc_guard_owner;

--
-- Name: TABLE instance; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.instance IS 'Incarnations of this database: a new row after each promotion or restore of it.';

--
-- Name: inventory_before; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.inventory_before (
    xact xid8 NOT NULL,
    rows jsonb NOT NULL
);

ALTER TABLE bc.inventory_before OWNER TO bc_guard_owner;

--
-- Name: TABLE inventory_before; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.inventory_before IS 'What the inventory held before a transaction that changes it; gone at its end.';

--
-- Name: inventory_change; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.inventory_change (
    revision bigint NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    actor text NOT NULL,
    summary text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    rows jsonb,
    differs jsonb,
    CONSTRAINT inventory_change_actor_check CHECK ((actor <> ''::text))
);

ALTER TABLE bc.inventory_change OWNER TO bc_guard_owner;

--
-- Name: TABLE inventory_change; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.inventory_change IS 'Who changed the inventory, when, and the whole state before and after.';

--
-- Name: COLUMN inventory_change.rows; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.inventory_change.rows IS 'What the inventory''s tables held, taken by a trigger and not from the writer.';

--
-- Name: COLUMN inventory_change.differs; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.inventory_change.differs IS 'Rows gone and new by the change, by table; audited.';

--
-- Name: inventory_revision; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.inventory_revision (
    singleton boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT inventory_revision_singleton_check CHECK (singleton)
);

ALTER TABLE bc.inventory_revision OWNER TO bc_guard_owner;

--
-- Name: lease; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.lease (
    name text NOT NULL,
    holder text NOT NULL,
    epoch bigint NOT NULL,
    acquired_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT lease_epoch_check CHECK ((epoch > 0))
)
WITH (fillfactor='50');

ALTER TABLE bc.lease OWNER TO bc_guard_owner;

--
-- Name: TABLE lease; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.lease IS 'Rows are never deleted: the epoch must never be used twice.';

--
-- Name: look_wish; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.look_wish (
    resource bc.name NOT NULL,
    wished_at timestamp with time zone NOT NULL
);

ALTER TABLE bc.look_wish OWNER TO bc_guard_owner;

--
-- Name: TABLE look_wish; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.look_wish IS 'Written by guards when a run begins, moves something or ends: what was observed of the resource before wished_at says nothing about now, and the poller looks at once.';

--
-- Name: observation; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.observation (
    resource text NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    status bc.status NOT NULL,
    codes text[] NOT NULL,
    active_site text,
    lag_replayed_s double precision,
    lag_received_s double precision,
    lag_bytes double precision,
    latency_s double precision,
    marker text,
    could_switch_over text NOT NULL,
    could_fail_over text NOT NULL,
    cold boolean NOT NULL,
    nodes jsonb NOT NULL
)
PARTITION BY RANGE (observed_at);

ALTER TABLE bc.observation OWNER TO bc_guard_owner;

--
-- Name: TABLE observation; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.observation IS 'Raw history, one partition a UTC day.';

--
-- Name: COLUMN observation.nodes; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.observation.nodes IS 'As seen, without settings and extensions: these stand in current_status.';

--
-- Name: observation_default; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.observation_default (
    resource text CONSTRAINT observation_resource_not_null NOT NULL,
    observed_at timestamp with time zone CONSTRAINT observation_observed_at_not_null NOT NULL,
    status bc.status CONSTRAINT observation_status_not_null NOT NULL,
    codes text[] CONSTRAINT observation_codes_not_null NOT NULL,
    active_site text,
    lag_replayed_s double precision,
    lag_received_s double precision,
    lag_bytes double precision,
    latency_s double precision,
    marker text,
    could_switch_over text CONSTRAINT observation_could_switch_over_not_null NOT NULL,
    could_fail_over text CONSTRAINT observation_could_fail_over_not_null NOT NULL,
    cold boolean CONSTRAINT observation_cold_not_null NOT NULL,
    nodes jsonb CONSTRAINT observation_nodes_not_null NOT NULL
);

ALTER TABLE bc.observation_default OWNER TO bc_guard_owner;

--
-- Name: outbox; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.outbox (
    id bigint NOT NULL,
    channel text NOT NULL,
    dedup_key text NOT NULL,
    resource text,
    environment bc.environment NOT NULL,
    production boolean DEFAULT false NOT NULL,
    notification jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    due_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    claimed_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    delivered_at timestamp with time zone,
    dead_at timestamp with time zone,
    last_error text,
    CONSTRAINT one_end CHECK (((delivered_at IS NULL) OR (dead_at IS NULL))),
    CONSTRAINT only_production_reaches_production CHECK ((((environment)::text = 'prod'::text) OR (NOT production))),
    CONSTRAINT outbox_dedup_key_check CHECK ((dedup_key <> ''::text))
);

ALTER TABLE bc.outbox OWNER TO bc_guard_owner;

--
-- Name: COLUMN outbox.environment; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.outbox.environment IS 'Taken from the inventory by a trigger, not from the writer.';

--
-- Name: COLUMN outbox.production; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.outbox.production IS 'Of the channel; taken from the inventory by a trigger.';

--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: person; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.person (
    id bigint NOT NULL,
    name bc.line NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT bc.now() NOT NULL
);

ALTER TABLE bc.person OWNER TO bc_guard_owner;

--
-- Name: person_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.person ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: policy_need; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.policy_need (
    version integer NOT NULL,
    "position" integer NOT NULL,
    role bc.role NOT NULL,
    count integer NOT NULL,
    CONSTRAINT policy_need_count_check CHECK (((count >= 1) AND (count <= 9))),
    CONSTRAINT policy_need_role_check CHECK (((role)::text = ANY (ARRAY['approver-it'::text, 'approver-business'::text])))
);

ALTER TABLE bc.policy_need OWNER TO bc_guard_owner;

--
-- Name: policy_rule; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.policy_rule (
    version integer NOT NULL,
    "position" integer NOT NULL,
    name bc.line NOT NULL,
    tiers smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    types text[] DEFAULT '{}'::text[] NOT NULL,
    environments text[] DEFAULT '{}'::text[] NOT NULL,
    ticket_required boolean DEFAULT false NOT NULL,
    ticket_pattern text,
    pending_s bc.seconds DEFAULT 86400 NOT NULL,
    approved_s bc.seconds DEFAULT 14400 NOT NULL,
    ready_s bc.seconds DEFAULT 900 NOT NULL,
    in_blackout text DEFAULT 'forbid'::text NOT NULL,
    CONSTRAINT policy_rule_in_blackout CHECK ((in_blackout = ANY (ARRAY['forbid'::text, 'warn'::text]))),
    CONSTRAINT policy_rule_position_check CHECK (("position" > 0)),
    CONSTRAINT policy_rule_version_check CHECK ((version > 0))
);

ALTER TABLE bc.policy_rule OWNER TO bc_guard_owner;

--
-- Name: TABLE policy_rule; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.policy_rule IS 'Approval rules. The newest version counts; the first rule that covers a request decides.';

--
-- Name: COLUMN policy_rule.in_blackout; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.policy_rule.in_blackout IS 'What is asked by hand for a day in a blackout: refused, or asked with a warning. A failover and break-glass are never held up.';

--
-- Name: precheck; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.precheck (
    id bigint NOT NULL,
    request text NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    findings jsonb NOT NULL
);

ALTER TABLE bc.precheck OWNER TO bc_guard_owner;

--
-- Name: precheck_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.precheck ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.precheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: proof; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.proof (
    id bigint NOT NULL,
    kind text NOT NULL,
    ref text NOT NULL,
    request text,
    signature text,
    stored_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    looked_at timestamp with time zone,
    holds boolean,
    CONSTRAINT looked_whole CHECK (((looked_at IS NULL) = (holds IS NULL)))
);

ALTER TABLE bc.proof OWNER TO bc_guard_owner;

--
-- Name: TABLE proof; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.proof IS 'Every signed word: which table and row it is, its signature once, and what the runner found. Written by a trigger.';

--
-- Name: proof_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.proof ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.proof_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: refused_attempt; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.refused_attempt (
    issuer text NOT NULL,
    subject text NOT NULL,
    verb text NOT NULL,
    code text NOT NULL,
    system text DEFAULT ''::text NOT NULL,
    minute timestamp with time zone NOT NULL,
    count integer DEFAULT 1 NOT NULL,
    audited integer DEFAULT 0 NOT NULL
);

ALTER TABLE bc.refused_attempt OWNER TO bc_guard_owner;

--
-- Name: TABLE refused_attempt; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.refused_attempt IS 'Refusals counted by the minute: the audit gets the first one and one record of the repeats.';

--
-- Name: request; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.request (
    id text NOT NULL,
    type text NOT NULL,
    scope_kind text NOT NULL,
    scope_name bc.name NOT NULL,
    target_site bc.name NOT NULL,
    reason bc.line NOT NULL,
    ticket bc.line,
    retry_of text,
    window_start timestamp with time zone,
    window_end timestamp with time zone,
    tier smallint NOT NULL,
    environment bc.environment NOT NULL,
    policy_version integer NOT NULL,
    policy_position integer NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    key text NOT NULL,
    key_digest text NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    plan_revision integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    state_since timestamp with time zone DEFAULT bc.now() NOT NULL,
    expires_at timestamp with time zone,
    breakglass bigint,
    last_event text DEFAULT 'draft'::text NOT NULL,
    last_by text,
    last_reason text,
    drill text,
    schedule text,
    due_at timestamp with time zone,
    tag text,
    CONSTRAINT request_check CHECK (((drill IS NULL) OR ((drill = ANY (ARRAY['rehearsal'::text, 'live'::text])) AND (type = 'drill'::text)))),
    CONSTRAINT request_check1 CHECK (((tag IS NULL) OR ((tag = 'planned-rotation'::text) AND (type = 'switchover'::text)))),
    CONSTRAINT request_id_check CHECK ((id ~ '^r-[0-9]+$'::text)),
    CONSTRAINT request_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100))),
    CONSTRAINT request_scope_kind_check CHECK ((scope_kind = ANY (ARRAY['resource'::text, 'group'::text]))),
    CONSTRAINT request_state_check CHECK ((state = ANY (ARRAY['Draft'::text, 'PendingApproval'::text, 'Approved'::text, 'ReadyToStart'::text, 'Running'::text, 'Held'::text, 'Stopping'::text, 'ServiceRestored'::text, 'Succeeded'::text, 'Failed'::text, 'Rejected'::text, 'Expired'::text, 'Cancelled'::text]))),
    CONSTRAINT request_tier_check CHECK ((tier = ANY (ARRAY[1, 2]))),
    CONSTRAINT request_type_check CHECK ((type = ANY (ARRAY['failover'::text, 'switchover'::text, 'failback'::text, 'drill'::text]))),
    CONSTRAINT scheduled_whole CHECK (((schedule IS NULL) = (due_at IS NULL))),
    CONSTRAINT window_whole CHECK ((((window_start IS NULL) = (window_end IS NULL)) AND (window_start < window_end)))
);

ALTER TABLE bc.request OWNER TO bc_guard_owner;

--
-- Name: TABLE request; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.request IS 'One asked-for state change. Its guard fills tier, environment, policy, times and number.';

--
-- Name: request_history; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.request_history (
    id bigint NOT NULL,
    request text NOT NULL,
    at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    event text NOT NULL,
    before text,
    after text NOT NULL,
    by text,
    reason text
);

ALTER TABLE bc.request_history OWNER TO bc_guard_owner;

--
-- Name: request_history_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.request_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.request_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: request_number; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

CREATE SEQUENCE bc.request_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE bc.request_number OWNER TO bc_guard_owner;

--
-- Name: request_plan; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.request_plan (
    request text NOT NULL,
    revision integer CONSTRAINT request_plan_revision_not_null1 NOT NULL,
    digest text NOT NULL,
    plan jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    because text,
    CONSTRAINT request_plan_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT request_plan_revision_check CHECK ((revision > 0))
);

ALTER TABLE bc.request_plan OWNER TO bc_guard_owner;

--
-- Name: COLUMN request_plan.because; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.request_plan.because IS 'Why it replaced the revision before and voided its votes.';

--
-- Name: resource; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.resource (
    name bc.name NOT NULL,
    platform text NOT NULL,
    tier smallint NOT NULL,
    environment bc.environment NOT NULL,
    owner bc.line NOT NULL,
    home_site bc.name NOT NULL,
    dr_site bc.name NOT NULL,
    interval_s bc.seconds NOT NULL,
    rpo_s bc.seconds,
    lag_warn_s bc.seconds,
    lag_critical_s bc.seconds,
    retained_wal_warn_bytes bigint,
    latency_warn_s bc.seconds,
    long_transaction_warn_s bc.seconds,
    alert_after_s double precision,
    heartbeat_interval_s bc.seconds,
    notes text DEFAULT ''::text NOT NULL,
    "position" integer NOT NULL,
    rto_s bc.seconds,
    execution jsonb,
    manager text DEFAULT 'none'::text NOT NULL,
    manager_overruled text DEFAULT ''::text NOT NULL,
    CONSTRAINT resource_alert_after_s_check CHECK (((alert_after_s >= (0)::double precision) AND (alert_after_s < 'Infinity'::double precision))),
    CONSTRAINT resource_manager_check CHECK ((manager = ANY (ARRAY['none'::text, 'patroni'::text, 'cloudnativepg'::text, 'repmgr'::text, 'pg_auto_failover'::text, 'cloud'::text, 'other'::text]))),
    CONSTRAINT resource_platform_check CHECK ((platform = ANY (ARRAY['postgresql'::text, 'http'::text]))),
    CONSTRAINT resource_retained_wal_warn_bytes_check CHECK ((retained_wal_warn_bytes > 0)),
    CONSTRAINT resource_tier_check CHECK ((tier = ANY (ARRAY[1, 2]))),
    CONSTRAINT two_sites CHECK (((home_site)::text <> (dr_site)::text)),
    CONSTRAINT warn_before_critical CHECK (((lag_warn_s)::double precision <= (lag_critical_s)::double precision))
);

ALTER TABLE bc.resource OWNER TO bc_guard_owner;

--
-- Name: TABLE resource; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.resource IS 'One replicated database or application dependency. Seconds and bytes.';

--
-- Name: COLUMN resource.execution; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.resource.execution IS 'What acting on it needs, with references to secrets, never values; empty: monitored only.';

--
-- Name: resource_group; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.resource_group (
    name bc.name NOT NULL,
    tier smallint NOT NULL,
    owner bc.line NOT NULL,
    rpo_s bc.seconds,
    "position" integer NOT NULL,
    rto_s bc.seconds,
    if_partial text DEFAULT 'finish'::text NOT NULL,
    CONSTRAINT resource_group_if_partial_check CHECK ((if_partial = ANY (ARRAY['finish'::text, 'return'::text]))),
    CONSTRAINT resource_group_tier_check CHECK ((tier = ANY (ARRAY[1, 2])))
);

ALTER TABLE bc.resource_group OWNER TO bc_guard_owner;

--
-- Name: resource_lease; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.resource_lease (
    resource bc.name NOT NULL,
    request text NOT NULL,
    epoch bigint NOT NULL,
    holder bc.line NOT NULL,
    ttl_s double precision NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    CONSTRAINT resource_lease_ttl_s_check CHECK (((ttl_s > (0)::double precision) AND (ttl_s <= (300)::double precision)))
);

ALTER TABLE bc.resource_lease OWNER TO bc_guard_owner;

--
-- Name: TABLE resource_lease; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.resource_lease IS 'Whose a resource is: until released_at. Who may act on it: the epoch, until expires_at.';

--
-- Name: role_assignment; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.role_assignment (
    person bigint NOT NULL,
    role bc.role NOT NULL,
    last_seen_at timestamp with time zone DEFAULT bc.now() NOT NULL
);

ALTER TABLE bc.role_assignment OWNER TO bc_guard_owner;

--
-- Name: COLUMN role_assignment.last_seen_at; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.role_assignment.last_seen_at IS 'When the sign-on last said so. Not seen for 24 h: it does not count.';

--
-- Name: route; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.route (
    "position" integer NOT NULL,
    tiers smallint[] NOT NULL,
    environments text[] NOT NULL,
    CONSTRAINT route_environments_check CHECK (((environments <@ ARRAY['prod'::text, 'staging'::text, 'test'::text, 'dev'::text, 'demo'::text]) AND (cardinality(environments) > 0))),
    CONSTRAINT route_tiers_check CHECK (((tiers <@ ARRAY[(1)::smallint, (2)::smallint]) AND (cardinality(tiers) > 0)))
);

ALTER TABLE bc.route OWNER TO bc_guard_owner;

--
-- Name: route_channel; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.route_channel (
    route integer NOT NULL,
    channel bc.name NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE bc.route_channel OWNER TO bc_guard_owner;

--
-- Name: run; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.run (
    request text NOT NULL,
    plan_revision integer NOT NULL,
    epoch bigint NOT NULL,
    written_in text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    executor bc.line NOT NULL,
    prechecks jsonb DEFAULT '[]'::jsonb NOT NULL,
    owed text[] DEFAULT '{}'::text[] NOT NULL,
    outcome text,
    members jsonb DEFAULT '{}'::jsonb NOT NULL,
    outage_began_at timestamp with time zone,
    restored_at timestamp with time zone,
    unprotected_since timestamp with time zone,
    held_because text DEFAULT ''::text NOT NULL,
    ended_at timestamp with time zone,
    proofs jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT run_outcome_check CHECK ((outcome = ANY (ARRAY['Untouched'::text, 'WritesStopped'::text, 'PartiallyMoved'::text, 'RolledBack'::text, 'Indeterminate'::text]))),
    CONSTRAINT run_owed_check CHECK ((owed <@ ARRAY['FenceOwed'::text, 'ReprotectOwed'::text, 'SynchronousOwed'::text, 'ReviewOwed'::text]))
);

ALTER TABLE bc.run OWNER TO bc_guard_owner;

--
-- Name: TABLE run; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.run IS 'The execution of a request. epoch: who wrote last; written_in: the transaction that did, for the request''s guard.';

--
-- Name: COLUMN run.proofs; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.run.proofs IS 'What the monitor knew at the start, one a resource; like the plan it never changes.';

--
-- Name: run_act; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.run_act (
    id bigint NOT NULL,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    kind text NOT NULL,
    step text DEFAULT ''::text NOT NULL,
    value text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    role bc.role NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamp with time zone NOT NULL,
    mfa text[] DEFAULT '{}'::text[] NOT NULL,
    proof jsonb NOT NULL,
    CONSTRAINT known_answer CHECK (
CASE kind
    WHEN 'resolve'::text THEN (value = ANY (ARRAY['done'::text, 'not-done'::text, 'give-up'::text]))
    WHEN 'attest'::text THEN ((value = ANY (ARRAY['done'::text, 'not-done'::text])) OR (value ~ '^done@[0-9A-F]{1,8}/[0-9A-F]{1,8}$'::text))
    WHEN 'override'::text THEN (value <> ''::text)
    WHEN 'consent'::text THEN (value <> ''::text)
    ELSE true
END),
    CONSTRAINT run_act_kind_check CHECK ((kind = ANY (ARRAY['stop'::text, 'resolve'::text, 'attest'::text, 'waive'::text, 'override'::text, 'consent'::text, 'allow'::text, 'end-hold'::text, 'acknowledge'::text]))),
    CONSTRAINT run_act_note_check CHECK (((length(note) <= 200) AND (note !~ '[[:cntrl:]]'::text))),
    CONSTRAINT run_act_value_check CHECK (((length(value) <= 400) AND (value !~ '[[:cntrl:]]'::text)))
);

ALTER TABLE bc.run_act OWNER TO bc_guard_owner;

--
-- Name: TABLE run_act; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.run_act IS 'What people decide about a run. Written by bc_ui; the runner verifies the proof before it counts.';

--
-- Name: run_act_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.run_act ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.run_act_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: run_epoch; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

CREATE SEQUENCE bc.run_epoch
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE bc.run_epoch OWNER TO bc_guard_owner;

--
-- Name: run_event; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.run_event (
    id bigint NOT NULL,
    request text NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    level text NOT NULL,
    text text NOT NULL,
    step text DEFAULT ''::text NOT NULL,
    CONSTRAINT run_event_level_check CHECK ((level = ANY (ARRAY['info'::text, 'warning'::text, 'error'::text]))),
    CONSTRAINT run_event_text_check CHECK ((length(text) <= 4000))
);

ALTER TABLE bc.run_event OWNER TO bc_guard_owner;

--
-- Name: run_event_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.run_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.run_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: run_mark; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.run_mark (
    id bigint NOT NULL,
    request text NOT NULL,
    step text NOT NULL,
    name text NOT NULL,
    epoch bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT run_mark_name_check CHECK ((name = ANY (ARRAY['fenced'::text, 'fence-owed'::text, 'caught-up'::text, 'promoted'::text, 'written'::text, 'undone'::text, 'two-writers'::text, 'one-writer'::text])))
);

ALTER TABLE bc.run_mark OWNER TO bc_guard_owner;

--
-- Name: COLUMN run_mark.at; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON COLUMN bc.run_mark.at IS 'By the runner''s clock, when it happened; recorded_at by ours, when we were told.';

--
-- Name: run_mark_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.run_mark ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.run_mark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: run_step; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.run_step (
    request text NOT NULL,
    key text NOT NULL,
    "position" integer NOT NULL,
    step jsonb NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    epoch bigint,
    attempts integer DEFAULT 0 NOT NULL,
    claimed_at timestamp with time zone,
    ended_at timestamp with time zone,
    sentence text DEFAULT ''::text NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    findings jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT run_step_key_check CHECK ((key <> ''::text)),
    CONSTRAINT run_step_position_check CHECK (("position" > 0)),
    CONSTRAINT run_step_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'claimed'::text, 'seen'::text, 'unknown'::text, 'waiting'::text, 'verified'::text, 'failed'::text, 'skipped'::text])))
);

ALTER TABLE bc.run_step OWNER TO bc_guard_owner;

--
-- Name: TABLE run_step; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.run_step IS 'The journal. Its steps are those of the approved plan, copied when the run starts.';

--
-- Name: run_term; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.run_term (
    epoch bigint NOT NULL,
    request text NOT NULL,
    holder bc.line NOT NULL,
    began_at timestamp with time zone DEFAULT bc.now() NOT NULL
);

ALTER TABLE bc.run_term OWNER TO bc_guard_owner;

--
-- Name: TABLE run_term; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.run_term IS 'Every right to act that was ever given, and to whom. Its guard draws the epoch, so that none is used twice.';

--
-- Name: schedule_notice; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.schedule_notice (
    schedule text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    channel bc.name NOT NULL,
    lead_s bc.seconds NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL
);

ALTER TABLE bc.schedule_notice OWNER TO bc_guard_owner;

--
-- Name: TABLE schedule_notice; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.schedule_notice IS 'Pre-notices that were put into the outbox: each once.';

--
-- Name: schedule_number; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

CREATE SEQUENCE bc.schedule_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE bc.schedule_number OWNER TO bc_guard_owner;

--
-- Name: schedule_occurrence; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.schedule_occurrence (
    schedule text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    outcome text NOT NULL,
    code text,
    because text,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT schedule_occurrence_because_check CHECK ((length(because) <= 1000)),
    CONSTRAINT schedule_occurrence_outcome_check CHECK ((outcome = ANY (ARRAY['requested'::text, 'missed'::text, 'refused'::text, 'skipped'::text])))
);

ALTER TABLE bc.schedule_occurrence OWNER TO bc_guard_owner;

--
-- Name: TABLE schedule_occurrence; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.schedule_occurrence IS 'What became of a date that has come: one row, at most one request, whoever looks how often.';

--
-- Name: schedule_version; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.schedule_version (
    schedule text NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    title bc.line NOT NULL,
    type text NOT NULL,
    drill text,
    tag text,
    scope_kind text NOT NULL,
    scope_name bc.name NOT NULL,
    target_site bc.name,
    reason bc.line NOT NULL,
    ticket bc.line,
    zone text NOT NULL,
    starts timestamp without time zone NOT NULL,
    rule text,
    lasts_s bc.seconds NOT NULL,
    catch_up_s double precision NOT NULL,
    window_after_s double precision,
    window_s bc.seconds,
    notices jsonb DEFAULT '[]'::jsonb NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    key text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT drill_said CHECK (((drill IS NULL) = (type <> 'drill'::text))),
    CONSTRAINT schedule_version_catch_up_s_check CHECK (((catch_up_s >= (0)::double precision) AND (catch_up_s <= (86400)::double precision))),
    CONSTRAINT schedule_version_check CHECK (((tag IS NULL) OR ((tag = 'planned-rotation'::text) AND (type = 'switchover'::text)))),
    CONSTRAINT schedule_version_drill_check CHECK ((drill = ANY (ARRAY['rehearsal'::text, 'live'::text]))),
    CONSTRAINT schedule_version_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100))),
    CONSTRAINT schedule_version_note_check CHECK (((length(note) <= 200) AND (note !~ '[[:cntrl:]]'::text))),
    CONSTRAINT schedule_version_rule_check CHECK (((length(rule) >= 1) AND (length(rule) <= 200))),
    CONSTRAINT schedule_version_schedule_check CHECK ((schedule ~ '^s-[0-9]+$'::text)),
    CONSTRAINT schedule_version_scope_kind_check CHECK ((scope_kind = ANY (ARRAY['resource'::text, 'group'::text]))),
    CONSTRAINT schedule_version_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'removed'::text]))),
    CONSTRAINT schedule_version_type_check CHECK ((type = ANY (ARRAY['switchover'::text, 'failback'::text, 'drill'::text]))),
    CONSTRAINT schedule_version_version_check CHECK ((version > 0)),
    CONSTRAINT schedule_version_window_after_s_check CHECK ((window_after_s >= (0)::double precision)),
    CONSTRAINT schedule_version_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 63))),
    CONSTRAINT window_whole CHECK (((window_after_s IS NULL) = (window_s IS NULL)))
);

ALTER TABLE bc.schedule_version OWNER TO bc_guard_owner;

--
-- Name: TABLE schedule_version; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.schedule_version IS 'Every version of every schedule; the newest counts. Whoever made one is an editor and counts as requester.';

--
-- Name: schema_version; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.schema_version (
    version_num character varying(32) NOT NULL
);

ALTER TABLE bc.schema_version OWNER TO bc_guard_owner;

--
-- Name: signed_out; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.signed_out (
    ticket text NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT signed_out_ticket_check CHECK ((ticket ~ '^[A-Za-z0-9_-]{1,64}$'::text))
);

ALTER TABLE bc.signed_out OWNER TO bc_guard_owner;

--
-- Name: TABLE signed_out; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.signed_out IS 'A ticket named here is refused; after `until` it would be anyway.';

--
-- Name: site; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.site (
    name bc.name NOT NULL,
    title bc.line NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE bc.site OWNER TO bc_guard_owner;

--
-- Name: status_change; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.status_change (
    id bigint NOT NULL,
    resource text NOT NULL,
    at timestamp with time zone NOT NULL,
    before bc.status,
    after bc.status NOT NULL,
    codes text[] NOT NULL,
    text text NOT NULL
);

ALTER TABLE bc.status_change OWNER TO bc_guard_owner;

--
-- Name: status_change_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.status_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.status_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: trend_hour; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.trend_hour (
    resource text NOT NULL,
    start timestamp with time zone NOT NULL,
    count integer NOT NULL,
    worst bc.status NOT NULL,
    lag_replayed_s_low double precision,
    lag_replayed_s_high double precision,
    lag_received_s_low double precision,
    lag_received_s_high double precision,
    lag_bytes_low double precision,
    lag_bytes_high double precision,
    latency_s_low double precision,
    latency_s_high double precision,
    CONSTRAINT trend_hour_count_check CHECK ((count > 0))
)
WITH (fillfactor='70');

ALTER TABLE bc.trend_hour OWNER TO bc_guard_owner;

--
-- Name: TABLE trend_hour; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.trend_hour IS 'The same in 3600 s, kept for months.';

--
-- Name: trend_minute; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.trend_minute (
    resource text NOT NULL,
    start timestamp with time zone NOT NULL,
    count integer NOT NULL,
    worst bc.status NOT NULL,
    lag_replayed_s_low double precision,
    lag_replayed_s_high double precision,
    lag_received_s_low double precision,
    lag_received_s_high double precision,
    lag_bytes_low double precision,
    lag_bytes_high double precision,
    latency_s_low double precision,
    latency_s_high double precision,
    CONSTRAINT trend_minute_count_check CHECK ((count > 0))
)
PARTITION BY RANGE (start);

ALTER TABLE bc.trend_minute OWNER TO bc_guard_owner;

--
-- Name: TABLE trend_minute; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.trend_minute IS 'Least and greatest in 60 s, kept as long as raw data. A gap is an absent row.';

--
-- Name: trend_minute_default; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.trend_minute_default (
    resource text CONSTRAINT trend_minute_resource_not_null NOT NULL,
    start timestamp with time zone CONSTRAINT trend_minute_start_not_null NOT NULL,
    count integer CONSTRAINT trend_minute_count_not_null NOT NULL,
    worst bc.status CONSTRAINT trend_minute_worst_not_null NOT NULL,
    lag_replayed_s_low double precision,
    lag_replayed_s_high double precision,
    lag_received_s_low double precision,
    lag_received_s_high double precision,
    lag_bytes_low double precision,
    lag_bytes_high double precision,
    latency_s_low double precision,
    latency_s_high double precision,
    CONSTRAINT trend_minute_count_check CHECK ((count > 0))
)
WITH (fillfactor='70');

ALTER TABLE bc.trend_minute_default OWNER TO bc_guard_owner;

--
-- Name: turn; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.turn (
    name text NOT NULL,
    CONSTRAINT turn_name_check CHECK (((length(name) >= 1) AND (length(name) <= 300)))
);

ALTER TABLE bc.turn OWNER TO bc_guard_owner;

--
-- Name: TABLE turn; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.turn IS 'Locked by bc.take_turn until the end of the transaction. Any role could take an advisory lock.';

--
-- Name: vote; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.vote (
    id bigint NOT NULL,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    person bigint NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    role bc.role NOT NULL,
    decision text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamp with time zone NOT NULL,
    mfa text[] DEFAULT '{}'::text[] NOT NULL,
    proof jsonb NOT NULL,
    CONSTRAINT vote_decision_check CHECK ((decision = ANY (ARRAY['approve'::text, 'deny'::text]))),
    CONSTRAINT vote_reason_check CHECK ((length(reason) <= 200))
);

ALTER TABLE bc.vote OWNER TO bc_guard_owner;

--
-- Name: vote_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.vote ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.vote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: vote_key; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.vote_key (
    key_id bc.line NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    public_key text NOT NULL,
    since timestamp with time zone DEFAULT bc.now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT vote_key_public_key_check CHECK ((public_key ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE bc.vote_key OWNER TO bc_guard_owner;

--
-- Name: TABLE vote_key; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.vote_key IS 'Ed25519 public keys that proofs of votes are checked with. Written by bc_sign_on only (decision 16); audited.';

--
-- Name: withdrawal; Type: TABLE; Schema: bc; Owner: bc_guard_owner
--

CREATE TABLE bc.withdrawal (
    id bigint NOT NULL,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    proof jsonb NOT NULL
);

ALTER TABLE bc.withdrawal OWNER TO bc_guard_owner;

--
-- Name: TABLE withdrawal; Type: COMMENT; Schema: bc; Owner: bc_guard_owner
--

COMMENT ON TABLE bc.withdrawal IS 'The requester signs that the request is taken back.';

--
-- Name: withdrawal_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.withdrawal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME bc.withdrawal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: observation_default; Type: TABLE ATTACH; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.observation ATTACH PARTITION bc.observation_default DEFAULT;

--
-- Name: trend_minute_default; Type: TABLE ATTACH; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.trend_minute ATTACH PARTITION bc.trend_minute_default DEFAULT;

--
-- Name: airflow_report airflow_report_event_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.airflow_report
    ADD CONSTRAINT airflow_report_event_key UNIQUE (event);

--
-- Name: airflow_report airflow_report_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.airflow_report
    ADD CONSTRAINT airflow_report_pkey PRIMARY KEY (id);

--
-- Name: blackout blackout_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.blackout
    ADD CONSTRAINT blackout_pkey PRIMARY KEY (id);

--
-- Name: breakglass_grant breakglass_grant_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_grant
    ADD CONSTRAINT breakglass_grant_pkey PRIMARY KEY (id);

--
-- Name: breakglass_grant breakglass_grant_used_by_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_grant
    ADD CONSTRAINT breakglass_grant_used_by_key UNIQUE (used_by);

--
-- Name: breakglass_review breakglass_review_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_review
    ADD CONSTRAINT breakglass_review_pkey PRIMARY KEY (id);

--
-- Name: breakglass_use breakglass_use_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_use
    ADD CONSTRAINT breakglass_use_pkey PRIMARY KEY (id);

--
-- Name: calendar_feed calendar_feed_digest_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.calendar_feed
    ADD CONSTRAINT calendar_feed_digest_key UNIQUE (digest);

--
-- Name: calendar_feed calendar_feed_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.calendar_feed
    ADD CONSTRAINT calendar_feed_pkey PRIMARY KEY (id);

--
-- Name: channel channel_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.channel
    ADD CONSTRAINT channel_pkey PRIMARY KEY (name);

--
-- Name: check_asked check_asked_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.check_asked
    ADD CONSTRAINT check_asked_pkey PRIMARY KEY (type, scope_kind, scope_name, target_site, drill);

--
-- Name: component_beat component_beat_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.component_beat
    ADD CONSTRAINT component_beat_pkey PRIMARY KEY (component, instance);

--
-- Name: confirmation confirmation_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.confirmation
    ADD CONSTRAINT confirmation_pkey PRIMARY KEY (request, plan_revision);

--
-- Name: current_status current_status_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.current_status
    ADD CONSTRAINT current_status_pkey PRIMARY KEY (resource);

--
-- Name: dependency dependency_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_pkey PRIMARY KEY (resource, "position");

--
-- Name: dependency dependency_resource_on_resource_on_group_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_resource_on_resource_on_group_key UNIQUE NULLS NOT DISTINCT (resource, on_resource, on_group);

--
-- Name: dispatch dispatch_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dispatch
    ADD CONSTRAINT dispatch_pkey PRIMARY KEY (request, number);

--
-- Name: dispatch dispatch_run_id_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dispatch
    ADD CONSTRAINT dispatch_run_id_key UNIQUE (run_id);

--
-- Name: endpoint endpoint_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (resource, node);

--
-- Name: evidence evidence_digest_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence
    ADD CONSTRAINT evidence_digest_key UNIQUE (digest);

--
-- Name: evidence evidence_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (request, number);

--
-- Name: evidence_signoff evidence_signoff_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence_signoff
    ADD CONSTRAINT evidence_signoff_pkey PRIMARY KEY (id);

--
-- Name: evidence_signoff evidence_signoff_request_side_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence_signoff
    ADD CONSTRAINT evidence_signoff_request_side_key UNIQUE (request, side);

--
-- Name: finding_closed finding_closed_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding_closed
    ADD CONSTRAINT finding_closed_pkey PRIMARY KEY (finding);

--
-- Name: finding finding_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding
    ADD CONSTRAINT finding_pkey PRIMARY KEY (id);

--
-- Name: finding finding_request_issuer_subject_key_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding
    ADD CONSTRAINT finding_request_issuer_subject_key_key UNIQUE (request, issuer, subject, key);

--
-- Name: freeze freeze_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc."freeze"
    ADD CONSTRAINT freeze_pkey PRIMARY KEY (id);

--
-- Name: group_member group_member_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.group_member
    ADD CONSTRAINT group_member_pkey PRIMARY KEY (group_name, resource);

--
-- Name: group_order group_order_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.group_order
    ADD CONSTRAINT group_order_pkey PRIMARY KEY (group_name, resource, after);

--
-- Name: identity identity_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (issuer, subject);

--
-- Name: instance instance_id_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.instance
    ADD CONSTRAINT instance_id_key UNIQUE (id);

--
-- Name: instance instance_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (incarnation);

--
-- Name: inventory_before inventory_before_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.inventory_before
    ADD CONSTRAINT inventory_before_pkey PRIMARY KEY (xact);

--
-- Name: inventory_change inventory_change_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.inventory_change
    ADD CONSTRAINT inventory_change_pkey PRIMARY KEY (revision);

--
-- Name: inventory_revision inventory_revision_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.inventory_revision
    ADD CONSTRAINT inventory_revision_pkey PRIMARY KEY (singleton);

--
-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (name);

--
-- Name: look_wish look_wish_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.look_wish
    ADD CONSTRAINT look_wish_pkey PRIMARY KEY (resource);

--
-- Name: vote_key one_key_one_account; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote_key
    ADD CONSTRAINT one_key_one_account UNIQUE (public_key);

--
-- Name: run_mark one_mark_a_moment; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_mark
    ADD CONSTRAINT one_mark_a_moment UNIQUE (request, step, name, at);

--
-- Name: request one_request_a_date; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT one_request_a_date UNIQUE (schedule, due_at);

--
-- Name: vote one_vote_a_person; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote
    ADD CONSTRAINT one_vote_a_person UNIQUE (request, plan_revision, person);

--
-- Name: outbox outbox_channel_dedup_key_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.outbox
    ADD CONSTRAINT outbox_channel_dedup_key_key UNIQUE (channel, dedup_key);

--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

--
-- Name: person person_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

--
-- Name: change_decision policy_decision_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_decision
    ADD CONSTRAINT policy_decision_pkey PRIMARY KEY (proposal);

--
-- Name: policy_need policy_need_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.policy_need
    ADD CONSTRAINT policy_need_pkey PRIMARY KEY (version, "position", role);

--
-- Name: change_outcome policy_outcome_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_outcome
    ADD CONSTRAINT policy_outcome_pkey PRIMARY KEY (proposal);

--
-- Name: change_proposal policy_proposal_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_proposal
    ADD CONSTRAINT policy_proposal_pkey PRIMARY KEY (id);

--
-- Name: policy_rule policy_rule_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.policy_rule
    ADD CONSTRAINT policy_rule_pkey PRIMARY KEY (version, "position");

--
-- Name: precheck precheck_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.precheck
    ADD CONSTRAINT precheck_pkey PRIMARY KEY (id);

--
-- Name: proof proof_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.proof
    ADD CONSTRAINT proof_pkey PRIMARY KEY (id);

--
-- Name: proof proof_signature_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.proof
    ADD CONSTRAINT proof_signature_key UNIQUE (signature);

--
-- Name: refused_attempt refused_attempt_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.refused_attempt
    ADD CONSTRAINT refused_attempt_pkey PRIMARY KEY (issuer, subject, minute, verb, code, system);

--
-- Name: request request_breakglass_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_breakglass_key UNIQUE (breakglass);

--
-- Name: request_history request_history_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request_history
    ADD CONSTRAINT request_history_pkey PRIMARY KEY (id);

--
-- Name: request request_issuer_subject_key_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_issuer_subject_key_key UNIQUE (issuer, subject, key);

--
-- Name: request request_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (id);

--
-- Name: request_plan request_plan_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request_plan
    ADD CONSTRAINT request_plan_pkey PRIMARY KEY (request, revision);

--
-- Name: resource_group resource_group_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource_group
    ADD CONSTRAINT resource_group_pkey PRIMARY KEY (name);

--
-- Name: resource_lease resource_lease_epoch; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource_lease
    ADD CONSTRAINT resource_lease_epoch UNIQUE (resource, epoch);

--
-- Name: resource_lease resource_lease_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource_lease
    ADD CONSTRAINT resource_lease_pkey PRIMARY KEY (resource);

--
-- Name: resource resource_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (name);

--
-- Name: role_assignment role_assignment_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.role_assignment
    ADD CONSTRAINT role_assignment_pkey PRIMARY KEY (person, role);

--
-- Name: route_channel route_channel_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.route_channel
    ADD CONSTRAINT route_channel_pkey PRIMARY KEY (route, channel);

--
-- Name: route route_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.route
    ADD CONSTRAINT route_pkey PRIMARY KEY ("position");

--
-- Name: run_act run_act_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_act
    ADD CONSTRAINT run_act_pkey PRIMARY KEY (id);

--
-- Name: run_event run_event_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_event
    ADD CONSTRAINT run_event_pkey PRIMARY KEY (id);

--
-- Name: run_mark run_mark_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_mark
    ADD CONSTRAINT run_mark_pkey PRIMARY KEY (id);

--
-- Name: run run_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (request);

--
-- Name: run_step run_step_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_step
    ADD CONSTRAINT run_step_pkey PRIMARY KEY (request, key);

--
-- Name: run_step run_step_request_position_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_step
    ADD CONSTRAINT run_step_request_position_key UNIQUE (request, "position");

--
-- Name: run_term run_term_epoch_request_holder_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_term
    ADD CONSTRAINT run_term_epoch_request_holder_key UNIQUE (epoch, request, holder);

--
-- Name: run_term run_term_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_term
    ADD CONSTRAINT run_term_pkey PRIMARY KEY (epoch);

--
-- Name: schedule_notice schedule_notice_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_notice
    ADD CONSTRAINT schedule_notice_pkey PRIMARY KEY (schedule, due_at, channel, lead_s);

--
-- Name: schedule_occurrence schedule_occurrence_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_occurrence
    ADD CONSTRAINT schedule_occurrence_pkey PRIMARY KEY (schedule, due_at);

--
-- Name: schedule_version schedule_version_issuer_subject_key_key; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_version
    ADD CONSTRAINT schedule_version_issuer_subject_key_key UNIQUE (issuer, subject, key);

--
-- Name: schedule_version schedule_version_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_version
    ADD CONSTRAINT schedule_version_pkey PRIMARY KEY (schedule, version);

--
-- Name: schema_version schema_version_pkc; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);

--
-- Name: resource sensible_alert; Type: CHECK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.resource
    ADD CONSTRAINT sensible_alert CHECK ((alert_after_s <= (86400)::double precision)) NOT VALID;

--
-- Name: resource sensible_goals; Type: CHECK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.resource
    ADD CONSTRAINT sensible_goals CHECK ((((rpo_s)::double precision <= (31536000)::double precision) AND ((rto_s)::double precision <= (31536000)::double precision))) NOT VALID;

--
-- Name: resource_group sensible_goals; Type: CHECK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.resource_group
    ADD CONSTRAINT sensible_goals CHECK ((((rpo_s)::double precision <= (31536000)::double precision) AND ((rto_s)::double precision <= (31536000)::double precision))) NOT VALID;

--
-- Name: resource sensible_heartbeat; Type: CHECK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.resource
    ADD CONSTRAINT sensible_heartbeat CHECK (((heartbeat_interval_s)::double precision <= (86400)::double precision)) NOT VALID;

--
-- Name: resource sensible_interval; Type: CHECK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.resource
    ADD CONSTRAINT sensible_interval CHECK ((((interval_s)::double precision >= (1)::double precision) AND ((interval_s)::double precision <= (900)::double precision))) NOT VALID;

--
-- Name: resource sensible_limits; Type: CHECK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE bc.resource
    ADD CONSTRAINT sensible_limits CHECK ((((lag_warn_s)::double precision <= (31536000)::double precision) AND ((lag_critical_s)::double precision <= (31536000)::double precision) AND ((latency_warn_s)::double precision <= (31536000)::double precision) AND ((long_transaction_warn_s)::double precision <= (31536000)::double precision) AND (retained_wal_warn_bytes <= '1125899906842624'::bigint))) NOT VALID;

--
-- Name: signed_out signed_out_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.signed_out
    ADD CONSTRAINT signed_out_pkey PRIMARY KEY (ticket);

--
-- Name: site site_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (name);

--
-- Name: status_change status_change_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.status_change
    ADD CONSTRAINT status_change_pkey PRIMARY KEY (id);

--
-- Name: trend_hour trend_hour_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.trend_hour
    ADD CONSTRAINT trend_hour_pkey PRIMARY KEY (resource, start);

--
-- Name: trend_minute trend_minute_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.trend_minute
    ADD CONSTRAINT trend_minute_pkey PRIMARY KEY (resource, start);

--
-- Name: trend_minute_default trend_minute_default_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.trend_minute_default
    ADD CONSTRAINT trend_minute_default_pkey PRIMARY KEY (resource, start);

--
-- Name: turn turn_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.turn
    ADD CONSTRAINT turn_pkey PRIMARY KEY (name);

--
-- Name: vote_key vote_key_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote_key
    ADD CONSTRAINT vote_key_pkey PRIMARY KEY (key_id);

--
-- Name: vote vote_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote
    ADD CONSTRAINT vote_pkey PRIMARY KEY (id);

--
-- Name: withdrawal withdrawal_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.withdrawal
    ADD CONSTRAINT withdrawal_pkey PRIMARY KEY (id);

--
-- Name: airflow_report_at; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX airflow_report_at ON bc.airflow_report USING btree (at);

--
-- Name: airflow_report_untold; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX airflow_report_untold ON bc.airflow_report USING btree (id) WHERE (told_at IS NULL);

--
-- Name: breakglass_review_of; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX breakglass_review_of ON bc.breakglass_review USING btree (grant_id);

--
-- Name: dispatch_open; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX dispatch_open ON bc.dispatch USING btree (request) WHERE (closed_at IS NULL);

--
-- Name: freeze_one_open; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE UNIQUE INDEX freeze_one_open ON bc."freeze" USING btree ((true)) WHERE (thawed_at IS NULL);

--
-- Name: identity_one_case; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE UNIQUE INDEX identity_one_case ON bc.identity USING btree (lower((issuer)::text), lower((subject)::text));

--
-- Name: identity_person; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX identity_person ON bc.identity USING btree (person);

--
-- Name: observation_at; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX observation_at ON ONLY bc.observation USING brin (observed_at);

--
-- Name: observation_default_observed_at_idx; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX observation_default_observed_at_idx ON bc.observation_default USING brin (observed_at);

--
-- Name: observation_resource_at; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX observation_resource_at ON ONLY bc.observation USING btree (resource, observed_at);

--
-- Name: observation_default_resource_observed_at_idx; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX observation_default_resource_observed_at_idx ON bc.observation_default USING btree (resource, observed_at);

--
-- Name: one_live_key; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE UNIQUE INDEX one_live_key ON bc.vote_key USING btree (issuer, subject) WHERE (revoked_at IS NULL);

--
-- Name: outbox_delivered; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX outbox_delivered ON bc.outbox USING btree (delivered_at) WHERE (delivered_at IS NOT NULL);

--
-- Name: outbox_due; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX outbox_due ON bc.outbox USING btree (due_at) WHERE ((delivered_at IS NULL) AND (dead_at IS NULL));

--
-- Name: precheck_request; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX precheck_request ON bc.precheck USING btree (request, id DESC);

--
-- Name: proof_of; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX proof_of ON bc.proof USING btree (kind, ref, id DESC);

--
-- Name: proof_unseen; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX proof_unseen ON bc.proof USING btree (id) WHERE (looked_at IS NULL);

--
-- Name: request_history_request; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX request_history_request ON bc.request_history USING btree (request, id);

--
-- Name: request_requester; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX request_requester ON bc.request USING btree (issuer, subject, created_at DESC);

--
-- Name: request_scope; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX request_scope ON bc.request USING btree (scope_name, created_at DESC);

--
-- Name: request_state; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX request_state ON bc.request USING btree (state, expires_at);

--
-- Name: resource_lease_request; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX resource_lease_request ON bc.resource_lease USING btree (request) WHERE (released_at IS NULL);

--
-- Name: run_act_request; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX run_act_request ON bc.run_act USING btree (request, id);

--
-- Name: run_event_request; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX run_event_request ON bc.run_event USING btree (request, id);

--
-- Name: run_started; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX run_started ON bc.run USING btree (started_at DESC);

--
-- Name: run_step_resource; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX run_step_resource ON bc.run_step USING btree (((step ->> 'resource'::text)));

--
-- Name: schedule_occurrence_due; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX schedule_occurrence_due ON bc.schedule_occurrence USING btree (due_at DESC);

--
-- Name: status_change_at; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX status_change_at ON bc.status_change USING btree (at DESC, id DESC);

--
-- Name: status_change_resource_at; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX status_change_resource_at ON bc.status_change USING btree (resource, at DESC, id DESC);

--
-- Name: trend_hour_start; Type: INDEX; Schema: bc; Owner: bc_guard_owner
--

CREATE INDEX trend_hour_start ON bc.trend_hour USING brin (start);

--
-- Name: observation_default_observed_at_idx; Type: INDEX ATTACH; Schema: bc; Owner: bc_guard_owner
--

ALTER INDEX bc.observation_at ATTACH PARTITION bc.observation_default_observed_at_idx;

--
-- Name: observation_default_resource_observed_at_idx; Type: INDEX ATTACH; Schema: bc; Owner: bc_guard_owner
--

ALTER INDEX bc.observation_resource_at ATTACH PARTITION bc.observation_default_resource_observed_at_idx;

--
-- Name: trend_minute_default_pkey; Type: INDEX ATTACH; Schema: bc; Owner: bc_guard_owner
--

ALTER INDEX bc.trend_minute_pkey ATTACH PARTITION bc.trend_minute_default_pkey;

--
-- Name: run_act act_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER act_written BEFORE INSERT ON bc.run_act FOR EACH ROW EXECUTE FUNCTION bc.act_written();

ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER act_written;

--
-- Name: inventory_change audit_inventory_change; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER audit_inventory_change AFTER INSERT ON bc.inventory_change FOR EACH ROW EXECUTE FUNCTION bc.audit_inventory_change();

ALTER TABLE bc.inventory_change ENABLE ALWAYS TRIGGER audit_inventory_change;

--
-- Name: breakglass_grant audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.breakglass_grant DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: breakglass_review audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.breakglass_review DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.breakglass_review ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: breakglass_use audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.breakglass_use DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.breakglass_use ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: confirmation audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.confirmation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: freeze audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER UPDATE ON bc."freeze" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc."freeze" ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: run_act audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.run_act DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: vote audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.vote DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.vote ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: withdrawal audit_word; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.withdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.audit_word();

ALTER TABLE bc.withdrawal ENABLE ALWAYS TRIGGER audit_word;

--
-- Name: blackout blackout_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER blackout_written BEFORE INSERT OR UPDATE ON bc.blackout FOR EACH ROW EXECUTE FUNCTION bc.blackout_written();

ALTER TABLE bc.blackout ENABLE ALWAYS TRIGGER blackout_written;

--
-- Name: calendar_feed calendar_feed_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER calendar_feed_written BEFORE INSERT OR UPDATE ON bc.calendar_feed FOR EACH ROW EXECUTE FUNCTION bc.calendar_feed_written();

ALTER TABLE bc.calendar_feed ENABLE ALWAYS TRIGGER calendar_feed_written;

--
-- Name: change_decision change_decided; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER change_decided BEFORE INSERT ON bc.change_decision FOR EACH ROW EXECUTE FUNCTION bc.change_decided();

ALTER TABLE bc.change_decision ENABLE ALWAYS TRIGGER change_decided;

--
-- Name: change_proposal change_proposed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER change_proposed BEFORE INSERT ON bc.change_proposal FOR EACH ROW EXECUTE FUNCTION bc.change_proposed();

ALTER TABLE bc.change_proposal ENABLE ALWAYS TRIGGER change_proposed;

--
-- Name: confirmation confirmation_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER confirmation_written BEFORE INSERT ON bc.confirmation FOR EACH ROW EXECUTE FUNCTION bc.confirmation_written();

ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER confirmation_written;

--
-- Name: evidence evidence_stays; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER evidence_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON bc.evidence FOR EACH STATEMENT EXECUTE FUNCTION bc.evidence_stays();

ALTER TABLE bc.evidence ENABLE ALWAYS TRIGGER evidence_stays;

--
-- Name: evidence_signoff evidence_stays; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER evidence_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON bc.evidence_signoff FOR EACH STATEMENT EXECUTE FUNCTION bc.evidence_stays();

ALTER TABLE bc.evidence_signoff ENABLE ALWAYS TRIGGER evidence_stays;

--
-- Name: finding evidence_stays; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER evidence_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON bc.finding FOR EACH STATEMENT EXECUTE FUNCTION bc.evidence_stays();

ALTER TABLE bc.finding ENABLE ALWAYS TRIGGER evidence_stays;

--
-- Name: finding_closed evidence_stays; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER evidence_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON bc.finding_closed FOR EACH STATEMENT EXECUTE FUNCTION bc.evidence_stays();

ALTER TABLE bc.finding_closed ENABLE ALWAYS TRIGGER evidence_stays;

--
-- Name: evidence evidence_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER evidence_written BEFORE INSERT ON bc.evidence FOR EACH ROW EXECUTE FUNCTION bc.evidence_written();

ALTER TABLE bc.evidence ENABLE ALWAYS TRIGGER evidence_written;

--
-- Name: finding finding_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER finding_written BEFORE INSERT ON bc.finding FOR EACH ROW EXECUTE FUNCTION bc.finding_written();

ALTER TABLE bc.finding ENABLE ALWAYS TRIGGER finding_written;

--
-- Name: finding_closed finding_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER finding_written BEFORE INSERT ON bc.finding_closed FOR EACH ROW EXECUTE FUNCTION bc.finding_written();

ALTER TABLE bc.finding_closed ENABLE ALWAYS TRIGGER finding_written;

--
-- Name: resource forget_resource; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER forget_resource AFTER DELETE ON bc.resource FOR EACH ROW EXECUTE FUNCTION bc.forget_resource();

--
-- Name: freeze freeze_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER freeze_written BEFORE INSERT OR UPDATE ON bc."freeze" FOR EACH ROW EXECUTE FUNCTION bc.freeze_written();

ALTER TABLE bc."freeze" ENABLE ALWAYS TRIGGER freeze_written;

--
-- Name: breakglass_grant grant_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER grant_changed BEFORE UPDATE ON bc.breakglass_grant FOR EACH ROW EXECUTE FUNCTION bc.grant_changed();

ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER grant_changed;

--
-- Name: breakglass_grant grant_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER grant_written BEFORE INSERT ON bc.breakglass_grant FOR EACH ROW EXECUTE FUNCTION bc.grant_written();

ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER grant_written;

--
-- Name: component_beat guard_beat; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER guard_beat BEFORE INSERT OR UPDATE ON bc.component_beat FOR EACH ROW EXECUTE FUNCTION bc.guard_beat();

ALTER TABLE bc.component_beat ENABLE ALWAYS TRIGGER guard_beat;

--
-- Name: check_asked guard_check_asked; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER guard_check_asked BEFORE INSERT OR UPDATE ON bc.check_asked FOR EACH ROW EXECUTE FUNCTION bc.guard_check_asked();

ALTER TABLE bc.check_asked ENABLE ALWAYS TRIGGER guard_check_asked;

--
-- Name: lease guard_lease; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER guard_lease BEFORE INSERT OR UPDATE ON bc.lease FOR EACH ROW EXECUTE FUNCTION bc.guard_lease();

ALTER TABLE bc.lease ENABLE ALWAYS TRIGGER guard_lease;

--
-- Name: inventory_revision guard_revision; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER guard_revision BEFORE UPDATE ON bc.inventory_revision FOR EACH ROW EXECUTE FUNCTION bc.guard_revision();

--
-- Name: vote_key guard_vote_key; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER guard_vote_key BEFORE INSERT OR UPDATE ON bc.vote_key FOR EACH ROW EXECUTE FUNCTION bc.guard_vote_key();

ALTER TABLE bc.vote_key ENABLE ALWAYS TRIGGER guard_vote_key;

--
-- Name: instance incarnation_began; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER incarnation_began BEFORE INSERT OR DELETE OR UPDATE ON bc.instance FOR EACH ROW EXECUTE FUNCTION bc.incarnation_began();

ALTER TABLE bc.instance ENABLE ALWAYS TRIGGER incarnation_began;

--
-- Name: channel inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.channel FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.channel ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: dependency inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.dependency FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.dependency ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: endpoint inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.endpoint FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.endpoint ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: group_member inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.group_member FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.group_member ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: group_order inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.group_order FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.group_order ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: inventory_revision inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.inventory_revision FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.inventory_revision ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: resource inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.resource FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.resource ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: resource_group inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.resource_group FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.resource_group ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: route inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.route FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.route ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: route_channel inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.route_channel FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.route_channel ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: site inventory_begins; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_begins BEFORE INSERT OR DELETE OR UPDATE ON bc.site FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins();

ALTER TABLE bc.site ENABLE ALWAYS TRIGGER inventory_begins;

--
-- Name: inventory_change inventory_change_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER inventory_change_written BEFORE INSERT ON bc.inventory_change FOR EACH ROW EXECUTE FUNCTION bc.inventory_change_written();

ALTER TABLE bc.inventory_change ENABLE ALWAYS TRIGGER inventory_change_written;

--
-- Name: channel inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.channel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.channel ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: dependency inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.dependency DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.dependency ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: endpoint inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.endpoint DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.endpoint ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: group_member inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.group_member DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.group_member ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: group_order inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.group_order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.group_order ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: inventory_revision inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.inventory_revision DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.inventory_revision ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: resource inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.resource DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.resource ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: resource_group inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.resource_group DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.resource_group ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: route inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.route DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.route ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: route_channel inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.route_channel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.route_channel ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: site inventory_row_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR DELETE OR UPDATE ON bc.site DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told();

ALTER TABLE bc.site ENABLE ALWAYS TRIGGER inventory_row_told;

--
-- Name: run_mark mark_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER mark_written BEFORE INSERT ON bc.run_mark FOR EACH ROW EXECUTE FUNCTION bc.mark_written();

ALTER TABLE bc.run_mark ENABLE ALWAYS TRIGGER mark_written;

--
-- Name: breakglass_review never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.breakglass_review FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.breakglass_review ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: breakglass_use never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.breakglass_use FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.breakglass_use ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: change_decision never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.change_decision FOR EACH ROW EXECUTE FUNCTION bc.word_stays();

ALTER TABLE bc.change_decision ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: change_outcome never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.change_outcome FOR EACH ROW EXECUTE FUNCTION bc.word_stays();

ALTER TABLE bc.change_outcome ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: change_proposal never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.change_proposal FOR EACH ROW EXECUTE FUNCTION bc.word_stays();

ALTER TABLE bc.change_proposal ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: confirmation never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.confirmation FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: policy_need never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.policy_need FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.policy_need ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: policy_rule never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.policy_rule FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.policy_rule ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: precheck never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.precheck FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.precheck ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: request_history never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.request_history FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.request_history ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: request_plan never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.request_plan FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: run_act never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.run_act FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: run_event never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.run_event FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_event ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: run_mark never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.run_mark FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_mark ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: run_term never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.run_term FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_term ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: schedule_notice never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.schedule_notice FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_notice ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: schedule_occurrence never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.schedule_occurrence FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_occurrence ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: schedule_version never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE UPDATE ON bc.schedule_version FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_version ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: vote never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.vote FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.vote ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: withdrawal never_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON bc.withdrawal FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.withdrawal ENABLE ALWAYS TRIGGER never_changed;

--
-- Name: blackout never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.blackout FOR EACH STATEMENT EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.blackout ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: breakglass_grant never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.breakglass_grant FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: breakglass_review never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.breakglass_review FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.breakglass_review ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: breakglass_use never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.breakglass_use FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.breakglass_use ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: calendar_feed never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.calendar_feed FOR EACH STATEMENT EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.calendar_feed ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: change_decision never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.change_decision FOR EACH STATEMENT EXECUTE FUNCTION bc.word_stays();

ALTER TABLE bc.change_decision ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: change_outcome never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.change_outcome FOR EACH STATEMENT EXECUTE FUNCTION bc.word_stays();

ALTER TABLE bc.change_outcome ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: change_proposal never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.change_proposal FOR EACH STATEMENT EXECUTE FUNCTION bc.word_stays();

ALTER TABLE bc.change_proposal ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: confirmation never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.confirmation FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: freeze never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc."freeze" FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc."freeze" ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: policy_need never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.policy_need FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.policy_need ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: policy_rule never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.policy_rule FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.policy_rule ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: precheck never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.precheck FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.precheck ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: proof never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE DELETE OR TRUNCATE ON bc.proof FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.proof ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: request never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.request FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: request_history never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.request_history FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.request_history ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: request_plan never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.request_plan FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: resource_lease never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.resource_lease FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.resource_lease ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: run never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.run FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: run_act never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.run_act FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: run_event never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.run_event FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_event ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: run_mark never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.run_mark FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_mark ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: run_step never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.run_step FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: run_term never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.run_term FOR EACH STATEMENT EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_term ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: schedule_notice never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.schedule_notice FOR EACH STATEMENT EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_notice ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: schedule_occurrence never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.schedule_occurrence FOR EACH STATEMENT EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_occurrence ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: schedule_version never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.schedule_version FOR EACH STATEMENT EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_version ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: vote never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.vote FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.vote ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: withdrawal never_emptied; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bc.withdrawal FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.withdrawal ENABLE ALWAYS TRIGGER never_emptied;

--
-- Name: blackout never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.blackout FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.blackout ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: breakglass_grant never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.breakglass_grant FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: calendar_feed never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.calendar_feed FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.calendar_feed ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: freeze never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc."freeze" FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc."freeze" ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: precheck never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.precheck FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.precheck ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: request never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.never_changed();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: resource_lease never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.resource_lease FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.resource_lease ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: run never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.run FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: run_act never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.run_act FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: run_event never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.run_event FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_event ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: run_mark never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.run_mark FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_mark ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: run_step never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: run_term never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.run_term FOR EACH ROW EXECUTE FUNCTION bc.run_kept();

ALTER TABLE bc.run_term ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: schedule_notice never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.schedule_notice FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_notice ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: schedule_occurrence never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.schedule_occurrence FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_occurrence ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: schedule_version never_removed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER never_removed BEFORE DELETE ON bc.schedule_version FOR EACH ROW EXECUTE FUNCTION bc.schedule_kept();

ALTER TABLE bc.schedule_version ENABLE ALWAYS TRIGGER never_removed;

--
-- Name: request_plan no_rival; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER no_rival BEFORE INSERT ON bc.request_plan FOR EACH ROW EXECUTE FUNCTION bc.no_rival();

ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER no_rival;

--
-- Name: outbox outbox_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER outbox_changed BEFORE UPDATE ON bc.outbox FOR EACH ROW EXECUTE FUNCTION bc.outbox_changed();

ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_changed;

--
-- Name: outbox outbox_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER outbox_written BEFORE INSERT ON bc.outbox FOR EACH ROW EXECUTE FUNCTION bc.outbox_written();

ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_written;

--
-- Name: identity people_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER people_changed AFTER INSERT OR DELETE OR UPDATE ON bc.identity FOR EACH ROW EXECUTE FUNCTION bc.people_changed();

ALTER TABLE bc.identity ENABLE ALWAYS TRIGGER people_changed;

--
-- Name: person people_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER people_changed AFTER DELETE OR UPDATE ON bc.person FOR EACH ROW EXECUTE FUNCTION bc.people_changed();

ALTER TABLE bc.person ENABLE ALWAYS TRIGGER people_changed;

--
-- Name: role_assignment people_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER people_changed AFTER INSERT OR DELETE OR UPDATE ON bc.role_assignment FOR EACH ROW EXECUTE FUNCTION bc.people_changed();

ALTER TABLE bc.role_assignment ENABLE ALWAYS TRIGGER people_changed;

--
-- Name: vote_key people_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER people_changed AFTER INSERT OR DELETE OR UPDATE ON bc.vote_key FOR EACH ROW EXECUTE FUNCTION bc.people_changed();

ALTER TABLE bc.vote_key ENABLE ALWAYS TRIGGER people_changed;

--
-- Name: request_plan plan_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER plan_written BEFORE INSERT ON bc.request_plan FOR EACH ROW EXECUTE FUNCTION bc.plan_written();

ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER plan_written;

--
-- Name: proof proof_looked; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER proof_looked BEFORE UPDATE ON bc.proof FOR EACH ROW EXECUTE FUNCTION bc.proof_looked();

ALTER TABLE bc.proof ENABLE ALWAYS TRIGGER proof_looked;

--
-- Name: request request_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_changed BEFORE UPDATE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_changed();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_changed;

--
-- Name: request request_drill; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_drill BEFORE INSERT ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_drill();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_drill;

--
-- Name: request request_occurrence; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_occurrence BEFORE UPDATE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_occurrence();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_occurrence;

--
-- Name: request request_over; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_over AFTER UPDATE ON bc.request FOR EACH ROW WHEN (((new.state = ANY (ARRAY['Succeeded'::text, 'Failed'::text])) AND (old.state <> ALL (ARRAY['Succeeded'::text, 'Failed'::text, 'ReadyToStart'::text])))) EXECUTE FUNCTION bc.request_over();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_over;

--
-- Name: request request_remembered; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_remembered AFTER INSERT OR UPDATE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_remembered();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_remembered;

--
-- Name: request request_run; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_run BEFORE UPDATE ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_run();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_run;

--
-- Name: request request_scheduled; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_scheduled BEFORE INSERT ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_scheduled();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_scheduled;

--
-- Name: request request_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER request_written BEFORE INSERT ON bc.request FOR EACH ROW EXECUTE FUNCTION bc.request_written();

ALTER TABLE bc.request ENABLE ALWAYS TRIGGER request_written;

--
-- Name: resource_lease resource_lease_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER resource_lease_written BEFORE INSERT OR UPDATE ON bc.resource_lease FOR EACH ROW EXECUTE FUNCTION bc.resource_lease_written();

ALTER TABLE bc.resource_lease ENABLE ALWAYS TRIGGER resource_lease_written;

--
-- Name: breakglass_review review_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER review_written BEFORE INSERT ON bc.breakglass_review FOR EACH ROW EXECUTE FUNCTION bc.review_written();

ALTER TABLE bc.breakglass_review ENABLE ALWAYS TRIGGER review_written;

--
-- Name: role_assignment role_seen; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER role_seen BEFORE INSERT OR UPDATE ON bc.role_assignment FOR EACH ROW EXECUTE FUNCTION bc.role_seen();

ALTER TABLE bc.role_assignment ENABLE ALWAYS TRIGGER role_seen;

--
-- Name: resource_lease run_begun; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER run_begun AFTER INSERT OR UPDATE OF request ON bc.resource_lease DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.run_begun();

ALTER TABLE bc.resource_lease ENABLE ALWAYS TRIGGER run_begun;

--
-- Name: run run_begun; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE CONSTRAINT TRIGGER run_begun AFTER INSERT ON bc.run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.run_begun();

ALTER TABLE bc.run ENABLE ALWAYS TRIGGER run_begun;

--
-- Name: run run_looked; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER run_looked AFTER INSERT OR UPDATE ON bc.run FOR EACH ROW EXECUTE FUNCTION bc.run_looked();

ALTER TABLE bc.run ENABLE ALWAYS TRIGGER run_looked;

--
-- Name: precheck run_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER run_told BEFORE INSERT ON bc.precheck FOR EACH ROW EXECUTE FUNCTION bc.run_told();

ALTER TABLE bc.precheck ENABLE ALWAYS TRIGGER run_told;

--
-- Name: run_event run_told; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER run_told BEFORE INSERT ON bc.run_event FOR EACH ROW EXECUTE FUNCTION bc.run_told();

ALTER TABLE bc.run_event ENABLE ALWAYS TRIGGER run_told;

--
-- Name: run run_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER run_written BEFORE INSERT OR UPDATE ON bc.run FOR EACH ROW EXECUTE FUNCTION bc.run_written();

ALTER TABLE bc.run ENABLE ALWAYS TRIGGER run_written;

--
-- Name: breakglass_use said_about_plan; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER said_about_plan BEFORE INSERT ON bc.breakglass_use FOR EACH ROW EXECUTE FUNCTION bc.said_about_plan();

ALTER TABLE bc.breakglass_use ENABLE ALWAYS TRIGGER said_about_plan;

--
-- Name: withdrawal said_about_plan; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER said_about_plan BEFORE INSERT ON bc.withdrawal FOR EACH ROW EXECUTE FUNCTION bc.said_about_plan();

ALTER TABLE bc.withdrawal ENABLE ALWAYS TRIGGER said_about_plan;

--
-- Name: schedule_notice schedule_notice_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER schedule_notice_written BEFORE INSERT ON bc.schedule_notice FOR EACH ROW EXECUTE FUNCTION bc.schedule_notice_written();

ALTER TABLE bc.schedule_notice ENABLE ALWAYS TRIGGER schedule_notice_written;

--
-- Name: schedule_occurrence schedule_occurrence_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER schedule_occurrence_written BEFORE INSERT ON bc.schedule_occurrence FOR EACH ROW EXECUTE FUNCTION bc.schedule_occurrence_written();

ALTER TABLE bc.schedule_occurrence ENABLE ALWAYS TRIGGER schedule_occurrence_written;

--
-- Name: schedule_version schedule_version_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER schedule_version_written BEFORE INSERT ON bc.schedule_version FOR EACH ROW EXECUTE FUNCTION bc.schedule_version_written();

ALTER TABLE bc.schedule_version ENABLE ALWAYS TRIGGER schedule_version_written;

--
-- Name: evidence_signoff signoff_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER signoff_written BEFORE INSERT ON bc.evidence_signoff FOR EACH ROW EXECUTE FUNCTION bc.signoff_written();

ALTER TABLE bc.evidence_signoff ENABLE ALWAYS TRIGGER signoff_written;

--
-- Name: run_step step_changed; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER step_changed BEFORE UPDATE ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.step_changed();

ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER step_changed;

--
-- Name: run_step step_had_effect; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER step_had_effect AFTER UPDATE ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.step_had_effect();

ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER step_had_effect;

--
-- Name: run_step step_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER step_written BEFORE INSERT ON bc.run_step FOR EACH ROW EXECUTE FUNCTION bc.step_written();

ALTER TABLE bc.run_step ENABLE ALWAYS TRIGGER step_written;

--
-- Name: run_term term_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER term_written BEFORE INSERT ON bc.run_term FOR EACH ROW EXECUTE FUNCTION bc.term_written();

ALTER TABLE bc.run_term ENABLE ALWAYS TRIGGER term_written;

--
-- Name: endpoint two_administrators; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER two_administrators AFTER INSERT OR DELETE OR UPDATE ON bc.endpoint FOR EACH ROW EXECUTE FUNCTION bc.two_administrators();

ALTER TABLE bc.endpoint ENABLE ALWAYS TRIGGER two_administrators;

--
-- Name: group_member two_administrators; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER two_administrators AFTER INSERT OR DELETE OR UPDATE ON bc.group_member FOR EACH ROW EXECUTE FUNCTION bc.two_administrators();

ALTER TABLE bc.group_member ENABLE ALWAYS TRIGGER two_administrators;

--
-- Name: group_order two_administrators; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER two_administrators AFTER INSERT OR DELETE OR UPDATE ON bc.group_order FOR EACH ROW EXECUTE FUNCTION bc.two_administrators();

ALTER TABLE bc.group_order ENABLE ALWAYS TRIGGER two_administrators;

--
-- Name: resource two_administrators; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER two_administrators AFTER INSERT OR DELETE OR UPDATE ON bc.resource FOR EACH ROW EXECUTE FUNCTION bc.two_administrators('owner', 'interval_s', 'rpo_s', 'rto_s', 'lag_warn_s', 'lag_critical_s', 'retained_wal_warn_bytes', 'latency_warn_s', 'long_transaction_warn_s', 'alert_after_s', 'heartbeat_interval_s', 'notes', 'position');

ALTER TABLE bc.resource ENABLE ALWAYS TRIGGER two_administrators;

--
-- Name: resource_group two_administrators; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER two_administrators AFTER INSERT OR DELETE OR UPDATE ON bc.resource_group FOR EACH ROW EXECUTE FUNCTION bc.two_administrators('owner', 'rpo_s', 'rto_s', 'position');

ALTER TABLE bc.resource_group ENABLE ALWAYS TRIGGER two_administrators;

--
-- Name: vote vote_written; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER vote_written BEFORE INSERT ON bc.vote FOR EACH ROW EXECUTE FUNCTION bc.vote_written();

ALTER TABLE bc.vote ENABLE ALWAYS TRIGGER vote_written;

--
-- Name: breakglass_grant word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.breakglass_grant FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: breakglass_review word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.breakglass_review FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.breakglass_review ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: breakglass_use word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.breakglass_use FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.breakglass_use ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: change_decision word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.change_decision FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'proposal');

ALTER TABLE bc.change_decision ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: change_proposal word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.change_proposal FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.change_proposal ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: confirmation word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.confirmation FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'request', 'plan_revision');

ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: evidence_signoff word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.evidence_signoff FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'request', 'side');

ALTER TABLE bc.evidence_signoff ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: freeze word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER UPDATE ON bc."freeze" FOR EACH ROW EXECUTE FUNCTION bc.word_stored('thaw_proof', 'id');

ALTER TABLE bc."freeze" ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: run_act word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.run_act FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.run_act ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: vote word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.vote FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.vote ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: withdrawal word_stored; Type: TRIGGER; Schema: bc; Owner: bc_guard_owner
--

CREATE TRIGGER word_stored AFTER INSERT ON bc.withdrawal FOR EACH ROW EXECUTE FUNCTION bc.word_stored('proof', 'id');

ALTER TABLE bc.withdrawal ENABLE ALWAYS TRIGGER word_stored;

--
-- Name: blackout blackout_ended_issuer_ended_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.blackout
    ADD CONSTRAINT blackout_ended_issuer_ended_subject_fkey FOREIGN KEY (ended_issuer, ended_subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: blackout blackout_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.blackout
    ADD CONSTRAINT blackout_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: breakglass_grant breakglass_grant_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_grant
    ADD CONSTRAINT breakglass_grant_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: breakglass_review breakglass_review_grant_id_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_review
    ADD CONSTRAINT breakglass_review_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES bc.breakglass_grant(id);

--
-- Name: breakglass_review breakglass_review_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_review
    ADD CONSTRAINT breakglass_review_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: breakglass_use breakglass_use_grant_id_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_use
    ADD CONSTRAINT breakglass_use_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES bc.breakglass_grant(id);

--
-- Name: breakglass_use breakglass_use_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_use
    ADD CONSTRAINT breakglass_use_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: breakglass_use breakglass_use_request_plan_revision_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.breakglass_use
    ADD CONSTRAINT breakglass_use_request_plan_revision_fkey FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan(request, revision);

--
-- Name: calendar_feed calendar_feed_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.calendar_feed
    ADD CONSTRAINT calendar_feed_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: confirmation confirmation_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.confirmation
    ADD CONSTRAINT confirmation_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: confirmation confirmation_request_plan_revision_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.confirmation
    ADD CONSTRAINT confirmation_request_plan_revision_fkey FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan(request, revision);

--
-- Name: dependency dependency_on_group_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_on_group_fkey FOREIGN KEY (on_group) REFERENCES bc.resource_group(name) ON DELETE CASCADE;

--
-- Name: dependency dependency_on_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_on_resource_fkey FOREIGN KEY (on_resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: dependency dependency_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_resource_fkey FOREIGN KEY (resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: dispatch dispatch_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.dispatch
    ADD CONSTRAINT dispatch_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: endpoint endpoint_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.endpoint
    ADD CONSTRAINT endpoint_resource_fkey FOREIGN KEY (resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: endpoint endpoint_site_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.endpoint
    ADD CONSTRAINT endpoint_site_fkey FOREIGN KEY (site) REFERENCES bc.site(name);

--
-- Name: evidence evidence_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence
    ADD CONSTRAINT evidence_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: evidence_signoff evidence_signoff_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence_signoff
    ADD CONSTRAINT evidence_signoff_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: evidence_signoff evidence_signoff_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.evidence_signoff
    ADD CONSTRAINT evidence_signoff_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: finding_closed finding_closed_finding_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding_closed
    ADD CONSTRAINT finding_closed_finding_fkey FOREIGN KEY (finding) REFERENCES bc.finding(id);

--
-- Name: finding_closed finding_closed_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding_closed
    ADD CONSTRAINT finding_closed_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: finding finding_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding
    ADD CONSTRAINT finding_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: finding finding_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.finding
    ADD CONSTRAINT finding_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: freeze freeze_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc."freeze"
    ADD CONSTRAINT freeze_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: freeze freeze_thawed_issuer_thawed_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc."freeze"
    ADD CONSTRAINT freeze_thawed_issuer_thawed_subject_fkey FOREIGN KEY (thawed_issuer, thawed_subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: group_member group_member_group_name_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.group_member
    ADD CONSTRAINT group_member_group_name_fkey FOREIGN KEY (group_name) REFERENCES bc.resource_group(name) ON DELETE CASCADE;

--
-- Name: group_member group_member_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.group_member
    ADD CONSTRAINT group_member_resource_fkey FOREIGN KEY (resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: group_order group_order_group_name_after_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.group_order
    ADD CONSTRAINT group_order_group_name_after_fkey FOREIGN KEY (group_name, after) REFERENCES bc.group_member(group_name, resource) ON DELETE CASCADE;

--
-- Name: group_order group_order_group_name_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.group_order
    ADD CONSTRAINT group_order_group_name_resource_fkey FOREIGN KEY (group_name, resource) REFERENCES bc.group_member(group_name, resource) ON DELETE CASCADE;

--
-- Name: identity identity_person_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.identity
    ADD CONSTRAINT identity_person_fkey FOREIGN KEY (person) REFERENCES bc.person(id);

--
-- Name: change_decision policy_decision_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_decision
    ADD CONSTRAINT policy_decision_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: change_decision policy_decision_proposal_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_decision
    ADD CONSTRAINT policy_decision_proposal_fkey FOREIGN KEY (proposal) REFERENCES bc.change_proposal(id);

--
-- Name: policy_need policy_need_version_position_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.policy_need
    ADD CONSTRAINT policy_need_version_position_fkey FOREIGN KEY (version, "position") REFERENCES bc.policy_rule(version, "position");

--
-- Name: change_outcome policy_outcome_proposal_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_outcome
    ADD CONSTRAINT policy_outcome_proposal_fkey FOREIGN KEY (proposal) REFERENCES bc.change_proposal(id);

--
-- Name: change_proposal policy_proposal_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.change_proposal
    ADD CONSTRAINT policy_proposal_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: precheck precheck_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.precheck
    ADD CONSTRAINT precheck_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: request request_breakglass_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_breakglass_fkey FOREIGN KEY (breakglass) REFERENCES bc.breakglass_grant(id);

--
-- Name: request_history request_history_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request_history
    ADD CONSTRAINT request_history_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: request request_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: request_plan request_plan_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request_plan
    ADD CONSTRAINT request_plan_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: request request_policy_version_policy_position_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_policy_version_policy_position_fkey FOREIGN KEY (policy_version, policy_position) REFERENCES bc.policy_rule(version, "position");

--
-- Name: request request_retry_of_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT request_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES bc.request(id);

--
-- Name: resource resource_dr_site_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource
    ADD CONSTRAINT resource_dr_site_fkey FOREIGN KEY (dr_site) REFERENCES bc.site(name);

--
-- Name: resource resource_home_site_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource
    ADD CONSTRAINT resource_home_site_fkey FOREIGN KEY (home_site) REFERENCES bc.site(name);

--
-- Name: resource_lease resource_lease_epoch_request_holder_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.resource_lease
    ADD CONSTRAINT resource_lease_epoch_request_holder_fkey FOREIGN KEY (epoch, request, holder) REFERENCES bc.run_term(epoch, request, holder);

--
-- Name: role_assignment role_assignment_person_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.role_assignment
    ADD CONSTRAINT role_assignment_person_fkey FOREIGN KEY (person) REFERENCES bc.person(id);

--
-- Name: route_channel route_channel_channel_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.route_channel
    ADD CONSTRAINT route_channel_channel_fkey FOREIGN KEY (channel) REFERENCES bc.channel(name) ON DELETE CASCADE;

--
-- Name: route_channel route_channel_route_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.route_channel
    ADD CONSTRAINT route_channel_route_fkey FOREIGN KEY (route) REFERENCES bc.route("position") ON DELETE CASCADE;

--
-- Name: run_act run_act_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_act
    ADD CONSTRAINT run_act_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: run_act run_act_request_plan_revision_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_act
    ADD CONSTRAINT run_act_request_plan_revision_fkey FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan(request, revision);

--
-- Name: run_event run_event_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_event
    ADD CONSTRAINT run_event_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: run_mark run_mark_request_step_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_mark
    ADD CONSTRAINT run_mark_request_step_fkey FOREIGN KEY (request, step) REFERENCES bc.run_step(request, key);

--
-- Name: run run_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run
    ADD CONSTRAINT run_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: run run_request_plan_revision_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run
    ADD CONSTRAINT run_request_plan_revision_fkey FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan(request, revision);

--
-- Name: run_step run_step_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_step
    ADD CONSTRAINT run_step_request_fkey FOREIGN KEY (request) REFERENCES bc.run(request);

--
-- Name: run_term run_term_request_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.run_term
    ADD CONSTRAINT run_term_request_fkey FOREIGN KEY (request) REFERENCES bc.request(id);

--
-- Name: schedule_notice schedule_notice_schedule_version_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_notice
    ADD CONSTRAINT schedule_notice_schedule_version_fkey FOREIGN KEY (schedule, version) REFERENCES bc.schedule_version(schedule, version);

--
-- Name: schedule_occurrence schedule_occurrence_schedule_version_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_occurrence
    ADD CONSTRAINT schedule_occurrence_schedule_version_fkey FOREIGN KEY (schedule, version) REFERENCES bc.schedule_version(schedule, version);

--
-- Name: schedule_version schedule_version_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.schedule_version
    ADD CONSTRAINT schedule_version_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: request scheduled; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.request
    ADD CONSTRAINT scheduled FOREIGN KEY (schedule, due_at) REFERENCES bc.schedule_occurrence(schedule, due_at);

--
-- Name: vote vote_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote
    ADD CONSTRAINT vote_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: vote_key vote_key_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote_key
    ADD CONSTRAINT vote_key_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: vote vote_person_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote
    ADD CONSTRAINT vote_person_fkey FOREIGN KEY (person) REFERENCES bc.person(id);

--
-- Name: vote vote_request_plan_revision_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.vote
    ADD CONSTRAINT vote_request_plan_revision_fkey FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan(request, revision);

--
-- Name: withdrawal withdrawal_issuer_subject_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.withdrawal
    ADD CONSTRAINT withdrawal_issuer_subject_fkey FOREIGN KEY (issuer, subject) REFERENCES bc.identity(issuer, subject);

--
-- Name: withdrawal withdrawal_request_plan_revision_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_guard_owner
--

ALTER TABLE ONLY bc.withdrawal
    ADD CONSTRAINT withdrawal_request_plan_revision_fkey FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan(request, revision);

--
-- Name: SCHEMA bc; Type: ACL; Schema: -; Owner: bc_guard_owner
--

GRANT USAGE ON SCHEMA bc TO bc_owner;
GRANT USAGE ON SCHEMA bc TO bc_ui;
GRANT USAGE ON SCHEMA bc TO bc_poller;
GRANT USAGE ON SCHEMA bc TO bc_runner;
GRANT USAGE ON SCHEMA bc TO bc_keeper;
GRANT USAGE ON SCHEMA bc TO bc_reader;
GRANT USAGE ON SCHEMA bc TO bc_signer;
GRANT USAGE ON SCHEMA bc TO bc_sign_on;
GRANT USAGE ON SCHEMA bc TO bc_audit_owner;

--
-- Name: FUNCTION act_rule(wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.act_rule(wanted text) FROM PUBLIC;

--
-- Name: FUNCTION act_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.act_written() FROM PUBLIC;

--
-- Name: FUNCTION apply_inventory_change(wanted bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.apply_inventory_change(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.apply_inventory_change(wanted bigint) TO bc_runner;

--
-- Name: FUNCTION apply_policy_change(wanted bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.apply_policy_change(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.apply_policy_change(wanted bigint) TO bc_runner;

--
-- Name: FUNCTION approval_missing(wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.approval_missing(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.approval_missing(wanted text) TO bc_ui;
GRANT ALL ON FUNCTION bc.approval_missing(wanted text) TO bc_runner;
GRANT ALL ON FUNCTION bc.approval_missing(wanted text) TO bc_reader;

--
-- Name: FUNCTION audit_inventory_change(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.audit_inventory_change() FROM PUBLIC;

--
-- Name: FUNCTION audit_word(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.audit_word() FROM PUBLIC;

--
-- Name: FUNCTION blackout_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.blackout_written() FROM PUBLIC;

--
-- Name: FUNCTION calendar_feed_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.calendar_feed_written() FROM PUBLIC;

--
-- Name: FUNCTION can_be_moved(names text[]); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.can_be_moved(names text[]) FROM PUBLIC;

--
-- Name: FUNCTION now(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.now() FROM PUBLIC;
GRANT ALL ON FUNCTION bc.now() TO bc_ui;
GRANT ALL ON FUNCTION bc.now() TO bc_poller;
GRANT ALL ON FUNCTION bc.now() TO bc_runner;
GRANT ALL ON FUNCTION bc.now() TO bc_keeper;
GRANT ALL ON FUNCTION bc.now() TO bc_reader;
GRANT ALL ON FUNCTION bc.now() TO bc_signer;
GRANT ALL ON FUNCTION bc.now() TO bc_sign_on;

--
-- Name: TABLE change_proposal; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.change_proposal TO bc_ui;
GRANT SELECT ON TABLE bc.change_proposal TO bc_poller;
GRANT SELECT ON TABLE bc.change_proposal TO bc_runner;
GRANT SELECT ON TABLE bc.change_proposal TO bc_keeper;
GRANT SELECT ON TABLE bc.change_proposal TO bc_reader;

--
-- Name: COLUMN change_proposal.id; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(id) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.base_version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(base_version) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.document; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(document) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.digest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(digest) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(channel) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.signed_in_how; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_how) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.signed_in_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_at) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.mfa; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(mfa) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.proof; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(proof) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: COLUMN change_proposal.topic; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(topic) ON TABLE bc.change_proposal TO bc_ui;

--
-- Name: FUNCTION change_agreed(wanted bigint, about text, newest bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.change_agreed(wanted bigint, about text, newest bigint) FROM PUBLIC;

--
-- Name: FUNCTION change_alone(topic text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.change_alone(topic text) FROM PUBLIC;

--
-- Name: FUNCTION change_decided(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.change_decided() FROM PUBLIC;

--
-- Name: FUNCTION change_open(wanted bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.change_open(wanted bigint) FROM PUBLIC;

--
-- Name: FUNCTION change_proposed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.change_proposed() FROM PUBLIC;

--
-- Name: FUNCTION config_changed(before jsonb, after jsonb); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.config_changed(before jsonb, after jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.config_changed(before jsonb, after jsonb) TO bc_ui;

--
-- Name: FUNCTION config_parts(config jsonb); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.config_parts(config jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.config_parts(config jsonb) TO bc_ui;

--
-- Name: FUNCTION confirmation_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.confirmation_written() FROM PUBLIC;

--
-- Name: FUNCTION drop_old(raw_days integer, bucket_months integer); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.drop_old(raw_days integer, bucket_months integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.drop_old(raw_days integer, bucket_months integer) TO bc_keeper;

--
-- Name: FUNCTION edge_exists(source text, event text, target text, login text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.edge_exists(source text, event text, target text, login text) FROM PUBLIC;

--
-- Name: FUNCTION end_change(wanted bigint, how text, why_code text, why text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.end_change(wanted bigint, how text, why_code text, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.end_change(wanted bigint, how text, why_code text, why text) TO bc_runner;

--
-- Name: FUNCTION ensure_partitions(days_ahead integer); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.ensure_partitions(days_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.ensure_partitions(days_ahead integer) TO bc_keeper;
GRANT ALL ON FUNCTION bc.ensure_partitions(days_ahead integer) TO bc_owner;

--
-- Name: FUNCTION evidence_stays(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.evidence_stays() FROM PUBLIC;

--
-- Name: FUNCTION evidence_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.evidence_written() FROM PUBLIC;

--
-- Name: FUNCTION finding_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.finding_written() FROM PUBLIC;

--
-- Name: FUNCTION forget_resource(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.forget_resource() FROM PUBLIC;

--
-- Name: FUNCTION freeze_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.freeze_written() FROM PUBLIC;

--
-- Name: FUNCTION glass_for(person bigint, kind text, wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.glass_for(person bigint, kind text, wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.glass_for(person bigint, kind text, wanted text) TO bc_ui;
GRANT ALL ON FUNCTION bc.glass_for(person bigint, kind text, wanted text) TO bc_runner;
GRANT ALL ON FUNCTION bc.glass_for(person bigint, kind text, wanted text) TO bc_reader;

--
-- Name: FUNCTION grant_changed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.grant_changed() FROM PUBLIC;

--
-- Name: FUNCTION grant_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.grant_written() FROM PUBLIC;

--
-- Name: FUNCTION guard_beat(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.guard_beat() FROM PUBLIC;

--
-- Name: FUNCTION guard_check_asked(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.guard_check_asked() FROM PUBLIC;

--
-- Name: FUNCTION guard_lease(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.guard_lease() FROM PUBLIC;

--
-- Name: FUNCTION guard_revision(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.guard_revision() FROM PUBLIC;

--
-- Name: FUNCTION guard_vote_key(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.guard_vote_key() FROM PUBLIC;

--
-- Name: FUNCTION holds_role(wanted_person bigint, wanted_role text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.holds_role(wanted_person bigint, wanted_role text) FROM PUBLIC;

--
-- Name: FUNCTION incarnation(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.incarnation() FROM PUBLIC;
GRANT ALL ON FUNCTION bc.incarnation() TO bc_ui;
GRANT ALL ON FUNCTION bc.incarnation() TO bc_runner;
GRANT ALL ON FUNCTION bc.incarnation() TO bc_keeper;
GRANT ALL ON FUNCTION bc.incarnation() TO bc_reader;

--
-- Name: FUNCTION incarnation_began(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.incarnation_began() FROM PUBLIC;

--
-- Name: FUNCTION inventory_begins(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_begins() FROM PUBLIC;

--
-- Name: FUNCTION inventory_change_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_change_written() FROM PUBLIC;

--
-- Name: FUNCTION inventory_content(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_content() FROM PUBLIC;

--
-- Name: FUNCTION inventory_row_told(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_row_told() FROM PUBLIC;

--
-- Name: FUNCTION inventory_tables(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_tables() FROM PUBLIC;

--
-- Name: FUNCTION inventory_told(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_told() FROM PUBLIC;

--
-- Name: FUNCTION inventory_trouble(document text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.inventory_trouble(document text) FROM PUBLIC;

--
-- Name: FUNCTION key_too_new(proof jsonb, asked_at timestamp with time zone); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.key_too_new(proof jsonb, asked_at timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION make_day(parent text, key text, day date); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.make_day(parent text, key text, day date) FROM PUBLIC;

--
-- Name: FUNCTION mark_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.mark_written() FROM PUBLIC;

--
-- Name: FUNCTION never_changed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.never_changed() FROM PUBLIC;

--
-- Name: FUNCTION no_rival(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.no_rival() FROM PUBLIC;

--
-- Name: FUNCTION open_request(wanted text[], retry text, by_schedule text, but text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text) TO bc_ui;
GRANT ALL ON FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text) TO bc_runner;
GRANT ALL ON FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text) TO bc_reader;

--
-- Name: FUNCTION outbox_changed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.outbox_changed() FROM PUBLIC;

--
-- Name: FUNCTION outbox_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.outbox_written() FROM PUBLIC;

--
-- Name: FUNCTION people_changed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.people_changed() FROM PUBLIC;

--
-- Name: FUNCTION person_of(wanted_issuer text, wanted_subject text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.person_of(wanted_issuer text, wanted_subject text) FROM PUBLIC;

--
-- Name: FUNCTION plan_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.plan_written() FROM PUBLIC;

--
-- Name: FUNCTION policy_trouble(document text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.policy_trouble(document text) FROM PUBLIC;

--
-- Name: FUNCTION proof_looked(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.proof_looked() FROM PUBLIC;

--
-- Name: FUNCTION refuse(code text, given jsonb); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.refuse(code text, given jsonb) FROM PUBLIC;

--
-- Name: FUNCTION report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint) TO bc_reader;
GRANT ALL ON FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint) TO bc_poller;
GRANT ALL ON FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint) TO bc_keeper;
GRANT ALL ON FUNCTION bc.report_airflow(kind text, dag text, run_id text, task text, said text, person text, event bigint) TO bc_runner;

--
-- Name: FUNCTION request_changed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_changed() FROM PUBLIC;

--
-- Name: FUNCTION request_drill(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_drill() FROM PUBLIC;

--
-- Name: FUNCTION request_occurrence(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_occurrence() FROM PUBLIC;

--
-- Name: FUNCTION request_over(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_over() FROM PUBLIC;

--
-- Name: FUNCTION request_remembered(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_remembered() FROM PUBLIC;

--
-- Name: FUNCTION request_run(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_run() FROM PUBLIC;

--
-- Name: FUNCTION request_scheduled(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_scheduled() FROM PUBLIC;

--
-- Name: FUNCTION request_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.request_written() FROM PUBLIC;

--
-- Name: FUNCTION require_epoch(wanted text, given bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.require_epoch(wanted text, given bigint) FROM PUBLIC;

--
-- Name: FUNCTION require_login(wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.require_login(wanted text) FROM PUBLIC;

--
-- Name: FUNCTION resource_lease_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.resource_lease_written() FROM PUBLIC;

--
-- Name: FUNCTION review_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.review_written() FROM PUBLIC;

--
-- Name: FUNCTION role_seen(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.role_seen() FROM PUBLIC;

--
-- Name: FUNCTION rows_changed(was jsonb, becomes jsonb); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.rows_changed(was jsonb, becomes jsonb) FROM PUBLIC;

--
-- Name: FUNCTION run_begun(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.run_begun() FROM PUBLIC;

--
-- Name: FUNCTION run_kept(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.run_kept() FROM PUBLIC;

--
-- Name: FUNCTION run_looked(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.run_looked() FROM PUBLIC;

--
-- Name: FUNCTION run_told(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.run_told() FROM PUBLIC;

--
-- Name: FUNCTION run_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.run_written() FROM PUBLIC;

--
-- Name: FUNCTION said_about_plan(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.said_about_plan() FROM PUBLIC;

--
-- Name: FUNCTION schedule_editor(wanted_request text, wanted_person bigint); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.schedule_editor(wanted_request text, wanted_person bigint) FROM PUBLIC;

--
-- Name: FUNCTION schedule_kept(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.schedule_kept() FROM PUBLIC;

--
-- Name: FUNCTION schedule_notice_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.schedule_notice_written() FROM PUBLIC;

--
-- Name: FUNCTION schedule_occurrence_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.schedule_occurrence_written() FROM PUBLIC;

--
-- Name: FUNCTION schedule_turn(wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.schedule_turn(wanted text) FROM PUBLIC;

--
-- Name: FUNCTION schedule_version_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.schedule_version_written() FROM PUBLIC;

--
-- Name: FUNCTION scope_facts(kind text, wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.scope_facts(kind text, wanted text) FROM PUBLIC;

--
-- Name: FUNCTION signoff_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.signoff_written() FROM PUBLIC;

--
-- Name: FUNCTION step_changed(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.step_changed() FROM PUBLIC;

--
-- Name: FUNCTION step_edge_exists(source text, target text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.step_edge_exists(source text, target text) FROM PUBLIC;

--
-- Name: FUNCTION step_had_effect(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.step_had_effect() FROM PUBLIC;

--
-- Name: FUNCTION step_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.step_written() FROM PUBLIC;

--
-- Name: FUNCTION take_turn(wanted text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.take_turn(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.take_turn(wanted text) TO bc_ui;
GRANT ALL ON FUNCTION bc.take_turn(wanted text) TO bc_runner;
GRANT ALL ON FUNCTION bc.take_turn(wanted text) TO bc_keeper;
GRANT ALL ON FUNCTION bc.take_turn(wanted text) TO bc_sign_on;

--
-- Name: FUNCTION tell_security(key text, kind text, subject text, body text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.tell_security(key text, kind text, subject text, body text) FROM PUBLIC;

--
-- Name: FUNCTION term_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.term_written() FROM PUBLIC;

--
-- Name: FUNCTION two_administrators(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.two_administrators() FROM PUBLIC;

--
-- Name: FUNCTION vote_written(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.vote_written() FROM PUBLIC;

--
-- Name: FUNCTION wish_look(names text[]); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.wish_look(names text[]) FROM PUBLIC;

--
-- Name: FUNCTION word_counts(wanted text, which text); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.word_counts(wanted text, which text) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.word_counts(wanted text, which text) TO bc_ui;
GRANT ALL ON FUNCTION bc.word_counts(wanted text, which text) TO bc_runner;
GRANT ALL ON FUNCTION bc.word_counts(wanted text, which text) TO bc_keeper;
GRANT ALL ON FUNCTION bc.word_counts(wanted text, which text) TO bc_reader;

--
-- Name: FUNCTION word_stays(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.word_stays() FROM PUBLIC;

--
-- Name: FUNCTION word_stored(); Type: ACL; Schema: bc; Owner: bc_guard_owner
--

REVOKE ALL ON FUNCTION bc.word_stored() FROM PUBLIC;

--
-- Name: TABLE airflow_report; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.airflow_report TO bc_ui;
GRANT SELECT ON TABLE bc.airflow_report TO bc_poller;
GRANT SELECT ON TABLE bc.airflow_report TO bc_runner;
GRANT SELECT ON TABLE bc.airflow_report TO bc_keeper;
GRANT SELECT ON TABLE bc.airflow_report TO bc_reader;

--
-- Name: COLUMN airflow_report.person; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(person) ON TABLE bc.airflow_report TO bc_runner;

--
-- Name: COLUMN airflow_report.told_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(told_at) ON TABLE bc.airflow_report TO bc_runner;

--
-- Name: TABLE blackout; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.blackout TO bc_ui;
GRANT SELECT ON TABLE bc.blackout TO bc_poller;
GRANT SELECT ON TABLE bc.blackout TO bc_runner;
GRANT SELECT ON TABLE bc.blackout TO bc_keeper;
GRANT SELECT ON TABLE bc.blackout TO bc_reader;

--
-- Name: COLUMN blackout.schedule; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(schedule) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.first_day; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(first_day) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.last_day; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(last_day) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.zone; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(zone) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.reason; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(reason) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.ended_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(ended_at) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.ended_issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(ended_issuer) ON TABLE bc.blackout TO bc_ui;

--
-- Name: COLUMN blackout.ended_subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(ended_subject) ON TABLE bc.blackout TO bc_ui;

--
-- Name: TABLE breakglass_grant; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.breakglass_grant TO bc_ui;
GRANT SELECT ON TABLE bc.breakglass_grant TO bc_poller;
GRANT SELECT ON TABLE bc.breakglass_grant TO bc_runner;
GRANT SELECT ON TABLE bc.breakglass_grant TO bc_keeper;
GRANT SELECT ON TABLE bc.breakglass_grant TO bc_reader;

--
-- Name: TABLE breakglass_review; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.breakglass_review TO bc_ui;
GRANT SELECT ON TABLE bc.breakglass_review TO bc_poller;
GRANT SELECT ON TABLE bc.breakglass_review TO bc_runner;
GRANT SELECT ON TABLE bc.breakglass_review TO bc_keeper;
GRANT SELECT ON TABLE bc.breakglass_review TO bc_reader;

--
-- Name: TABLE breakglass_use; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.breakglass_use TO bc_ui;
GRANT SELECT ON TABLE bc.breakglass_use TO bc_poller;
GRANT SELECT ON TABLE bc.breakglass_use TO bc_runner;
GRANT SELECT ON TABLE bc.breakglass_use TO bc_keeper;
GRANT SELECT ON TABLE bc.breakglass_use TO bc_reader;

--
-- Name: TABLE calendar_feed; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.calendar_feed TO bc_ui;
GRANT SELECT ON TABLE bc.calendar_feed TO bc_poller;
GRANT SELECT ON TABLE bc.calendar_feed TO bc_runner;
GRANT SELECT ON TABLE bc.calendar_feed TO bc_keeper;
GRANT SELECT ON TABLE bc.calendar_feed TO bc_reader;

--
-- Name: COLUMN calendar_feed.digest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(digest) ON TABLE bc.calendar_feed TO bc_ui;

--
-- Name: COLUMN calendar_feed.title; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(title) ON TABLE bc.calendar_feed TO bc_ui;

--
-- Name: COLUMN calendar_feed.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.calendar_feed TO bc_ui;

--
-- Name: COLUMN calendar_feed.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.calendar_feed TO bc_ui;

--
-- Name: COLUMN calendar_feed.revoked_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(revoked_at) ON TABLE bc.calendar_feed TO bc_ui;

--
-- Name: TABLE change_decision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.change_decision TO bc_ui;
GRANT SELECT ON TABLE bc.change_decision TO bc_poller;
GRANT SELECT ON TABLE bc.change_decision TO bc_runner;
GRANT SELECT ON TABLE bc.change_decision TO bc_keeper;
GRANT SELECT ON TABLE bc.change_decision TO bc_reader;

--
-- Name: COLUMN change_decision.proposal; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(proposal) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.decision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(decision) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.digest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(digest) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.reason; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(reason) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(channel) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.signed_in_how; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_how) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.signed_in_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_at) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.mfa; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(mfa) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: COLUMN change_decision.proof; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(proof) ON TABLE bc.change_decision TO bc_ui;

--
-- Name: TABLE change_outcome; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.change_outcome TO bc_ui;
GRANT SELECT ON TABLE bc.change_outcome TO bc_poller;
GRANT SELECT ON TABLE bc.change_outcome TO bc_runner;
GRANT SELECT ON TABLE bc.change_outcome TO bc_keeper;
GRANT SELECT ON TABLE bc.change_outcome TO bc_reader;

--
-- Name: TABLE channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.channel TO bc_ui;
GRANT SELECT ON TABLE bc.channel TO bc_poller;
GRANT SELECT ON TABLE bc.channel TO bc_runner;
GRANT SELECT ON TABLE bc.channel TO bc_keeper;
GRANT SELECT ON TABLE bc.channel TO bc_reader;

--
-- Name: TABLE check_asked; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.check_asked TO bc_ui;
GRANT SELECT ON TABLE bc.check_asked TO bc_poller;
GRANT SELECT ON TABLE bc.check_asked TO bc_runner;
GRANT SELECT ON TABLE bc.check_asked TO bc_keeper;
GRANT SELECT ON TABLE bc.check_asked TO bc_reader;

--
-- Name: COLUMN check_asked.type; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(type) ON TABLE bc.check_asked TO bc_ui;

--
-- Name: COLUMN check_asked.scope_kind; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(scope_kind) ON TABLE bc.check_asked TO bc_ui;

--
-- Name: COLUMN check_asked.scope_name; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(scope_name) ON TABLE bc.check_asked TO bc_ui;

--
-- Name: COLUMN check_asked.target_site; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(target_site) ON TABLE bc.check_asked TO bc_ui;

--
-- Name: COLUMN check_asked.drill; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(drill) ON TABLE bc.check_asked TO bc_ui;

--
-- Name: COLUMN check_asked.asked_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(asked_at) ON TABLE bc.check_asked TO bc_ui;

--
-- Name: COLUMN check_asked.answered_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(answered_at) ON TABLE bc.check_asked TO bc_runner;

--
-- Name: COLUMN check_asked.findings; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(findings) ON TABLE bc.check_asked TO bc_runner;

--
-- Name: COLUMN check_asked.against; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(against) ON TABLE bc.check_asked TO bc_runner;

--
-- Name: TABLE component_beat; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.component_beat TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_poller;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_runner;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_keeper;
GRANT SELECT ON TABLE bc.component_beat TO bc_reader;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_signer;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_sign_on;

--
-- Name: TABLE confirmation; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.confirmation TO bc_ui;
GRANT SELECT ON TABLE bc.confirmation TO bc_poller;
GRANT SELECT ON TABLE bc.confirmation TO bc_runner;
GRANT SELECT ON TABLE bc.confirmation TO bc_keeper;
GRANT SELECT ON TABLE bc.confirmation TO bc_reader;

--
-- Name: TABLE current_status; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.current_status TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.current_status TO bc_poller;
GRANT SELECT ON TABLE bc.current_status TO bc_runner;
GRANT SELECT ON TABLE bc.current_status TO bc_keeper;
GRANT SELECT ON TABLE bc.current_status TO bc_reader;

--
-- Name: TABLE dependency; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.dependency TO bc_ui;
GRANT SELECT ON TABLE bc.dependency TO bc_poller;
GRANT SELECT ON TABLE bc.dependency TO bc_runner;
GRANT SELECT ON TABLE bc.dependency TO bc_keeper;
GRANT SELECT ON TABLE bc.dependency TO bc_reader;

--
-- Name: TABLE dispatch; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.dispatch TO bc_ui;
GRANT SELECT ON TABLE bc.dispatch TO bc_poller;
GRANT SELECT,INSERT ON TABLE bc.dispatch TO bc_runner;
GRANT SELECT ON TABLE bc.dispatch TO bc_keeper;
GRANT SELECT ON TABLE bc.dispatch TO bc_reader;

--
-- Name: COLUMN dispatch.taken_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(taken_at) ON TABLE bc.dispatch TO bc_runner;

--
-- Name: COLUMN dispatch.closed_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(closed_at) ON TABLE bc.dispatch TO bc_runner;

--
-- Name: TABLE endpoint; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.endpoint TO bc_ui;
GRANT SELECT ON TABLE bc.endpoint TO bc_poller;
GRANT SELECT ON TABLE bc.endpoint TO bc_runner;
GRANT SELECT ON TABLE bc.endpoint TO bc_keeper;
GRANT SELECT ON TABLE bc.endpoint TO bc_reader;

--
-- Name: TABLE evidence; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.evidence TO bc_ui;
GRANT SELECT ON TABLE bc.evidence TO bc_poller;
GRANT SELECT ON TABLE bc.evidence TO bc_runner;
GRANT SELECT ON TABLE bc.evidence TO bc_keeper;
GRANT SELECT ON TABLE bc.evidence TO bc_reader;

--
-- Name: COLUMN evidence.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.evidence TO bc_keeper;

--
-- Name: COLUMN evidence.number; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(number) ON TABLE bc.evidence TO bc_keeper;

--
-- Name: COLUMN evidence.manifest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(manifest) ON TABLE bc.evidence TO bc_keeper;

--
-- Name: COLUMN evidence.digest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(digest) ON TABLE bc.evidence TO bc_keeper;

--
-- Name: COLUMN evidence.files; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(files) ON TABLE bc.evidence TO bc_keeper;

--
-- Name: COLUMN evidence.tells; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(tells) ON TABLE bc.evidence TO bc_keeper;

--
-- Name: TABLE evidence_signoff; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.evidence_signoff TO bc_ui;
GRANT SELECT ON TABLE bc.evidence_signoff TO bc_poller;
GRANT SELECT ON TABLE bc.evidence_signoff TO bc_runner;
GRANT SELECT ON TABLE bc.evidence_signoff TO bc_keeper;
GRANT SELECT ON TABLE bc.evidence_signoff TO bc_reader;

--
-- Name: COLUMN evidence_signoff.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.side; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(side) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.answer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(answer) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.note; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(note) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.digest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(digest) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.role; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(role) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(channel) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.signed_in_how; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_how) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.signed_in_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_at) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.mfa; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(mfa) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: COLUMN evidence_signoff.proof; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(proof) ON TABLE bc.evidence_signoff TO bc_ui;

--
-- Name: TABLE finding; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.finding TO bc_ui;
GRANT SELECT ON TABLE bc.finding TO bc_poller;
GRANT SELECT ON TABLE bc.finding TO bc_runner;
GRANT SELECT ON TABLE bc.finding TO bc_keeper;
GRANT SELECT ON TABLE bc.finding TO bc_reader;

--
-- Name: COLUMN finding.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.finding TO bc_ui;

--
-- Name: COLUMN finding.what; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(what) ON TABLE bc.finding TO bc_ui;

--
-- Name: COLUMN finding.owner; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(owner) ON TABLE bc.finding TO bc_ui;

--
-- Name: COLUMN finding.due; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(due) ON TABLE bc.finding TO bc_ui;

--
-- Name: COLUMN finding.key; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(key) ON TABLE bc.finding TO bc_ui;

--
-- Name: COLUMN finding.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.finding TO bc_ui;

--
-- Name: COLUMN finding.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.finding TO bc_ui;

--
-- Name: TABLE finding_closed; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.finding_closed TO bc_ui;
GRANT SELECT ON TABLE bc.finding_closed TO bc_poller;
GRANT SELECT ON TABLE bc.finding_closed TO bc_runner;
GRANT SELECT ON TABLE bc.finding_closed TO bc_keeper;
GRANT SELECT ON TABLE bc.finding_closed TO bc_reader;

--
-- Name: COLUMN finding_closed.finding; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(finding) ON TABLE bc.finding_closed TO bc_ui;

--
-- Name: COLUMN finding_closed.note; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(note) ON TABLE bc.finding_closed TO bc_ui;

--
-- Name: COLUMN finding_closed.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.finding_closed TO bc_ui;

--
-- Name: COLUMN finding_closed.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.finding_closed TO bc_ui;

--
-- Name: TABLE "freeze"; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc."freeze" TO bc_ui;
GRANT SELECT ON TABLE bc."freeze" TO bc_poller;
GRANT SELECT ON TABLE bc."freeze" TO bc_runner;
GRANT SELECT ON TABLE bc."freeze" TO bc_keeper;
GRANT SELECT ON TABLE bc."freeze" TO bc_reader;

--
-- Name: COLUMN "freeze".issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".reason; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(reason) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".thawed_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(thawed_at) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".thawed_issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(thawed_issuer) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".thawed_subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(thawed_subject) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".thaw_reason; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(thaw_reason) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: COLUMN "freeze".thaw_proof; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(thaw_proof) ON TABLE bc."freeze" TO bc_ui;

--
-- Name: TABLE group_member; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.group_member TO bc_ui;
GRANT SELECT ON TABLE bc.group_member TO bc_poller;
GRANT SELECT ON TABLE bc.group_member TO bc_runner;
GRANT SELECT ON TABLE bc.group_member TO bc_keeper;
GRANT SELECT ON TABLE bc.group_member TO bc_reader;

--
-- Name: TABLE group_order; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.group_order TO bc_ui;
GRANT SELECT ON TABLE bc.group_order TO bc_poller;
GRANT SELECT ON TABLE bc.group_order TO bc_runner;
GRANT SELECT ON TABLE bc.group_order TO bc_keeper;
GRANT SELECT ON TABLE bc.group_order TO bc_reader;

--
-- Name: TABLE identity; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.identity TO bc_ui;
GRANT SELECT ON TABLE bc.identity TO bc_poller;
GRANT SELECT ON TABLE bc.identity TO bc_runner;
GRANT SELECT ON TABLE bc.identity TO bc_keeper;
GRANT SELECT ON TABLE bc.identity TO bc_reader;
GRANT SELECT ON TABLE bc.identity TO bc_sign_on;

--
-- Name: COLUMN identity.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.identity TO bc_sign_on;

--
-- Name: COLUMN identity.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.identity TO bc_sign_on;

--
-- Name: COLUMN identity.person; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(person),UPDATE(person) ON TABLE bc.identity TO bc_sign_on;

--
-- Name: COLUMN identity.linked_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(linked_at) ON TABLE bc.identity TO bc_sign_on;

--
-- Name: TABLE instance; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.instance TO bc_ui;
GRANT SELECT ON TABLE bc.instance TO bc_poller;
GRANT SELECT ON TABLE bc.instance TO bc_runner;
GRANT SELECT ON TABLE bc.instance TO bc_keeper;
GRANT SELECT ON TABLE bc.instance TO bc_reader;

--
-- Name: TABLE inventory_before; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.inventory_before TO bc_ui;
GRANT SELECT ON TABLE bc.inventory_before TO bc_poller;
GRANT SELECT ON TABLE bc.inventory_before TO bc_runner;
GRANT SELECT ON TABLE bc.inventory_before TO bc_keeper;
GRANT SELECT ON TABLE bc.inventory_before TO bc_reader;

--
-- Name: TABLE inventory_change; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.inventory_change TO bc_ui;
GRANT SELECT ON TABLE bc.inventory_change TO bc_poller;
GRANT SELECT ON TABLE bc.inventory_change TO bc_runner;
GRANT SELECT ON TABLE bc.inventory_change TO bc_keeper;
GRANT SELECT ON TABLE bc.inventory_change TO bc_reader;

--
-- Name: COLUMN inventory_change.revision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(revision) ON TABLE bc.inventory_change TO bc_ui;

--
-- Name: COLUMN inventory_change.at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(at) ON TABLE bc.inventory_change TO bc_ui;

--
-- Name: COLUMN inventory_change.actor; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(actor) ON TABLE bc.inventory_change TO bc_ui;

--
-- Name: COLUMN inventory_change.summary; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(summary) ON TABLE bc.inventory_change TO bc_ui;

--
-- Name: COLUMN inventory_change.before; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(before) ON TABLE bc.inventory_change TO bc_ui;

--
-- Name: COLUMN inventory_change.after; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(after) ON TABLE bc.inventory_change TO bc_ui;

--
-- Name: TABLE inventory_revision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,UPDATE ON TABLE bc.inventory_revision TO bc_ui;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_poller;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_runner;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_keeper;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_reader;

--
-- Name: TABLE lease; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.lease TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.lease TO bc_poller;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.lease TO bc_runner;
GRANT SELECT ON TABLE bc.lease TO bc_keeper;
GRANT SELECT ON TABLE bc.lease TO bc_reader;

--
-- Name: TABLE look_wish; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.look_wish TO bc_ui;
GRANT SELECT ON TABLE bc.look_wish TO bc_poller;
GRANT SELECT ON TABLE bc.look_wish TO bc_runner;
GRANT SELECT ON TABLE bc.look_wish TO bc_keeper;
GRANT SELECT ON TABLE bc.look_wish TO bc_reader;

--
-- Name: TABLE observation; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.observation TO bc_ui;
GRANT SELECT,INSERT ON TABLE bc.observation TO bc_poller;
GRANT SELECT ON TABLE bc.observation TO bc_runner;
GRANT SELECT ON TABLE bc.observation TO bc_keeper;
GRANT SELECT ON TABLE bc.observation TO bc_reader;

--
-- Name: TABLE observation_default; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.observation_default TO bc_ui;
GRANT SELECT ON TABLE bc.observation_default TO bc_poller;
GRANT SELECT ON TABLE bc.observation_default TO bc_runner;
GRANT SELECT ON TABLE bc.observation_default TO bc_keeper;
GRANT SELECT ON TABLE bc.observation_default TO bc_reader;

--
-- Name: TABLE outbox; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.outbox TO bc_ui;
GRANT SELECT,INSERT ON TABLE bc.outbox TO bc_poller;
GRANT SELECT,INSERT ON TABLE bc.outbox TO bc_runner;
GRANT SELECT ON TABLE bc.outbox TO bc_keeper;
GRANT SELECT ON TABLE bc.outbox TO bc_reader;

--
-- Name: COLUMN outbox.due_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(due_at) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.claimed_until; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(claimed_until) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.attempts; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(attempts) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.delivered_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(delivered_at) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.dead_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(dead_at) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.last_error; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(last_error) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: TABLE person; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.person TO bc_ui;
GRANT SELECT ON TABLE bc.person TO bc_poller;
GRANT SELECT ON TABLE bc.person TO bc_runner;
GRANT SELECT ON TABLE bc.person TO bc_keeper;
GRANT SELECT ON TABLE bc.person TO bc_reader;
GRANT SELECT ON TABLE bc.person TO bc_sign_on;

--
-- Name: COLUMN person.name; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(name) ON TABLE bc.person TO bc_sign_on;

--
-- Name: COLUMN person.disabled; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(disabled) ON TABLE bc.person TO bc_sign_on;

--
-- Name: TABLE policy_need; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.policy_need TO bc_ui;
GRANT SELECT ON TABLE bc.policy_need TO bc_poller;
GRANT SELECT ON TABLE bc.policy_need TO bc_runner;
GRANT SELECT ON TABLE bc.policy_need TO bc_keeper;
GRANT SELECT ON TABLE bc.policy_need TO bc_reader;

--
-- Name: TABLE policy_rule; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.policy_rule TO bc_ui;
GRANT SELECT ON TABLE bc.policy_rule TO bc_poller;
GRANT SELECT ON TABLE bc.policy_rule TO bc_runner;
GRANT SELECT ON TABLE bc.policy_rule TO bc_keeper;
GRANT SELECT ON TABLE bc.policy_rule TO bc_reader;

--
-- Name: TABLE precheck; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.precheck TO bc_ui;
GRANT SELECT ON TABLE bc.precheck TO bc_poller;
GRANT SELECT ON TABLE bc.precheck TO bc_runner;
GRANT SELECT ON TABLE bc.precheck TO bc_keeper;
GRANT SELECT ON TABLE bc.precheck TO bc_reader;

--
-- Name: COLUMN precheck.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.precheck TO bc_runner;

--
-- Name: COLUMN precheck.findings; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(findings) ON TABLE bc.precheck TO bc_runner;

--
-- Name: TABLE proof; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.proof TO bc_ui;
GRANT SELECT ON TABLE bc.proof TO bc_poller;
GRANT SELECT ON TABLE bc.proof TO bc_runner;
GRANT SELECT ON TABLE bc.proof TO bc_keeper;
GRANT SELECT ON TABLE bc.proof TO bc_reader;

--
-- Name: COLUMN proof.looked_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(looked_at) ON TABLE bc.proof TO bc_runner;

--
-- Name: COLUMN proof.holds; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(holds) ON TABLE bc.proof TO bc_runner;

--
-- Name: TABLE refused_attempt; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE bc.refused_attempt TO bc_ui;
GRANT SELECT ON TABLE bc.refused_attempt TO bc_poller;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.refused_attempt TO bc_runner;
GRANT SELECT ON TABLE bc.refused_attempt TO bc_keeper;
GRANT SELECT ON TABLE bc.refused_attempt TO bc_reader;

--
-- Name: TABLE request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.request TO bc_ui;
GRANT SELECT ON TABLE bc.request TO bc_poller;
GRANT SELECT,INSERT ON TABLE bc.request TO bc_runner;
GRANT SELECT ON TABLE bc.request TO bc_keeper;
GRANT SELECT ON TABLE bc.request TO bc_reader;

--
-- Name: COLUMN request.id; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT(id) ON TABLE bc.request TO bc_audit_owner;

--
-- Name: COLUMN request.type; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT(type) ON TABLE bc.request TO bc_audit_owner;

--
-- Name: COLUMN request.target_site; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT(target_site) ON TABLE bc.request TO bc_audit_owner;

--
-- Name: COLUMN request.state; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(state) ON TABLE bc.request TO bc_ui;
GRANT UPDATE(state) ON TABLE bc.request TO bc_runner;

--
-- Name: COLUMN request.version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(version) ON TABLE bc.request TO bc_ui;
GRANT UPDATE(version) ON TABLE bc.request TO bc_runner;

--
-- Name: COLUMN request.plan_revision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(plan_revision) ON TABLE bc.request TO bc_ui;
GRANT UPDATE(plan_revision) ON TABLE bc.request TO bc_runner;

--
-- Name: COLUMN request.breakglass; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(breakglass) ON TABLE bc.request TO bc_ui;

--
-- Name: COLUMN request.last_event; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(last_event) ON TABLE bc.request TO bc_ui;
GRANT UPDATE(last_event) ON TABLE bc.request TO bc_runner;

--
-- Name: COLUMN request.last_by; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(last_by) ON TABLE bc.request TO bc_ui;
GRANT UPDATE(last_by) ON TABLE bc.request TO bc_runner;

--
-- Name: COLUMN request.last_reason; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(last_reason) ON TABLE bc.request TO bc_ui;
GRANT UPDATE(last_reason) ON TABLE bc.request TO bc_runner;

--
-- Name: TABLE request_history; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.request_history TO bc_ui;
GRANT SELECT ON TABLE bc.request_history TO bc_poller;
GRANT SELECT ON TABLE bc.request_history TO bc_runner;
GRANT SELECT ON TABLE bc.request_history TO bc_keeper;
GRANT SELECT ON TABLE bc.request_history TO bc_reader;

--
-- Name: TABLE request_plan; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.request_plan TO bc_ui;
GRANT SELECT ON TABLE bc.request_plan TO bc_poller;
GRANT SELECT,INSERT ON TABLE bc.request_plan TO bc_runner;
GRANT SELECT ON TABLE bc.request_plan TO bc_keeper;
GRANT SELECT ON TABLE bc.request_plan TO bc_reader;

--
-- Name: TABLE resource; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.resource TO bc_ui;
GRANT SELECT ON TABLE bc.resource TO bc_poller;
GRANT SELECT ON TABLE bc.resource TO bc_runner;
GRANT SELECT ON TABLE bc.resource TO bc_keeper;
GRANT SELECT ON TABLE bc.resource TO bc_reader;

--
-- Name: TABLE resource_group; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.resource_group TO bc_ui;
GRANT SELECT ON TABLE bc.resource_group TO bc_poller;
GRANT SELECT ON TABLE bc.resource_group TO bc_runner;
GRANT SELECT ON TABLE bc.resource_group TO bc_keeper;
GRANT SELECT ON TABLE bc.resource_group TO bc_reader;

--
-- Name: TABLE resource_lease; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.resource_lease TO bc_ui;
GRANT SELECT ON TABLE bc.resource_lease TO bc_poller;
GRANT SELECT ON TABLE bc.resource_lease TO bc_runner;
GRANT SELECT ON TABLE bc.resource_lease TO bc_keeper;
GRANT SELECT ON TABLE bc.resource_lease TO bc_reader;

--
-- Name: COLUMN resource_lease.resource; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(resource) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: COLUMN resource_lease.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request),UPDATE(request) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: COLUMN resource_lease.epoch; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(epoch),UPDATE(epoch) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: COLUMN resource_lease.holder; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(holder),UPDATE(holder) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: COLUMN resource_lease.ttl_s; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(ttl_s),UPDATE(ttl_s) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: COLUMN resource_lease.expires_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(expires_at),UPDATE(expires_at) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: COLUMN resource_lease.released_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(released_at) ON TABLE bc.resource_lease TO bc_runner;

--
-- Name: TABLE role_assignment; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.role_assignment TO bc_ui;
GRANT SELECT ON TABLE bc.role_assignment TO bc_poller;
GRANT SELECT ON TABLE bc.role_assignment TO bc_runner;
GRANT SELECT ON TABLE bc.role_assignment TO bc_keeper;
GRANT SELECT ON TABLE bc.role_assignment TO bc_reader;
GRANT SELECT,DELETE ON TABLE bc.role_assignment TO bc_sign_on;

--
-- Name: COLUMN role_assignment.person; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(person) ON TABLE bc.role_assignment TO bc_sign_on;

--
-- Name: COLUMN role_assignment.role; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(role) ON TABLE bc.role_assignment TO bc_sign_on;

--
-- Name: COLUMN role_assignment.last_seen_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(last_seen_at) ON TABLE bc.role_assignment TO bc_sign_on;

--
-- Name: TABLE route; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.route TO bc_ui;
GRANT SELECT ON TABLE bc.route TO bc_poller;
GRANT SELECT ON TABLE bc.route TO bc_runner;
GRANT SELECT ON TABLE bc.route TO bc_keeper;
GRANT SELECT ON TABLE bc.route TO bc_reader;

--
-- Name: TABLE route_channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.route_channel TO bc_ui;
GRANT SELECT ON TABLE bc.route_channel TO bc_poller;
GRANT SELECT ON TABLE bc.route_channel TO bc_runner;
GRANT SELECT ON TABLE bc.route_channel TO bc_keeper;
GRANT SELECT ON TABLE bc.route_channel TO bc_reader;

--
-- Name: TABLE run; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.run TO bc_ui;
GRANT SELECT ON TABLE bc.run TO bc_poller;
GRANT SELECT ON TABLE bc.run TO bc_runner;
GRANT SELECT ON TABLE bc.run TO bc_keeper;
GRANT SELECT ON TABLE bc.run TO bc_reader;

--
-- Name: COLUMN run.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.plan_revision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(plan_revision) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.epoch; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(epoch),UPDATE(epoch) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.executor; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(executor) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.prechecks; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(prechecks) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.owed; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(owed) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.outcome; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(outcome) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.members; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(members) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.outage_began_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(outage_began_at) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.restored_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(restored_at) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.unprotected_since; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(unprotected_since) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.held_because; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(held_because) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.ended_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(ended_at) ON TABLE bc.run TO bc_runner;

--
-- Name: COLUMN run.proofs; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(proofs) ON TABLE bc.run TO bc_runner;

--
-- Name: TABLE run_act; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.run_act TO bc_ui;
GRANT SELECT ON TABLE bc.run_act TO bc_poller;
GRANT SELECT ON TABLE bc.run_act TO bc_runner;
GRANT SELECT ON TABLE bc.run_act TO bc_keeper;
GRANT SELECT ON TABLE bc.run_act TO bc_reader;

--
-- Name: COLUMN run_act.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.plan_revision; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(plan_revision) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.plan_digest; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(plan_digest) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.kind; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(kind) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.step; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(step) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.value; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(value) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.note; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(note) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.role; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(role) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(channel) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.signed_in_how; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_how) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.signed_in_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(signed_in_at) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.mfa; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(mfa) ON TABLE bc.run_act TO bc_ui;

--
-- Name: COLUMN run_act.proof; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(proof) ON TABLE bc.run_act TO bc_ui;

--
-- Name: TABLE run_event; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.run_event TO bc_ui;
GRANT SELECT ON TABLE bc.run_event TO bc_poller;
GRANT SELECT ON TABLE bc.run_event TO bc_runner;
GRANT SELECT ON TABLE bc.run_event TO bc_keeper;
GRANT SELECT ON TABLE bc.run_event TO bc_reader;

--
-- Name: COLUMN run_event.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.run_event TO bc_runner;

--
-- Name: COLUMN run_event.level; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(level) ON TABLE bc.run_event TO bc_runner;

--
-- Name: COLUMN run_event.text; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(text) ON TABLE bc.run_event TO bc_runner;

--
-- Name: COLUMN run_event.step; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(step) ON TABLE bc.run_event TO bc_runner;

--
-- Name: TABLE run_mark; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.run_mark TO bc_ui;
GRANT SELECT ON TABLE bc.run_mark TO bc_poller;
GRANT SELECT ON TABLE bc.run_mark TO bc_runner;
GRANT SELECT ON TABLE bc.run_mark TO bc_keeper;
GRANT SELECT ON TABLE bc.run_mark TO bc_reader;

--
-- Name: COLUMN run_mark.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.run_mark TO bc_runner;

--
-- Name: COLUMN run_mark.step; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(step) ON TABLE bc.run_mark TO bc_runner;

--
-- Name: COLUMN run_mark.name; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(name) ON TABLE bc.run_mark TO bc_runner;

--
-- Name: COLUMN run_mark.epoch; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(epoch) ON TABLE bc.run_mark TO bc_runner;

--
-- Name: COLUMN run_mark.at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(at) ON TABLE bc.run_mark TO bc_runner;

--
-- Name: COLUMN run_mark.facts; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(facts) ON TABLE bc.run_mark TO bc_runner;

--
-- Name: TABLE run_step; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.run_step TO bc_ui;
GRANT SELECT ON TABLE bc.run_step TO bc_poller;
GRANT SELECT ON TABLE bc.run_step TO bc_runner;
GRANT SELECT ON TABLE bc.run_step TO bc_keeper;
GRANT SELECT ON TABLE bc.run_step TO bc_reader;

--
-- Name: COLUMN run_step.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.key; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(key) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step."position"; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT("position") ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.step; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(step) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.state; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(state) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.epoch; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(epoch) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.sentence; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(sentence) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.facts; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(facts) ON TABLE bc.run_step TO bc_runner;

--
-- Name: COLUMN run_step.findings; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(findings) ON TABLE bc.run_step TO bc_runner;

--
-- Name: TABLE run_term; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.run_term TO bc_ui;
GRANT SELECT ON TABLE bc.run_term TO bc_poller;
GRANT SELECT ON TABLE bc.run_term TO bc_runner;
GRANT SELECT ON TABLE bc.run_term TO bc_keeper;
GRANT SELECT ON TABLE bc.run_term TO bc_reader;

--
-- Name: COLUMN run_term.request; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(request) ON TABLE bc.run_term TO bc_runner;

--
-- Name: COLUMN run_term.holder; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(holder) ON TABLE bc.run_term TO bc_runner;

--
-- Name: TABLE schedule_notice; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.schedule_notice TO bc_ui;
GRANT SELECT ON TABLE bc.schedule_notice TO bc_poller;
GRANT SELECT ON TABLE bc.schedule_notice TO bc_runner;
GRANT SELECT ON TABLE bc.schedule_notice TO bc_keeper;
GRANT SELECT ON TABLE bc.schedule_notice TO bc_reader;

--
-- Name: COLUMN schedule_notice.schedule; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(schedule) ON TABLE bc.schedule_notice TO bc_runner;

--
-- Name: COLUMN schedule_notice.due_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(due_at) ON TABLE bc.schedule_notice TO bc_runner;

--
-- Name: COLUMN schedule_notice.channel; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(channel) ON TABLE bc.schedule_notice TO bc_runner;

--
-- Name: COLUMN schedule_notice.lead_s; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(lead_s) ON TABLE bc.schedule_notice TO bc_runner;

--
-- Name: COLUMN schedule_notice.version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(version) ON TABLE bc.schedule_notice TO bc_runner;

--
-- Name: TABLE schedule_occurrence; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.schedule_occurrence TO bc_ui;
GRANT SELECT ON TABLE bc.schedule_occurrence TO bc_poller;
GRANT SELECT ON TABLE bc.schedule_occurrence TO bc_runner;
GRANT SELECT ON TABLE bc.schedule_occurrence TO bc_keeper;
GRANT SELECT ON TABLE bc.schedule_occurrence TO bc_reader;

--
-- Name: COLUMN schedule_occurrence.schedule; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(schedule) ON TABLE bc.schedule_occurrence TO bc_runner;

--
-- Name: COLUMN schedule_occurrence.due_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(due_at) ON TABLE bc.schedule_occurrence TO bc_runner;

--
-- Name: COLUMN schedule_occurrence.version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(version) ON TABLE bc.schedule_occurrence TO bc_runner;

--
-- Name: COLUMN schedule_occurrence.outcome; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(outcome) ON TABLE bc.schedule_occurrence TO bc_runner;

--
-- Name: COLUMN schedule_occurrence.code; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(code) ON TABLE bc.schedule_occurrence TO bc_runner;

--
-- Name: COLUMN schedule_occurrence.because; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(because) ON TABLE bc.schedule_occurrence TO bc_runner;

--
-- Name: TABLE schedule_version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.schedule_version TO bc_ui;
GRANT SELECT ON TABLE bc.schedule_version TO bc_poller;
GRANT SELECT ON TABLE bc.schedule_version TO bc_runner;
GRANT SELECT ON TABLE bc.schedule_version TO bc_keeper;
GRANT SELECT ON TABLE bc.schedule_version TO bc_reader;

--
-- Name: COLUMN schedule_version.schedule; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(schedule) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(version) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.state; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(state) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.title; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(title) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.type; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(type) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.drill; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(drill) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.tag; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(tag) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.scope_kind; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(scope_kind) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.scope_name; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(scope_name) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.target_site; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(target_site) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.reason; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(reason) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.ticket; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(ticket) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.zone; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(zone) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.starts; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(starts) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.rule; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(rule) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.lasts_s; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(lasts_s) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.catch_up_s; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(catch_up_s) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.window_after_s; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(window_after_s) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.window_s; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(window_s) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.notices; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(notices) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.key; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(key) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: COLUMN schedule_version.note; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(note) ON TABLE bc.schedule_version TO bc_ui;

--
-- Name: TABLE schema_version; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.schema_version TO bc_ui;
GRANT SELECT ON TABLE bc.schema_version TO bc_poller;
GRANT SELECT ON TABLE bc.schema_version TO bc_runner;
GRANT SELECT ON TABLE bc.schema_version TO bc_keeper;
GRANT SELECT ON TABLE bc.schema_version TO bc_reader;
GRANT SELECT ON TABLE bc.schema_version TO bc_owner;

--
-- Name: TABLE signed_out; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.signed_out TO bc_ui;
GRANT SELECT ON TABLE bc.signed_out TO bc_poller;
GRANT SELECT ON TABLE bc.signed_out TO bc_runner;
GRANT SELECT ON TABLE bc.signed_out TO bc_keeper;
GRANT SELECT ON TABLE bc.signed_out TO bc_reader;

--
-- Name: COLUMN signed_out.ticket; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(ticket) ON TABLE bc.signed_out TO bc_ui;

--
-- Name: COLUMN signed_out.until; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(until) ON TABLE bc.signed_out TO bc_ui;

--
-- Name: TABLE site; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.site TO bc_ui;
GRANT SELECT ON TABLE bc.site TO bc_poller;
GRANT SELECT ON TABLE bc.site TO bc_runner;
GRANT SELECT ON TABLE bc.site TO bc_keeper;
GRANT SELECT ON TABLE bc.site TO bc_reader;

--
-- Name: TABLE status_change; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.status_change TO bc_ui;
GRANT SELECT,INSERT ON TABLE bc.status_change TO bc_poller;
GRANT SELECT ON TABLE bc.status_change TO bc_runner;
GRANT SELECT ON TABLE bc.status_change TO bc_keeper;
GRANT SELECT ON TABLE bc.status_change TO bc_reader;

--
-- Name: TABLE trend_hour; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.trend_hour TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.trend_hour TO bc_poller;
GRANT SELECT ON TABLE bc.trend_hour TO bc_runner;
GRANT SELECT ON TABLE bc.trend_hour TO bc_keeper;
GRANT SELECT ON TABLE bc.trend_hour TO bc_reader;

--
-- Name: TABLE trend_minute; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.trend_minute TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.trend_minute TO bc_poller;
GRANT SELECT ON TABLE bc.trend_minute TO bc_runner;
GRANT SELECT ON TABLE bc.trend_minute TO bc_keeper;
GRANT SELECT ON TABLE bc.trend_minute TO bc_reader;

--
-- Name: TABLE trend_minute_default; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.trend_minute_default TO bc_ui;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_poller;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_runner;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_keeper;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_reader;

--
-- Name: TABLE turn; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.turn TO bc_ui;
GRANT SELECT ON TABLE bc.turn TO bc_poller;
GRANT SELECT ON TABLE bc.turn TO bc_runner;
GRANT SELECT ON TABLE bc.turn TO bc_keeper;
GRANT SELECT ON TABLE bc.turn TO bc_reader;

--
-- Name: TABLE vote; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.vote TO bc_ui;
GRANT SELECT ON TABLE bc.vote TO bc_poller;
GRANT SELECT ON TABLE bc.vote TO bc_runner;
GRANT SELECT ON TABLE bc.vote TO bc_keeper;
GRANT SELECT ON TABLE bc.vote TO bc_reader;

--
-- Name: TABLE vote_key; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT ON TABLE bc.vote_key TO bc_ui;
GRANT SELECT ON TABLE bc.vote_key TO bc_poller;
GRANT SELECT ON TABLE bc.vote_key TO bc_runner;
GRANT SELECT ON TABLE bc.vote_key TO bc_keeper;
GRANT SELECT ON TABLE bc.vote_key TO bc_reader;
GRANT SELECT ON TABLE bc.vote_key TO bc_sign_on;

--
-- Name: COLUMN vote_key.key_id; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(key_id) ON TABLE bc.vote_key TO bc_sign_on;

--
-- Name: COLUMN vote_key.issuer; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(issuer) ON TABLE bc.vote_key TO bc_sign_on;

--
-- Name: COLUMN vote_key.subject; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(subject) ON TABLE bc.vote_key TO bc_sign_on;

--
-- Name: COLUMN vote_key.public_key; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT INSERT(public_key) ON TABLE bc.vote_key TO bc_sign_on;

--
-- Name: COLUMN vote_key.revoked_at; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT UPDATE(revoked_at) ON TABLE bc.vote_key TO bc_sign_on;

--
-- Name: TABLE withdrawal; Type: ACL; Schema: bc; Owner: bc_guard_owner
--

GRANT SELECT,INSERT ON TABLE bc.withdrawal TO bc_ui;
GRANT SELECT ON TABLE bc.withdrawal TO bc_poller;
GRANT SELECT ON TABLE bc.withdrawal TO bc_runner;
GRANT SELECT ON TABLE bc.withdrawal TO bc_keeper;
GRANT SELECT ON TABLE bc.withdrawal TO bc_reader;

--
-- PostgreSQL database dump complete
--
