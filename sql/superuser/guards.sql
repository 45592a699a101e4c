-- Who owns schema bc: bc_guard_owner, a role without members that cannot sign in (decision 8). Applied by the superuser,
-- before the migrations; idempotent. Migrations, guards and grants then run as this role, so that everything they make
-- belongs to it and no list has to be kept: a new table is guarded because it stands in bc.
--
-- Everything, because a guard is as strong as what it reads and calls. Guards run with their owner's rights, and whoever
-- owned bc.now(), a domain, the inventory they look at, or might only create a function beside theirs, would run code
-- with those rights. For the same reason no role that signs in may create anything in bc.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'bc_guard_owner') THEN
        CREATE ROLE bc_guard_owner NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server was faster
END $$;
ALTER ROLE bc_guard_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD NULL;
CREATE SCHEMA IF NOT EXISTS bc AUTHORIZATION bc_guard_owner;

-- A database of before this file, or one where somebody gave a part away: taken over as a whole. What could run there
-- (triggers, rules, policies, functions) is thrown away unread, for it may have been planted; the guards make theirs anew in
-- this transaction. A function that something else depends on stops it: that is nothing we delivered.
DO $$
DECLARE
    guard oid := 'bc_guard_owner'::pg_catalog.regrole;
    room oid := 'bc'::pg_catalog.regnamespace;
    clock oid := pg_catalog.to_regprocedure('bc.now()');
    strange boolean;
    statement text;
BEGIN
    SELECT pg_catalog.bool_or(o.owner <> guard AND NOT r.rolsuper) INTO strange
    FROM (SELECT nspowner FROM pg_catalog.pg_namespace WHERE oid = room
          UNION SELECT relowner FROM pg_catalog.pg_class WHERE relnamespace = room
          UNION SELECT proowner FROM pg_catalog.pg_proc WHERE pronamespace = room
          UNION SELECT typowner FROM pg_catalog.pg_type WHERE typnamespace = room) o(owner)
    JOIN pg_catalog.pg_roles r ON r.oid = o.owner;
    FOR statement IN
        SELECT format('DROP TRIGGER %I ON bc.%I', t.tgname, c.relname) FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        WHERE strange AND c.relnamespace = room AND NOT t.tgisinternal AND t.tgparentid = 0
        UNION ALL SELECT format('DROP RULE %I ON bc.%I', w.rulename, c.relname) FROM pg_catalog.pg_rewrite w
        JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
        WHERE strange AND c.relnamespace = room AND w.rulename <> '_RETURN'
        UNION ALL SELECT format('DROP POLICY %I ON bc.%I', p.polname, c.relname) FROM pg_catalog.pg_policy p
        JOIN pg_catalog.pg_class c ON c.oid = p.polrelid WHERE strange AND c.relnamespace = room
        UNION ALL SELECT format('ALTER TABLE bc.%I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', relname)
        FROM pg_catalog.pg_class WHERE strange AND relnamespace = room AND (relrowsecurity OR relforcerowsecurity)
        UNION ALL SELECT format('DROP ROUTINE %s', oid::pg_catalog.regprocedure) FROM pg_catalog.pg_proc
        WHERE strange AND pronamespace = room AND oid IS DISTINCT FROM clock
    LOOP
        EXECUTE statement;
    END LOOP;
    IF strange AND clock IS NOT NULL THEN  -- defaults of tables depend on it; the body is that of migration 0001
        CREATE OR REPLACE FUNCTION bc.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE SECURITY INVOKER
            AS 'SELECT pg_catalog.clock_timestamp()';
        ALTER FUNCTION bc.now() RESET ALL;
    END IF;
    FOR statement IN
        SELECT format('ALTER SCHEMA %I OWNER TO bc_guard_owner', nspname) FROM pg_catalog.pg_namespace
        WHERE oid = room AND nspowner <> guard
        -- A sequence that belongs to a column follows its table.
        UNION ALL SELECT format('ALTER TABLE bc.%I OWNER TO bc_guard_owner', relname) FROM pg_catalog.pg_class c
        WHERE relnamespace = room AND relowner <> guard AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a', 'i'))
        UNION ALL SELECT format('ALTER ROUTINE %s OWNER TO bc_guard_owner', oid::pg_catalog.regprocedure)
        FROM pg_catalog.pg_proc WHERE pronamespace = room AND proowner <> guard
        UNION ALL SELECT format('ALTER TYPE bc.%I OWNER TO bc_guard_owner', t.typname) FROM pg_catalog.pg_type t
        LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = room AND t.typowner <> guard
          AND (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
    LOOP
        EXECUTE statement;
    END LOOP;
END $$;

-- A guard that writes for a login role (bc.apply_inventory_change) is audited like anybody: the record shows who signed in.
GRANT USAGE ON SCHEMA bc_audit TO bc_guard_owner;
GRANT EXECUTE ON FUNCTION bc_audit.append(jsonb) TO bc_guard_owner;
