-- The least a monitoring account needs on a watched PostgreSQL 13 to 18.
--
-- Run once at the primary, as a superuser, in the database named in the endpoint; roles and grants
-- reach the standbys by replication. It may be run again. Plain SQL: any client will do.
-- Afterwards give the account a password, without leaving it in a history:  \password bc_monitor
-- and one line in pg_hba.conf of every node (it is not replicated):
--   hostssl  <database>  bc_monitor  <address of the monitor>  scram-sha-256
--
-- Not given on purpose: superuser, replication, pg_monitor (it adds pg_stat_scan_tables, which can
-- hold locks), pg_signal_backend, any right to write. Do not set default_transaction_read_only,
-- statement_timeout or other settings on this role: the monitor sets them in its own session, and
-- reads the server's values; a value on the role would hide the server's.

-- An account of its own: audited, limited, revocable. Per watched database of this server: one kept
-- connection, one fresh for the slow lane, and both again while a second poller takes over. Twenty is
-- enough for five databases; raise it where more databases of one server are watched.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'bc_monitor') THEN
    CREATE ROLE bc_monitor LOGIN;
  END IF;
END $$;
ALTER ROLE bc_monitor NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 20;

-- pg_stat_replication, pg_stat_wal_receiver and pg_stat_activity of other users: standbys and their
-- positions, the WAL receiver, the oldest transaction, commits that wait for a synchronous standby.
-- Without it: downstreams, upstream, oldest_transaction_s, sync_waiters are reported as missing.
GRANT pg_read_all_stats TO bc_monitor;

-- shared_preload_libraries, which both sites should share.
-- Without it: settings.shared_preload_libraries is reported as missing.
GRANT pg_read_all_settings TO bc_monitor;

-- Signing in to this database, where CONNECT was taken from PUBLIC.
DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO bc_monitor', pg_catalog.current_database());
END $$;

-- Functions that PUBLIC may run unless somebody hardened the server: identity of the cluster,
-- timeline, WAL positions. They only read.
GRANT EXECUTE ON FUNCTION
  pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint(), pg_catalog.pg_control_recovery(),
  pg_catalog.pg_current_wal_lsn(), pg_catalog.pg_walfile_name(pg_lsn),
  pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn(), pg_catalog.pg_last_xact_replay_timestamp()
  TO bc_monitor;

-- How many WAL segments wait for the archive, and since when (a command that hangs makes no error). It only lists.
-- Without it: archive.waiting is reported as missing, and a hanging archive is told from positions, some minutes later.
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_archive_statusdir() TO bc_monitor;

-- Where a node's timeline began: two servers can reach the same timeline number by different forks, and only the
-- timeline's history file tells. This function reads the one line of that file, and nothing else.
-- Without it: such a fork is told by positions only, when a standby is seen beyond its primary.
CREATE OR REPLACE FUNCTION public.bc_timeline_began() RETURNS pg_catalog.pg_lsn
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT split_part(line, E'\t', 2)::pg_lsn
  FROM (SELECT CASE WHEN pg_is_in_recovery()
      THEN COALESCE((SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'),
        (SELECT GREATEST(c.timeline_id, r.min_recovery_end_timeline)
         FROM pg_control_checkpoint() c, pg_control_recovery() r))
      ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS number) AS timeline,
    regexp_split_to_table(pg_read_file('pg_wal/' || lpad(upper(to_hex(timeline.number)), 8, '0') || '.history',
      0, 1000000, true), '\n') WITH ORDINALITY AS history (line, place)
  WHERE line ~ '^[0-9]+\t' ORDER BY place DESC LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION public.bc_timeline_began() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.bc_timeline_began() TO bc_monitor;

-- The heartbeat, where this database has one (FR-014). Reading only; the writer is another account.
-- Without it: heartbeat is reported as missing.
DO $$
BEGIN
  IF pg_catalog.to_regclass('public.bc_heartbeat') IS NOT NULL THEN
    GRANT USAGE ON SCHEMA public TO bc_monitor;
    GRANT SELECT ON public.bc_heartbeat TO bc_monitor;
  END IF;
END $$;
