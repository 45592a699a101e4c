-- Partitions are made and dropped by these functions only; bc_keeper may call them and owns nothing.

-- Makes one day's partition (UTC) and moves what waits for it in the default partition. False where it exists.
CREATE OR REPLACE FUNCTION bc.make_day(parent text, key text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC' AS $$
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
REVOKE ALL ON FUNCTION bc.make_day(text, text, date) FROM PUBLIC;

-- Partitions for today, `days_ahead` more, and every past day that waits in a default partition; how many were made.
CREATE OR REPLACE FUNCTION bc.ensure_partitions(days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC' AS $$
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
REVOKE ALL ON FUNCTION bc.ensure_partitions(integer) FROM PUBLIC;

-- Drops what is older than the retention. Less than one day of raw data or one month of buckets is refused (FR-013).
CREATE OR REPLACE FUNCTION bc.drop_old(raw_days integer, bucket_months integer)
RETURNS TABLE (what text, dropped bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC' AS $$
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
END $$;
REVOKE ALL ON FUNCTION bc.drop_old(integer, integer) FROM PUBLIC;
