-- A resource that leaves the inventory takes its current status with it: should the name come back, it was never seen.
CREATE OR REPLACE FUNCTION bc.forget_resource() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM bc.current_status WHERE resource = OLD.name;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.forget_resource() FROM PUBLIC;
CREATE OR REPLACE TRIGGER forget_resource AFTER DELETE ON bc.resource
    FOR EACH ROW EXECUTE FUNCTION bc.forget_resource();

-- The revision grows by one: a change that was decided on an old state is noticed.
CREATE OR REPLACE FUNCTION bc.guard_revision() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.revision <> OLD.revision + 1 THEN
        RAISE EXCEPTION 'The inventory''s revision grows by one.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.guard_revision() FROM PUBLIC;
CREATE OR REPLACE TRIGGER guard_revision BEFORE UPDATE ON bc.inventory_revision
    FOR EACH ROW EXECUTE FUNCTION bc.guard_revision();
