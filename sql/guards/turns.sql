-- Waits for its turn at a named row until the end of the transaction. Not an advisory lock: any role that signs in could
-- take that, bc_reader too, and hold up housekeeping and schedules for as long as it likes.
CREATE OR REPLACE FUNCTION bc.take_turn(wanted text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO bc.turn (name) VALUES (wanted) ON CONFLICT DO NOTHING;
    PERFORM FROM bc.turn t WHERE t.name = wanted FOR UPDATE;
END $$;
REVOKE ALL ON FUNCTION bc.take_turn(text) FROM PUBLIC;
