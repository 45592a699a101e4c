-- Every change of the inventory is in the audit log, with before and after, whatever program writes it (FR-040).
-- The log's own objects stand in sql/superuser/audit.sql: they belong to nobody who can sign in.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                   WHERE n.nspname = 'bc_audit' AND p.proname = 'append') THEN
        RAISE EXCEPTION 'The audit log is missing in this database: run bcctl db init with the superuser''s URL first.';
    END IF;
END $$;

-- A configuration as named parts: `resources/orders-db` for what has a name, else the whole section.
CREATE OR REPLACE FUNCTION bc.config_parts(config jsonb) RETURNS TABLE (part text, said jsonb)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH sections AS (
        SELECT key, value, jsonb_typeof(value) = 'array' AND value <> '[]' AND NOT jsonb_path_exists(value, '$[*] ? (!exists(@.name))') AS named
        FROM jsonb_each(config))
    SELECT key || '/' || (item->>'name'), item
        FROM sections, jsonb_array_elements(CASE WHEN named THEN value ELSE '[]' END) AS item WHERE named
    UNION ALL SELECT key, value FROM sections WHERE NOT named AND value NOT IN ('[]', 'null')
$$;
REVOKE ALL ON FUNCTION bc.config_parts(jsonb) FROM PUBLIC;

-- What differs: {"resources/orders-db": {"before": ..., "after": ...}}.
CREATE OR REPLACE FUNCTION bc.config_changed(before jsonb, after jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(part, jsonb_build_object('before', b.said, 'after', a.said)), '{}')
    FROM bc.config_parts(before) b FULL JOIN bc.config_parts(after) a USING (part) WHERE b.said IS DISTINCT FROM a.said
$$;
REVOKE ALL ON FUNCTION bc.config_changed(jsonb, jsonb) FROM PUBLIC;

-- SECURITY DEFINER is not used: the record shows the role that wrote. A program that knows the person says so in
-- bc.audit_actor (JSON: person, issuer, subject, name) and bc.audit_channel for its transaction.
CREATE OR REPLACE FUNCTION bc.audit_inventory_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.audit_inventory_change() FROM PUBLIC;
CREATE OR REPLACE TRIGGER audit_inventory_change AFTER INSERT ON bc.inventory_change
    FOR EACH ROW EXECUTE FUNCTION bc.audit_inventory_change();
ALTER TABLE bc.inventory_change ENABLE ALWAYS TRIGGER audit_inventory_change;
