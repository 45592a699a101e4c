-- Made by `bcctl db schema` from sql/migrations, sql/guards and sql/grants; do not edit.
--
-- PostgreSQL database dump
--

--
-- Name: bc; Type: SCHEMA; Schema: -; Owner: bc_owner
--

CREATE SCHEMA bc;

ALTER SCHEMA bc OWNER TO bc_owner;

--
-- Name: environment; Type: DOMAIN; Schema: bc; Owner: bc_owner
--

CREATE DOMAIN bc.environment AS text
	CONSTRAINT environment_check CHECK ((VALUE = ANY (ARRAY['prod'::text, 'staging'::text, 'test'::text, 'dev'::text, 'demo'::text])));

ALTER DOMAIN bc.environment OWNER TO bc_owner;

--
-- Name: line; Type: DOMAIN; Schema: bc; Owner: bc_owner
--

CREATE DOMAIN bc.line AS text
	CONSTRAINT line_check CHECK ((((length(VALUE) >= 1) AND (length(VALUE) <= 200)) AND (VALUE !~ '[[:cntrl:]]'::text)));

ALTER DOMAIN bc.line OWNER TO bc_owner;

--
-- Name: name; Type: DOMAIN; Schema: bc; Owner: bc_owner
--

CREATE DOMAIN bc.name AS text
	CONSTRAINT name_check CHECK (((length(VALUE) <= 63) AND (VALUE ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text)));

ALTER DOMAIN bc.name OWNER TO bc_owner;

--
-- Name: seconds; Type: DOMAIN; Schema: bc; Owner: bc_owner
--

CREATE DOMAIN bc.seconds AS double precision
	CONSTRAINT seconds_check CHECK (((VALUE > (0)::double precision) AND (VALUE < 'Infinity'::double precision)));

ALTER DOMAIN bc.seconds OWNER TO bc_owner;

--
-- Name: status; Type: TYPE; Schema: bc; Owner: bc_owner
--

CREATE TYPE bc.status AS ENUM (
    'green',
    'yellow',
    'never_seen',
    'stale',
    'blind',
    'red'
);

ALTER TYPE bc.status OWNER TO bc_owner;

--
-- Name: drop_old(integer, integer); Type: FUNCTION; Schema: bc; Owner: bc_owner
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
    PERFORM pg_advisory_xact_lock(hashtext('bc.partitions'));
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
END $_$;

ALTER FUNCTION bc.drop_old(raw_days integer, bucket_months integer) OWNER TO bc_owner;

--
-- Name: ensure_partitions(integer); Type: FUNCTION; Schema: bc; Owner: bc_owner
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
    PERFORM pg_advisory_xact_lock(hashtext('bc.partitions'));
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

ALTER FUNCTION bc.ensure_partitions(days_ahead integer) OWNER TO bc_owner;

--
-- Name: forget_resource(); Type: FUNCTION; Schema: bc; Owner: bc_owner
--

CREATE FUNCTION bc.forget_resource() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM bc.current_status WHERE resource = OLD.name;
    RETURN NULL;
END $$;

ALTER FUNCTION bc.forget_resource() OWNER TO bc_owner;

--
-- Name: guard_lease(); Type: FUNCTION; Schema: bc; Owner: bc_owner
--

CREATE FUNCTION bc.guard_lease() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.name <> NEW.name OR TG_OP = 'UPDATE' AND NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'The epoch of lease % only grows.', OLD.name USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.holder <> OLD.holder AND NEW.epoch <= OLD.epoch THEN
        RAISE EXCEPTION 'A new holder of lease % needs a new epoch.', OLD.name USING ERRCODE = 'check_violation';
    END IF;
    IF current_user = 'bc_poller' AND NEW.name NOT LIKE 'poller/%' THEN
        RAISE EXCEPTION 'bc_poller holds leases named poller/... only.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.guard_lease() OWNER TO bc_owner;

--
-- Name: guard_revision(); Type: FUNCTION; Schema: bc; Owner: bc_owner
--

CREATE FUNCTION bc.guard_revision() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NEW.revision <= OLD.revision THEN
        RAISE EXCEPTION 'The inventory''s revision only grows.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

