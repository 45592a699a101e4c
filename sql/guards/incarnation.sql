-- Incarnations of the shared database (decision 18): a new one after each promotion or restore of it, said by its superuser.
CREATE OR REPLACE FUNCTION bc.incarnation_began() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest integer := (SELECT max(incarnation) FROM bc.instance);
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'An incarnation is never changed or removed.' USING ERRCODE = 'insufficient_privilege';
    ELSIF NEW.incarnation <> newest + 1 OR NEW.incarnation > 1000 THEN
        RAISE EXCEPTION 'The next incarnation is %.', newest + 1 USING ERRCODE = 'check_violation';
    END IF;
    NEW.id := gen_random_uuid(); NEW.since := bc.now();
    -- Numbers of requests that the restore forgot are never given out again: each incarnation has a million.
    PERFORM setval('bc.request_number', greatest((SELECT last_value FROM bc.request_number), newest * 1000000));
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.incarnation_began() FROM PUBLIC;
CREATE OR REPLACE TRIGGER incarnation_began BEFORE INSERT OR UPDATE OR DELETE ON bc.instance
    FOR EACH ROW EXECUTE FUNCTION bc.incarnation_began();
ALTER TABLE bc.instance ENABLE ALWAYS TRIGGER incarnation_began;
