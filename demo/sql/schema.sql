-- Objects of one demo database. The heartbeat part is what a real estate would use, too.
CREATE TABLE public.bc_heartbeat (
    id       integer PRIMARY KEY CHECK (id = 1),
    beat_at  timestamptz NOT NULL,
    timeline integer NOT NULL,
    lsn      pg_lsn NOT NULL
);
CREATE ROLE bc_heartbeat_owner NOLOGIN;
ALTER TABLE public.bc_heartbeat OWNER TO bc_heartbeat_owner;

-- No arguments: whoever may execute it can say "I wrote now" and nothing else. The timeline comes from the
-- WAL file's name, because right after a promotion the control file still shows the old one.
CREATE FUNCTION public.bc_beat() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.bc_heartbeat AS seen (id, beat_at, timeline, lsn)
    SELECT 1, clock_timestamp(),
           ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer, pg_current_wal_lsn()
    ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, timeline = excluded.timeline, lsn = excluded.lsn
$$;
ALTER FUNCTION public.bc_beat() OWNER TO bc_heartbeat_owner;
REVOKE ALL ON FUNCTION public.bc_beat() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.bc_beat() TO bc_beater;
