-- Non-production can never reach a production channel, whatever program writes (decision 12).
-- Environment and production are read from the inventory here; what the writer says does not count.
-- The table's constraint only_production_reaches_production refuses the rest.
CREATE OR REPLACE FUNCTION bc.outbox_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.outbox_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER outbox_written BEFORE INSERT ON bc.outbox
    FOR EACH ROW EXECUTE FUNCTION bc.outbox_written();
ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_written;

-- Channel or resource may have changed since the row was written: taking or delivering it looks again.
CREATE OR REPLACE FUNCTION bc.outbox_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION bc.outbox_changed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER outbox_changed BEFORE UPDATE ON bc.outbox
    FOR EACH ROW EXECUTE FUNCTION bc.outbox_changed();
ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_changed;
