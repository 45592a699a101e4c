-- The audit log (FR-040, FR-041, decision 9). Applied by the superuser, before the migrations; idempotent.
--
-- A schema and an owner of its own: the owner of a schema may drop whatever stands in it, and `bc` belongs to bc_guard_owner,
-- as whom the migrations run. Nothing here calls a function outside pg_catalog and bc_audit: these functions run with their
-- owner's rights, and whoever could replace what they call (bc.now(), for one, belongs to bc_guard_owner) would write the log.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'bc_audit_owner') THEN
        CREATE ROLE bc_audit_owner NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server was faster
END $$;
ALTER ROLE bc_audit_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD NULL;

CREATE SCHEMA IF NOT EXISTS bc_audit AUTHORIZATION bc_audit_owner;
SET LOCAL ROLE bc_audit_owner;

-- The systems a record can be found by: its own and the members that were touched.
CREATE OR REPLACE FUNCTION bc_audit.systems_of(line jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT name ORDER BY name), '{}') FROM (
        SELECT line->>'system' AS name UNION ALL SELECT jsonb_array_elements_text(line->'members')) found WHERE name IS NOT NULL
$$;

CREATE TABLE IF NOT EXISTS bc_audit.record (
    seq bigint PRIMARY KEY CHECK (seq > 0),
    prev_hash bytea NOT NULL CHECK (length(prev_hash) = 32),
    body text NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    -- To search by. They follow from the body, so that nobody can hide a record from a filter.
    at text COLLATE "C" NOT NULL GENERATED ALWAYS AS (body::jsonb->>'at') STORED,
    systems text[] NOT NULL GENERATED ALWAYS AS (bc_audit.systems_of(body::jsonb)) STORED,
    request_id text GENERATED ALWAYS AS (body::jsonb->>'request_id') STORED
);
COMMENT ON TABLE bc_audit.record IS 'hash = sha256(prev_hash || body as UTF-8). body is the record; at is ISO 8601 in UTC, of fixed width.';
CREATE INDEX IF NOT EXISTS record_at ON bc_audit.record (at);
CREATE INDEX IF NOT EXISTS record_systems ON bc_audit.record USING gin (systems);
CREATE INDEX IF NOT EXISTS record_request ON bc_audit.record (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS record_request_type ON bc_audit.record ((body::jsonb->>'request_type'))
    WHERE body::jsonb->>'request_type' IS NOT NULL;

CREATE TABLE IF NOT EXISTS bc_audit.head (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    log uuid NOT NULL DEFAULT gen_random_uuid(),
    seq bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE bc_audit.head IS 'The end of the chain. Its row is the lock of every append: an advisory lock could be taken by any role.';

-- Nobody changes or removes a record, the owner and the superuser included.
CREATE OR REPLACE FUNCTION bc_audit.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % on bc_audit.% is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- A record is taken only from bc_audit.append (which runs as the owner) and where it continues the chain.
CREATE OR REPLACE FUNCTION bc_audit.guard_record() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'bc_audit_owner'
            OR NOT EXISTS (SELECT FROM bc_audit.head h WHERE h.seq + 1 = NEW.seq AND h.hash = NEW.prev_hash)
            OR NEW.hash <> sha256(NEW.prev_hash || convert_to(NEW.body, 'UTF8')) THEN
        RAISE EXCEPTION 'Record % does not continue the audit log; write through bc_audit.append.', NEW.seq
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- The end of the chain moves by one, onto the record that is there.
CREATE OR REPLACE FUNCTION bc_audit.guard_head() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.log <> OLD.log OR NEW.seq <> OLD.seq + 1
            OR NOT EXISTS (SELECT FROM bc_audit.record r WHERE r.seq = NEW.seq AND r.hash = NEW.hash) THEN
        RAISE EXCEPTION 'The end of the audit log moves with a new record only.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- Writes one record as part of the caller's transaction; its number. The caller's last statement before the commit:
-- the end of the chain stays locked until then. Waits at most 1.5 s for it.
-- entry: kind, verb, actor {person, issuer, subject, name}, channel, system, members, request_id, reason_code, outcome,
-- payload. Number, time, the login role and the request's type and target are stamped here; what the caller says about
-- them does not count.
CREATE OR REPLACE FUNCTION bc_audit.append(entry jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1500ms' AS $$
DECLARE
    last bc_audit.head;
    line text;
    link bytea;
    asked_type text;
    asked_target text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'bc_audit.append needs a READ COMMITTED transaction.' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF entry->>'kind' IS NULL OR entry->>'kind' NOT IN ('started', 'completed', 'failed', 'denied', 'recorded')
            OR coalesce(entry->>'verb', '') !~ '^[a-z][a-z0-9_.-]{0,79}$'
            OR jsonb_typeof(entry->'actor') IS DISTINCT FROM 'object'
            OR jsonb_typeof(coalesce(entry->'payload', '{}')) <> 'object'
            OR jsonb_typeof(coalesce(entry->'members', '[]')) <> 'array'
            OR octet_length(entry::text) > 16777216 THEN
        RAISE EXCEPTION 'An audit entry needs a kind, a verb, an actor and an object as payload, in at most 16 MiB.'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- What a request is for is read here, so that a search for it does not rest on what the caller says.
    IF entry->>'request_id' IS NOT NULL AND to_regclass('bc.request') IS NOT NULL THEN
        SELECT r.type, r.target_site INTO asked_type, asked_target FROM bc.request r WHERE r.id = entry->>'request_id';
    END IF;
    SELECT * INTO STRICT last FROM bc_audit.head FOR UPDATE;
    line := jsonb_build_object(
        'seq', last.seq + 1, 'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'db_role', session_user, 'kind', entry->'kind', 'verb', entry->'verb', 'actor', entry->'actor',
        'channel', entry->>'channel', 'system', entry->>'system', 'members', coalesce(entry->'members', '[]'),
        'request_id', entry->>'request_id', 'request_type', asked_type, 'target_site', asked_target,
        'reason_code', entry->>'reason_code', 'outcome', entry->>'outcome',
        'payload', coalesce(entry->'payload', '{}'))::text;
    link := sha256(last.hash || convert_to(line, 'UTF8'));
    INSERT INTO bc_audit.record (seq, prev_hash, body, hash) VALUES (last.seq + 1, last.hash, line, link);
    UPDATE bc_audit.head SET seq = last.seq + 1, hash = link;
    RETURN last.seq + 1;
END $$;

CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON bc_audit.record
    FOR EACH STATEMENT EXECUTE FUNCTION bc_audit.refuse();
CREATE OR REPLACE TRIGGER guard_record BEFORE INSERT ON bc_audit.record
    FOR EACH ROW EXECUTE FUNCTION bc_audit.guard_record();
CREATE OR REPLACE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON bc_audit.head
    FOR EACH STATEMENT EXECUTE FUNCTION bc_audit.refuse();
CREATE OR REPLACE TRIGGER guard_head BEFORE UPDATE ON bc_audit.head
    FOR EACH ROW EXECUTE FUNCTION bc_audit.guard_head();
ALTER TABLE bc_audit.record ENABLE ALWAYS TRIGGER refuse;
ALTER TABLE bc_audit.record ENABLE ALWAYS TRIGGER guard_record;
ALTER TABLE bc_audit.head ENABLE ALWAYS TRIGGER refuse;
ALTER TABLE bc_audit.head ENABLE ALWAYS TRIGGER guard_head;

-- The first record names the log.
INSERT INTO bc_audit.head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
SELECT bc_audit.append(jsonb_build_object('kind', 'recorded', 'verb', 'audit.begin', 'channel', 'database',
                                          'actor', jsonb_build_object('name', 'bcctl db init'),
                                          'payload', jsonb_build_object('log', log))) FROM bc_audit.head WHERE seq = 0;

REVOKE ALL ON SCHEMA bc_audit FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
REVOKE ALL ON ALL TABLES IN SCHEMA bc_audit FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bc_audit FROM PUBLIC, bc_owner, bc_ui, bc_poller, bc_runner, bc_keeper, bc_reader, bc_signer,
    bc_sign_on;
GRANT USAGE ON SCHEMA bc_audit TO bc_ui, bc_runner, bc_keeper, bc_reader, bc_signer;
GRANT SELECT ON bc_audit.record, bc_audit.head TO bc_ui, bc_runner, bc_keeper, bc_reader, bc_signer;
GRANT EXECUTE ON FUNCTION bc_audit.append(jsonb) TO bc_ui, bc_runner, bc_keeper;
RESET ROLE;
