-- An epoch never shrinks and is never used twice, whatever program writes (decision 5).
CREATE OR REPLACE FUNCTION bc.guard_lease() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.guard_lease() FROM PUBLIC;
CREATE OR REPLACE TRIGGER guard_lease BEFORE INSERT OR UPDATE ON bc.lease
    FOR EACH ROW EXECUTE FUNCTION bc.guard_lease();
ALTER TABLE bc.lease ENABLE ALWAYS TRIGGER guard_lease;