ALTER FUNCTION bc.guard_revision() OWNER TO bc_owner;

--
-- Name: make_day(text, text, date); Type: FUNCTION; Schema: bc; Owner: bc_owner
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

ALTER FUNCTION bc.make_day(parent text, key text, day date) OWNER TO bc_owner;

--
-- Name: now(); Type: FUNCTION; Schema: bc; Owner: bc_owner
--

CREATE FUNCTION bc.now() RETURNS timestamp with time zone
    LANGUAGE sql PARALLEL SAFE
    AS $$SELECT pg_catalog.clock_timestamp()$$;

ALTER FUNCTION bc.now() OWNER TO bc_owner;

--
-- Name: FUNCTION now(); Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON FUNCTION bc.now() IS 'The clock that decides expiry and leases. Only test databases replace it.';

--
-- Name: outbox_changed(); Type: FUNCTION; Schema: bc; Owner: bc_owner
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

ALTER FUNCTION bc.outbox_changed() OWNER TO bc_owner;

--
-- Name: outbox_written(); Type: FUNCTION; Schema: bc; Owner: bc_owner
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

ALTER FUNCTION bc.outbox_written() OWNER TO bc_owner;

--
-- Name: channel; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.channel (
    name bc.name NOT NULL,
    kind text NOT NULL,
    url text NOT NULL,
    production boolean NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT channel_kind_check CHECK ((kind = ANY (ARRAY['mail'::text, 'webhook'::text, 'chat'::text, 'pager'::text])))
);

ALTER TABLE bc.channel OWNER TO bc_owner;

--
-- Name: component_beat; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.component_beat (
    component text NOT NULL,
    instance text NOT NULL,
    beat_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE bc.component_beat OWNER TO bc_owner;

--
-- Name: current_status; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.current_status OWNER TO bc_owner;

--
-- Name: dependency; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.dependency (
    resource bc.name NOT NULL,
    "position" integer NOT NULL,
    on_resource bc.name,
    on_group bc.name,
    CONSTRAINT one_target CHECK (((num_nonnulls(on_resource, on_group) = 1) AND ((on_resource)::text IS DISTINCT FROM (resource)::text)))
);

ALTER TABLE bc.dependency OWNER TO bc_owner;

--
-- Name: endpoint; Type: TABLE; Schema: bc; Owner: bc_owner
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
    CONSTRAINT endpoint_host_check CHECK ((length(host) <= 255)),
    CONSTRAINT endpoint_port_check CHECK (((port >= 1) AND (port <= 65535))),
    CONSTRAINT endpoint_secret_check CHECK ((secret ~ '^(env|vault):'::text)),
    CONSTRAINT endpoint_tls_check CHECK ((tls = ANY (ARRAY['verify-full'::text, 'verify-ca'::text, 'disable'::text]))),
    CONSTRAINT host_or_url CHECK (((num_nonnulls(host, url) = 1) AND ((host IS NULL) = (port IS NULL))))
);

ALTER TABLE bc.endpoint OWNER TO bc_owner;

--
-- Name: COLUMN endpoint.secret; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON COLUMN bc.endpoint.secret IS 'A reference, never a value (SEC-005).';

