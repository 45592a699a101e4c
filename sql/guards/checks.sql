-- What may be asked to be checked: a move of something in the inventory to one of its sites, so that the rows are bounded
-- by it. Times are the database's; the answer is the runner's alone (grants).
CREATE OR REPLACE FUNCTION bc.guard_check_asked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.guard_check_asked() FROM PUBLIC;
CREATE OR REPLACE TRIGGER guard_check_asked BEFORE INSERT OR UPDATE ON bc.check_asked
    FOR EACH ROW EXECUTE FUNCTION bc.guard_check_asked();
ALTER TABLE bc.check_asked ENABLE ALWAYS TRIGGER guard_check_asked;
