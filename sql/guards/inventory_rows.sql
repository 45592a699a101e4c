-- No change of the inventory without its change row, no change row without a change (FR-040), whatever program writes.
-- Rows are written first, then the revision, then the change row; its content is taken from the tables, not from the writer.

-- What stands in the inventory's tables, by table.
CREATE OR REPLACE FUNCTION bc.inventory_content() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.inventory_content() FROM PUBLIC;

-- Rows that are gone and rows that are new, by table; empty where nothing differs.
CREATE OR REPLACE FUNCTION bc.rows_changed(was jsonb, becomes jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(d.name, jsonb_build_object('gone', d.gone, 'new', d.made)), '{}') FROM (
        SELECT t.name,
            (SELECT coalesce(jsonb_agg(x), '[]') FROM (SELECT jsonb_array_elements(was->t.name) AS x EXCEPT SELECT jsonb_array_elements(becomes->t.name)) g) AS gone,
            (SELECT coalesce(jsonb_agg(x), '[]') FROM (SELECT jsonb_array_elements(becomes->t.name) AS x EXCEPT SELECT jsonb_array_elements(was->t.name)) n) AS made
        FROM jsonb_object_keys(becomes) t(name)) d
    WHERE d.gone <> '[]' OR d.made <> '[]'
$$;
REVOKE ALL ON FUNCTION bc.rows_changed(jsonb, jsonb) FROM PUBLIC;

-- Whether this transaction has written the change row of the revision that stands.
CREATE OR REPLACE FUNCTION bc.inventory_told() RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM bc.inventory_change c JOIN bc.inventory_revision r ON r.revision = c.revision
                   WHERE c.xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296)
$$;
REVOKE ALL ON FUNCTION bc.inventory_told() FROM PUBLIC;

-- What stood before the transaction's first change. A superuser is not asked here and below, who could switch this off.
CREATE OR REPLACE FUNCTION bc.inventory_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.inventory_begins() FROM PUBLIC;

-- At the end of the transaction: the change row is there.
CREATE OR REPLACE FUNCTION bc.inventory_row_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT bc.inventory_told() AND NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        RAISE EXCEPTION 'The inventory changes with its next revision and a change row only.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.inventory_row_told() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['site', 'resource', 'endpoint', 'resource_group', 'group_member', 'group_order', 'dependency',
            'channel', 'route', 'route_channel', 'inventory_revision'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER inventory_begins BEFORE INSERT OR UPDATE OR DELETE ON bc.%I
            FOR EACH STATEMENT EXECUTE FUNCTION bc.inventory_begins()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER inventory_begins', kept);
        EXECUTE format('DROP TRIGGER IF EXISTS inventory_row_told ON bc.%I', kept);
        EXECUTE format('CREATE CONSTRAINT TRIGGER inventory_row_told AFTER INSERT OR UPDATE OR DELETE ON bc.%I
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bc.inventory_row_told()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER inventory_row_told', kept);
    END LOOP;
END $$;

-- A change row is of the revision that stands, of now, says who asked, and holds what the tables hold.
CREATE OR REPLACE FUNCTION bc.inventory_change_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.inventory_change_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER inventory_change_written BEFORE INSERT ON bc.inventory_change
    FOR EACH ROW EXECUTE FUNCTION bc.inventory_change_written();
ALTER TABLE bc.inventory_change ENABLE ALWAYS TRIGGER inventory_change_written;