--
-- Name: group_member; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.group_member (
    group_name bc.name NOT NULL,
    resource bc.name NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE bc.group_member OWNER TO bc_owner;

--
-- Name: group_order; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.group_order (
    group_name bc.name NOT NULL,
    resource bc.name NOT NULL,
    after bc.name NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT group_order_check CHECK (((resource)::text <> (after)::text))
);

ALTER TABLE bc.group_order OWNER TO bc_owner;

--
-- Name: instance; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.instance (
    incarnation integer NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    since timestamp with time zone DEFAULT bc.now() NOT NULL,
    reason text NOT NULL,
    CONSTRAINT instance_incarnation_check CHECK ((incarnation > 0))
);

ALTER TABLE bc.instance OWNER TO bc_owner;

--
-- Name: TABLE instance; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.instance IS 'Incarnations of this database: a new row after each promotion or restore of it.';

--
-- Name: inventory_change; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.inventory_change (
    revision bigint NOT NULL,
    at timestamp with time zone DEFAULT bc.now() NOT NULL,
    actor text NOT NULL,
    summary text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    CONSTRAINT inventory_change_actor_check CHECK ((actor <> ''::text))
);

ALTER TABLE bc.inventory_change OWNER TO bc_owner;

--
-- Name: TABLE inventory_change; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.inventory_change IS 'Who changed the inventory, when, and the whole state before and after.';

--
-- Name: inventory_revision; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.inventory_revision (
    singleton boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT bc.now() NOT NULL,
    CONSTRAINT inventory_revision_singleton_check CHECK (singleton)
);

ALTER TABLE bc.inventory_revision OWNER TO bc_owner;

--
-- Name: lease; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.lease OWNER TO bc_owner;

--
-- Name: TABLE lease; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.lease IS 'Rows are never deleted: the epoch must never be used twice.';

--
-- Name: observation; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.observation OWNER TO bc_owner;

--
-- Name: TABLE observation; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.observation IS 'Raw history, one partition a UTC day. nodes: as seen, without settings and extensions, which stand in current_status.';

--
-- Name: observation_default; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.observation_default OWNER TO bc_owner;

--
-- Name: outbox; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.outbox OWNER TO bc_owner;

--
-- Name: COLUMN outbox.environment; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON COLUMN bc.outbox.environment IS 'Taken from the inventory by a trigger, not from the writer.';

--
-- Name: COLUMN outbox.production; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON COLUMN bc.outbox.production IS 'Of the channel; taken from the inventory by a trigger.';

--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_owner
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
-- Name: resource; Type: TABLE; Schema: bc; Owner: bc_owner
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
    CONSTRAINT resource_alert_after_s_check CHECK (((alert_after_s >= (0)::double precision) AND (alert_after_s < 'Infinity'::double precision))),
    CONSTRAINT resource_platform_check CHECK ((platform = ANY (ARRAY['postgresql'::text, 'http'::text]))),
    CONSTRAINT resource_retained_wal_warn_bytes_check CHECK ((retained_wal_warn_bytes > 0)),
    CONSTRAINT resource_tier_check CHECK ((tier = ANY (ARRAY[1, 2]))),
    CONSTRAINT two_sites CHECK (((home_site)::text <> (dr_site)::text)),
    CONSTRAINT warn_before_critical CHECK (((lag_warn_s)::double precision <= (lag_critical_s)::double precision))
);

ALTER TABLE bc.resource OWNER TO bc_owner;

--
-- Name: TABLE resource; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.resource IS 'One replicated database or application dependency. Seconds and bytes.';

--
-- Name: resource_group; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.resource_group (
    name bc.name NOT NULL,
    tier smallint NOT NULL,
    owner bc.line NOT NULL,
    rpo_s bc.seconds,
    "position" integer NOT NULL,
    CONSTRAINT resource_group_tier_check CHECK ((tier = ANY (ARRAY[1, 2])))
);

ALTER TABLE bc.resource_group OWNER TO bc_owner;

--
-- Name: route; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.route (
    "position" integer NOT NULL,
    tiers smallint[] NOT NULL,
    environments text[] NOT NULL,
    CONSTRAINT route_environments_check CHECK (((environments <@ ARRAY['prod'::text, 'staging'::text, 'test'::text, 'dev'::text, 'demo'::text]) AND (cardinality(environments) > 0))),
    CONSTRAINT route_tiers_check CHECK (((tiers <@ ARRAY[(1)::smallint, (2)::smallint]) AND (cardinality(tiers) > 0)))
);

ALTER TABLE bc.route OWNER TO bc_owner;

