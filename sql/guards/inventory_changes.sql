-- What makes a move's meaning changes by two administrators (S5): bc_ui writes it only where nothing can be moved, and
-- bc_runner through bc.apply_inventory_change alone. The domain says the same (bc_lib/domain/changes/meaning.py).

-- Whether one of these resources can be moved. Locks them, so that nobody makes one movable meanwhile.
CREATE OR REPLACE FUNCTION bc.can_be_moved(names text[]) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(bool_or(r.execution IS NOT NULL), false)
    FROM (SELECT execution FROM bc.resource WHERE name = ANY(names) ORDER BY name FOR SHARE) r
$$;
REVOKE ALL ON FUNCTION bc.can_be_moved(text[]) FROM PUBLIC;

-- The trigger's arguments are the columns that one administrator may change; any other one, a new one too, takes two.
CREATE OR REPLACE FUNCTION bc.two_administrators() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.two_administrators() FROM PUBLIC;
CREATE OR REPLACE TRIGGER two_administrators AFTER INSERT OR UPDATE OR DELETE ON bc.resource
    FOR EACH ROW EXECUTE FUNCTION bc.two_administrators('owner', 'interval_s', 'rpo_s', 'rto_s', 'lag_warn_s',
        'lag_critical_s', 'retained_wal_warn_bytes', 'latency_warn_s', 'long_transaction_warn_s', 'alert_after_s',
        'heartbeat_interval_s', 'notes', 'position');
ALTER TABLE bc.resource ENABLE ALWAYS TRIGGER two_administrators;
CREATE OR REPLACE TRIGGER two_administrators AFTER INSERT OR UPDATE OR DELETE ON bc.endpoint
    FOR EACH ROW EXECUTE FUNCTION bc.two_administrators();
ALTER TABLE bc.endpoint ENABLE ALWAYS TRIGGER two_administrators;
CREATE OR REPLACE TRIGGER two_administrators AFTER INSERT OR UPDATE OR DELETE ON bc.resource_group
    FOR EACH ROW EXECUTE FUNCTION bc.two_administrators('owner', 'rpo_s', 'rto_s', 'position');
ALTER TABLE bc.resource_group ENABLE ALWAYS TRIGGER two_administrators;
CREATE OR REPLACE TRIGGER two_administrators AFTER INSERT OR UPDATE OR DELETE ON bc.group_member
    FOR EACH ROW EXECUTE FUNCTION bc.two_administrators();
ALTER TABLE bc.group_member ENABLE ALWAYS TRIGGER two_administrators;
CREATE OR REPLACE TRIGGER two_administrators AFTER INSERT OR UPDATE OR DELETE ON bc.group_order
    FOR EACH ROW EXECUTE FUNCTION bc.two_administrators();
ALTER TABLE bc.group_order ENABLE ALWAYS TRIGGER two_administrators;

-- The inventory's tables, in the order in which they may be filled.
CREATE OR REPLACE FUNCTION bc.inventory_tables() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY['site', 'resource', 'endpoint', 'resource_group', 'group_member', 'group_order', 'dependency', 'channel',
                 'route', 'route_channel']
$$;
REVOKE ALL ON FUNCTION bc.inventory_tables() FROM PUBLIC;

-- What is wrong with a proposal's document, as a phrase that follows "because"; empty where it has our form. What its
-- values must be is checked by the runner, and by the tables' own constraints. Raises for what is no JSON.
CREATE OR REPLACE FUNCTION bc.inventory_trouble(document text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;
REVOKE ALL ON FUNCTION bc.inventory_trouble(text) FROM PUBLIC;

-- Makes the rows of an agreed proposal the inventory; its new revision. For bc_runner, which has verified both signatures
-- and that the document's rows are its inventory; persons, roles, time and base are checked here again.
CREATE OR REPLACE FUNCTION bc.apply_inventory_change(wanted bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;
REVOKE ALL ON FUNCTION bc.apply_inventory_change(bigint) FROM PUBLIC;
