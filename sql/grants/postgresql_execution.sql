-- The least an execution account needs on a PostgreSQL 13 to 18 that runs may move to its other site.
--
-- Run once at the primary, as a superuser, in the database named in the endpoint, after postgresql_monitor.sql;
-- roles, grants and the table reach the standbys by replication. It may be run again. Plain SQL: any client will do.
-- Afterwards give both accounts a password, without leaving it in a history:  \password bc_execution
-- and one line each in pg_hba.conf of every node (it is not replicated):
--   hostssl  <database>  bc_execution  <address of the runner>  scram-sha-256
--   hostssl  <database>  bc_client     <address of the runner>  scram-sha-256
-- Give bc_execution no line for the database "replication": it makes slots, it never streams.
--
-- Not given on purpose: superuser, any right on the data, pg_read_server_files, pg_execute_server_program.
-- Stopping, starting and rewinding a server are done by its host, not over SQL. It cannot end superusers' sessions.
-- Before PostgreSQL 15 only superusers may CHECKPOINT and ALTER SYSTEM: there the stop takes longer,
-- and synchronous_standby_names and other standbys must be cared for by hand. The checks before a move say so.

-- REPLICATION is what making and dropping a replication slot takes: the way back needs one on the new primary.
-- Without it: the slot must be made by hand before the move, else the old primary may not be able to follow.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'bc_execution') THEN
    CREATE ROLE bc_execution LOGIN;
  END IF;
END $$;
ALTER ROLE bc_execution LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION NOBYPASSRLS CONNECTION LIMIT 20;

-- Positions, receivers, sessions and settings of everybody; ending sessions of an older try of the same run.
GRANT pg_monitor, pg_signal_backend TO bc_execution;

-- Everybody may read these as PostgreSQL is delivered; where that was taken away the checks before a move need them.
GRANT SELECT ON pg_catalog.pg_roles, pg_catalog.pg_locks, pg_catalog.pg_settings TO bc_execution;

-- CHECKPOINT right before the stop, so that the shutdown has little left to write while clients wait.
-- ALTER SYSTEM of three settings: commits must not wait for a standby that is gone, a delayed standby must replay
-- everything before it is promoted, other standbys must follow the new primary.
DO $$
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int >= 150000 THEN
    EXECUTE 'GRANT pg_checkpoint TO bc_execution';
    EXECUTE 'GRANT ALTER SYSTEM ON PARAMETER synchronous_standby_names, recovery_min_apply_delay, primary_conninfo
             TO bc_execution';
  END IF;
END $$;

-- Promotion, resuming replay, and reading changed settings again.
GRANT EXECUTE ON FUNCTION
  pg_catalog.pg_promote(boolean, integer), pg_catalog.pg_wal_replay_resume(), pg_catalog.pg_reload_conf()
  TO bc_execution;

DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO bc_execution', pg_catalog.current_database());
  IF pg_catalog.to_regclass('public.bc_heartbeat') IS NOT NULL THEN
    GRANT SELECT ON public.bc_heartbeat TO bc_execution;
  END IF;
END $$;
-- Integrity checks read tables of yours. Grant each by name:  GRANT SELECT ON public.orders TO bc_execution;

-- The write that proves that service is back, with an account like your clients' own and no right but this.
-- The one row names the run that wrote it last.
CREATE TABLE IF NOT EXISTS public.bc_write_probe (
  id   integer PRIMARY KEY,
  run  text NOT NULL,
  at   timestamptz NOT NULL
);
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'bc_client') THEN
    CREATE ROLE bc_client LOGIN;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO bc_client', pg_catalog.current_database());
END $$;
ALTER ROLE bc_client LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 20;
GRANT USAGE ON SCHEMA public TO bc_execution, bc_client;
GRANT SELECT, INSERT, UPDATE ON public.bc_write_probe TO bc_client;