--
-- Name: route_channel; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.route_channel (
    route integer NOT NULL,
    channel bc.name NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE bc.route_channel OWNER TO bc_owner;

--
-- Name: schema_version; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.schema_version (
    version_num character varying(32) NOT NULL
);

ALTER TABLE bc.schema_version OWNER TO bc_owner;

--
-- Name: site; Type: TABLE; Schema: bc; Owner: bc_owner
--

CREATE TABLE bc.site (
    name bc.name NOT NULL,
    title bc.line NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE bc.site OWNER TO bc_owner;

--
-- Name: status_change; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.status_change OWNER TO bc_owner;

--
-- Name: status_change_id_seq; Type: SEQUENCE; Schema: bc; Owner: bc_owner
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
-- Name: trend_hour; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.trend_hour OWNER TO bc_owner;

--
-- Name: TABLE trend_hour; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.trend_hour IS 'The same in 3600 s, kept for months.';

--
-- Name: trend_minute; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.trend_minute OWNER TO bc_owner;

--
-- Name: TABLE trend_minute; Type: COMMENT; Schema: bc; Owner: bc_owner
--

COMMENT ON TABLE bc.trend_minute IS 'Least and greatest in 60 s, kept as long as raw observations. A gap is an absent row.';

--
-- Name: trend_minute_default; Type: TABLE; Schema: bc; Owner: bc_owner
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

ALTER TABLE bc.trend_minute_default OWNER TO bc_owner;

--
-- Name: observation_default; Type: TABLE ATTACH; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.observation ATTACH PARTITION bc.observation_default DEFAULT;

--
-- Name: trend_minute_default; Type: TABLE ATTACH; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.trend_minute ATTACH PARTITION bc.trend_minute_default DEFAULT;

--
-- Name: channel channel_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.channel
    ADD CONSTRAINT channel_pkey PRIMARY KEY (name);

--
-- Name: component_beat component_beat_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.component_beat
    ADD CONSTRAINT component_beat_pkey PRIMARY KEY (component, instance);

--
-- Name: current_status current_status_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.current_status
    ADD CONSTRAINT current_status_pkey PRIMARY KEY (resource);

--
-- Name: dependency dependency_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_pkey PRIMARY KEY (resource, "position");

--
-- Name: dependency dependency_resource_on_resource_on_group_key; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_resource_on_resource_on_group_key UNIQUE NULLS NOT DISTINCT (resource, on_resource, on_group);

--
-- Name: endpoint endpoint_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (resource, node);

--
-- Name: group_member group_member_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.group_member
    ADD CONSTRAINT group_member_pkey PRIMARY KEY (group_name, resource);

--
-- Name: group_order group_order_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.group_order
    ADD CONSTRAINT group_order_pkey PRIMARY KEY (group_name, resource, after);

--
-- Name: instance instance_id_key; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.instance
    ADD CONSTRAINT instance_id_key UNIQUE (id);

--
-- Name: instance instance_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (incarnation);

--
-- Name: inventory_change inventory_change_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.inventory_change
    ADD CONSTRAINT inventory_change_pkey PRIMARY KEY (revision);

--
-- Name: inventory_revision inventory_revision_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.inventory_revision
    ADD CONSTRAINT inventory_revision_pkey PRIMARY KEY (singleton);

--
-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (name);

--
-- Name: outbox outbox_channel_dedup_key_key; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.outbox
    ADD CONSTRAINT outbox_channel_dedup_key_key UNIQUE (channel, dedup_key);

--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

--
-- Name: resource_group resource_group_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.resource_group
    ADD CONSTRAINT resource_group_pkey PRIMARY KEY (name);

--
-- Name: resource resource_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (name);

--
-- Name: route_channel route_channel_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.route_channel
    ADD CONSTRAINT route_channel_pkey PRIMARY KEY (route, channel);

--
-- Name: route route_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.route
    ADD CONSTRAINT route_pkey PRIMARY KEY ("position");

--
-- Name: schema_version schema_version_pkc; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);

--
-- Name: site site_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (name);

--
-- Name: status_change status_change_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.status_change
    ADD CONSTRAINT status_change_pkey PRIMARY KEY (id);

--
-- Name: trend_hour trend_hour_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.trend_hour
    ADD CONSTRAINT trend_hour_pkey PRIMARY KEY (resource, start);

--
-- Name: trend_minute trend_minute_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.trend_minute
    ADD CONSTRAINT trend_minute_pkey PRIMARY KEY (resource, start);

--
-- Name: trend_minute_default trend_minute_default_pkey; Type: CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.trend_minute_default
    ADD CONSTRAINT trend_minute_default_pkey PRIMARY KEY (resource, start);

--
-- Name: observation_at; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX observation_at ON ONLY bc.observation USING brin (observed_at);

--
-- Name: observation_default_observed_at_idx; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX observation_default_observed_at_idx ON bc.observation_default USING brin (observed_at);

--
-- Name: observation_resource_at; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX observation_resource_at ON ONLY bc.observation USING btree (resource, observed_at);

--
-- Name: observation_default_resource_observed_at_idx; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX observation_default_resource_observed_at_idx ON bc.observation_default USING btree (resource, observed_at);

--
-- Name: outbox_delivered; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX outbox_delivered ON bc.outbox USING btree (delivered_at) WHERE (delivered_at IS NOT NULL);

--
-- Name: outbox_due; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX outbox_due ON bc.outbox USING btree (due_at) WHERE ((delivered_at IS NULL) AND (dead_at IS NULL));

--
-- Name: status_change_at; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX status_change_at ON bc.status_change USING btree (at DESC, id DESC);

--
-- Name: status_change_resource_at; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX status_change_resource_at ON bc.status_change USING btree (resource, at DESC, id DESC);

--
-- Name: trend_hour_start; Type: INDEX; Schema: bc; Owner: bc_owner
--

CREATE INDEX trend_hour_start ON bc.trend_hour USING brin (start);

--
-- Name: observation_default_observed_at_idx; Type: INDEX ATTACH; Schema: bc; Owner: bc_owner
--

ALTER INDEX bc.observation_at ATTACH PARTITION bc.observation_default_observed_at_idx;

--
-- Name: observation_default_resource_observed_at_idx; Type: INDEX ATTACH; Schema: bc; Owner: bc_owner
--

ALTER INDEX bc.observation_resource_at ATTACH PARTITION bc.observation_default_resource_observed_at_idx;

--
-- Name: trend_minute_default_pkey; Type: INDEX ATTACH; Schema: bc; Owner: bc_owner
--

ALTER INDEX bc.trend_minute_pkey ATTACH PARTITION bc.trend_minute_default_pkey;

--
-- Name: resource forget_resource; Type: TRIGGER; Schema: bc; Owner: bc_owner
--

CREATE TRIGGER forget_resource AFTER DELETE ON bc.resource FOR EACH ROW EXECUTE FUNCTION bc.forget_resource();

--
-- Name: lease guard_lease; Type: TRIGGER; Schema: bc; Owner: bc_owner
--

CREATE TRIGGER guard_lease BEFORE INSERT OR UPDATE ON bc.lease FOR EACH ROW EXECUTE FUNCTION bc.guard_lease();

ALTER TABLE bc.lease ENABLE ALWAYS TRIGGER guard_lease;

--
-- Name: inventory_revision guard_revision; Type: TRIGGER; Schema: bc; Owner: bc_owner
--

CREATE TRIGGER guard_revision BEFORE UPDATE ON bc.inventory_revision FOR EACH ROW EXECUTE FUNCTION bc.guard_revision();

--
-- Name: outbox outbox_changed; Type: TRIGGER; Schema: bc; Owner: bc_owner
--

CREATE TRIGGER outbox_changed BEFORE UPDATE ON bc.outbox FOR EACH ROW EXECUTE FUNCTION bc.outbox_changed();

ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_changed;

--
-- Name: outbox outbox_written; Type: TRIGGER; Schema: bc; Owner: bc_owner
--

CREATE TRIGGER outbox_written BEFORE INSERT ON bc.outbox FOR EACH ROW EXECUTE FUNCTION bc.outbox_written();

ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_written;

--
-- Name: dependency dependency_on_group_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_on_group_fkey FOREIGN KEY (on_group) REFERENCES bc.resource_group(name) ON DELETE CASCADE;

--
-- Name: dependency dependency_on_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_on_resource_fkey FOREIGN KEY (on_resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: dependency dependency_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.dependency
    ADD CONSTRAINT dependency_resource_fkey FOREIGN KEY (resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: endpoint endpoint_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.endpoint
    ADD CONSTRAINT endpoint_resource_fkey FOREIGN KEY (resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: endpoint endpoint_site_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.endpoint
    ADD CONSTRAINT endpoint_site_fkey FOREIGN KEY (site) REFERENCES bc.site(name);

--
-- Name: group_member group_member_group_name_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.group_member
    ADD CONSTRAINT group_member_group_name_fkey FOREIGN KEY (group_name) REFERENCES bc.resource_group(name) ON DELETE CASCADE;

--
-- Name: group_member group_member_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.group_member
    ADD CONSTRAINT group_member_resource_fkey FOREIGN KEY (resource) REFERENCES bc.resource(name) ON DELETE CASCADE;

--
-- Name: group_order group_order_group_name_after_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.group_order
    ADD CONSTRAINT group_order_group_name_after_fkey FOREIGN KEY (group_name, after) REFERENCES bc.group_member(group_name, resource) ON DELETE CASCADE;

--
-- Name: group_order group_order_group_name_resource_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.group_order
    ADD CONSTRAINT group_order_group_name_resource_fkey FOREIGN KEY (group_name, resource) REFERENCES bc.group_member(group_name, resource) ON DELETE CASCADE;

--
-- Name: resource resource_dr_site_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.resource
    ADD CONSTRAINT resource_dr_site_fkey FOREIGN KEY (dr_site) REFERENCES bc.site(name);

--
-- Name: resource resource_home_site_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.resource
    ADD CONSTRAINT resource_home_site_fkey FOREIGN KEY (home_site) REFERENCES bc.site(name);

--
-- Name: route_channel route_channel_channel_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.route_channel
    ADD CONSTRAINT route_channel_channel_fkey FOREIGN KEY (channel) REFERENCES bc.channel(name) ON DELETE CASCADE;

--
-- Name: route_channel route_channel_route_fkey; Type: FK CONSTRAINT; Schema: bc; Owner: bc_owner
--

ALTER TABLE ONLY bc.route_channel
    ADD CONSTRAINT route_channel_route_fkey FOREIGN KEY (route) REFERENCES bc.route("position") ON DELETE CASCADE;

--
-- Name: SCHEMA bc; Type: ACL; Schema: -; Owner: bc_owner
--

GRANT USAGE ON SCHEMA bc TO bc_ui;
GRANT USAGE ON SCHEMA bc TO bc_poller;
GRANT USAGE ON SCHEMA bc TO bc_runner;
GRANT USAGE ON SCHEMA bc TO bc_keeper;
GRANT USAGE ON SCHEMA bc TO bc_reader;

--
-- Name: FUNCTION drop_old(raw_days integer, bucket_months integer); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.drop_old(raw_days integer, bucket_months integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.drop_old(raw_days integer, bucket_months integer) TO bc_keeper;

--
-- Name: FUNCTION ensure_partitions(days_ahead integer); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.ensure_partitions(days_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION bc.ensure_partitions(days_ahead integer) TO bc_keeper;

--
-- Name: FUNCTION forget_resource(); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.forget_resource() FROM PUBLIC;

--
-- Name: FUNCTION guard_lease(); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.guard_lease() FROM PUBLIC;

--
-- Name: FUNCTION guard_revision(); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.guard_revision() FROM PUBLIC;

--
-- Name: FUNCTION make_day(parent text, key text, day date); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.make_day(parent text, key text, day date) FROM PUBLIC;

--
-- Name: FUNCTION now(); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.now() FROM PUBLIC;
GRANT ALL ON FUNCTION bc.now() TO bc_ui;
GRANT ALL ON FUNCTION bc.now() TO bc_poller;
GRANT ALL ON FUNCTION bc.now() TO bc_runner;
GRANT ALL ON FUNCTION bc.now() TO bc_keeper;
GRANT ALL ON FUNCTION bc.now() TO bc_reader;

--
-- Name: FUNCTION outbox_changed(); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.outbox_changed() FROM PUBLIC;

--
-- Name: FUNCTION outbox_written(); Type: ACL; Schema: bc; Owner: bc_owner
--

REVOKE ALL ON FUNCTION bc.outbox_written() FROM PUBLIC;

--
-- Name: TABLE channel; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.channel TO bc_ui;
GRANT SELECT ON TABLE bc.channel TO bc_poller;
GRANT SELECT ON TABLE bc.channel TO bc_runner;
GRANT SELECT ON TABLE bc.channel TO bc_keeper;
GRANT SELECT ON TABLE bc.channel TO bc_reader;

--
-- Name: TABLE component_beat; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_poller;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_runner;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.component_beat TO bc_keeper;
GRANT SELECT ON TABLE bc.component_beat TO bc_reader;

--
-- Name: TABLE current_status; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.current_status TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.current_status TO bc_poller;
GRANT SELECT ON TABLE bc.current_status TO bc_runner;
GRANT SELECT ON TABLE bc.current_status TO bc_keeper;
GRANT SELECT ON TABLE bc.current_status TO bc_reader;

--
-- Name: TABLE dependency; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.dependency TO bc_ui;
GRANT SELECT ON TABLE bc.dependency TO bc_poller;
GRANT SELECT ON TABLE bc.dependency TO bc_runner;
GRANT SELECT ON TABLE bc.dependency TO bc_keeper;
GRANT SELECT ON TABLE bc.dependency TO bc_reader;

--
-- Name: TABLE endpoint; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.endpoint TO bc_ui;
GRANT SELECT ON TABLE bc.endpoint TO bc_poller;
GRANT SELECT ON TABLE bc.endpoint TO bc_runner;
GRANT SELECT ON TABLE bc.endpoint TO bc_keeper;
GRANT SELECT ON TABLE bc.endpoint TO bc_reader;

--
-- Name: TABLE group_member; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.group_member TO bc_ui;
GRANT SELECT ON TABLE bc.group_member TO bc_poller;
GRANT SELECT ON TABLE bc.group_member TO bc_runner;
GRANT SELECT ON TABLE bc.group_member TO bc_keeper;
GRANT SELECT ON TABLE bc.group_member TO bc_reader;

--
-- Name: TABLE group_order; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.group_order TO bc_ui;
GRANT SELECT ON TABLE bc.group_order TO bc_poller;
GRANT SELECT ON TABLE bc.group_order TO bc_runner;
GRANT SELECT ON TABLE bc.group_order TO bc_keeper;
GRANT SELECT ON TABLE bc.group_order TO bc_reader;

--
-- Name: TABLE instance; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.instance TO bc_ui;
GRANT SELECT ON TABLE bc.instance TO bc_poller;
GRANT SELECT ON TABLE bc.instance TO bc_runner;
GRANT SELECT ON TABLE bc.instance TO bc_keeper;
GRANT SELECT ON TABLE bc.instance TO bc_reader;

--
-- Name: TABLE inventory_change; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT ON TABLE bc.inventory_change TO bc_ui;
GRANT SELECT ON TABLE bc.inventory_change TO bc_poller;
GRANT SELECT ON TABLE bc.inventory_change TO bc_runner;
GRANT SELECT ON TABLE bc.inventory_change TO bc_keeper;
GRANT SELECT ON TABLE bc.inventory_change TO bc_reader;

--
-- Name: TABLE inventory_revision; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,UPDATE ON TABLE bc.inventory_revision TO bc_ui;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_poller;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_runner;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_keeper;
GRANT SELECT ON TABLE bc.inventory_revision TO bc_reader;

--
-- Name: TABLE lease; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.lease TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.lease TO bc_poller;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.lease TO bc_runner;
GRANT SELECT ON TABLE bc.lease TO bc_keeper;
GRANT SELECT ON TABLE bc.lease TO bc_reader;

--
-- Name: TABLE observation; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.observation TO bc_ui;
GRANT SELECT,INSERT ON TABLE bc.observation TO bc_poller;
GRANT SELECT ON TABLE bc.observation TO bc_runner;
GRANT SELECT ON TABLE bc.observation TO bc_keeper;
GRANT SELECT ON TABLE bc.observation TO bc_reader;

--
-- Name: TABLE observation_default; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.observation_default TO bc_ui;
GRANT SELECT ON TABLE bc.observation_default TO bc_poller;
GRANT SELECT ON TABLE bc.observation_default TO bc_runner;
GRANT SELECT ON TABLE bc.observation_default TO bc_keeper;
GRANT SELECT ON TABLE bc.observation_default TO bc_reader;

--
-- Name: TABLE outbox; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.outbox TO bc_ui;
GRANT SELECT,INSERT ON TABLE bc.outbox TO bc_poller;
GRANT SELECT,INSERT ON TABLE bc.outbox TO bc_runner;
GRANT SELECT ON TABLE bc.outbox TO bc_keeper;
GRANT SELECT ON TABLE bc.outbox TO bc_reader;

--
-- Name: COLUMN outbox.due_at; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT UPDATE(due_at) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.claimed_until; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT UPDATE(claimed_until) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.attempts; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT UPDATE(attempts) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.delivered_at; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT UPDATE(delivered_at) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.dead_at; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT UPDATE(dead_at) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: COLUMN outbox.last_error; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT UPDATE(last_error) ON TABLE bc.outbox TO bc_keeper;

--
-- Name: TABLE resource; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.resource TO bc_ui;
GRANT SELECT ON TABLE bc.resource TO bc_poller;
GRANT SELECT ON TABLE bc.resource TO bc_runner;
GRANT SELECT ON TABLE bc.resource TO bc_keeper;
GRANT SELECT ON TABLE bc.resource TO bc_reader;

--
-- Name: TABLE resource_group; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.resource_group TO bc_ui;
GRANT SELECT ON TABLE bc.resource_group TO bc_poller;
GRANT SELECT ON TABLE bc.resource_group TO bc_runner;
GRANT SELECT ON TABLE bc.resource_group TO bc_keeper;
GRANT SELECT ON TABLE bc.resource_group TO bc_reader;

--
-- Name: TABLE route; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.route TO bc_ui;
GRANT SELECT ON TABLE bc.route TO bc_poller;
GRANT SELECT ON TABLE bc.route TO bc_runner;
GRANT SELECT ON TABLE bc.route TO bc_keeper;
GRANT SELECT ON TABLE bc.route TO bc_reader;

--
-- Name: TABLE route_channel; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.route_channel TO bc_ui;
GRANT SELECT ON TABLE bc.route_channel TO bc_poller;
GRANT SELECT ON TABLE bc.route_channel TO bc_runner;
GRANT SELECT ON TABLE bc.route_channel TO bc_keeper;
GRANT SELECT ON TABLE bc.route_channel TO bc_reader;

--
-- Name: TABLE schema_version; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.schema_version TO bc_ui;
GRANT SELECT ON TABLE bc.schema_version TO bc_poller;
GRANT SELECT ON TABLE bc.schema_version TO bc_runner;
GRANT SELECT ON TABLE bc.schema_version TO bc_keeper;
GRANT SELECT ON TABLE bc.schema_version TO bc_reader;

--
-- Name: TABLE site; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bc.site TO bc_ui;
GRANT SELECT ON TABLE bc.site TO bc_poller;
GRANT SELECT ON TABLE bc.site TO bc_runner;
GRANT SELECT ON TABLE bc.site TO bc_keeper;
GRANT SELECT ON TABLE bc.site TO bc_reader;

--
-- Name: TABLE status_change; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.status_change TO bc_ui;
GRANT SELECT,INSERT ON TABLE bc.status_change TO bc_poller;
GRANT SELECT ON TABLE bc.status_change TO bc_runner;
GRANT SELECT ON TABLE bc.status_change TO bc_keeper;
GRANT SELECT ON TABLE bc.status_change TO bc_reader;

--
-- Name: TABLE trend_hour; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.trend_hour TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.trend_hour TO bc_poller;
GRANT SELECT ON TABLE bc.trend_hour TO bc_runner;
GRANT SELECT ON TABLE bc.trend_hour TO bc_keeper;
GRANT SELECT ON TABLE bc.trend_hour TO bc_reader;

--
-- Name: TABLE trend_minute; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.trend_minute TO bc_ui;
GRANT SELECT,INSERT,UPDATE ON TABLE bc.trend_minute TO bc_poller;
GRANT SELECT ON TABLE bc.trend_minute TO bc_runner;
GRANT SELECT ON TABLE bc.trend_minute TO bc_keeper;
GRANT SELECT ON TABLE bc.trend_minute TO bc_reader;

--
-- Name: TABLE trend_minute_default; Type: ACL; Schema: bc; Owner: bc_owner
--

GRANT SELECT ON TABLE bc.trend_minute_default TO bc_ui;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_poller;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_runner;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_keeper;
GRANT SELECT ON TABLE bc.trend_minute_default TO bc_reader;

--
-- PostgreSQL database dump complete
--
