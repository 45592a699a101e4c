"""Statements that only acting needs. Every name is qualified; PostgreSQL 13 to 18."""

from __future__ import annotations

from bc_lib.connectors.postgresql.queries import UNLOGGED_NAME, UNLOGGED_SIZE, UNLOGGED_TABLES
from bc_lib.connectors.postgresql.receiver_name import called

PARAMETER_RIGHTS_SINCE, CHECKPOINT_ROLE_SINCE = 150000, 150000
ALTERED = ("synchronous_standby_names", "recovery_min_apply_delay", "primary_conninfo")

_TIMELINE = """CASE WHEN pg_catalog.pg_is_in_recovery()
    THEN (SELECT GREATEST(c.timeline_id, r.min_recovery_end_timeline,
            (SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver WHERE status = 'streaming'))
          FROM pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r)
    ELSE ('x' || pg_catalog.left(
      pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::int END"""

IDENTITY = "SELECT pg_catalog.pg_is_in_recovery(), {system}, {timeline}".format(
    system="(SELECT system_identifier::text FROM pg_catalog.pg_control_system())", timeline=_TIMELINE
)

# A standby's control file can be a timeline behind what it replays; the WAL it has tells.
NEWEST_WAL_TIMELINE = """SELECT COALESCE(max(('x' || pg_catalog.left(name, 8))::bit(32)::int), 0)
FROM pg_catalog.pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"""

# What a move needs to know beyond what the monitor reads.
MORE = """SELECT pg_catalog.json_build_object(
  'can_promote', pg_catalog.has_function_privilege('pg_catalog.pg_promote(boolean, integer)', 'EXECUTE'),
  'can_checkpoint', {can_checkpoint},
  'can_replicate', (SELECT rolreplication OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER),
  'can_resume', pg_catalog.has_function_privilege('pg_catalog.pg_wal_replay_resume()', 'EXECUTE'),
  'can_end_sessions', pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'),
  'can_alter', {can_alter},
  'fixed', (SELECT COALESCE(pg_catalog.json_agg(name), '[]'::json) FROM pg_catalog.pg_settings
    WHERE name IN ('synchronous_standby_names', 'recovery_min_apply_delay', 'primary_conninfo')
      AND source IN ('command line', 'environment variable')),
  'max_replication_slots', pg_catalog.current_setting('max_replication_slots')::int,
  'slots_used', (SELECT count(*) FROM pg_catalog.pg_replication_slots),
  'slot_names', (SELECT COALESCE(pg_catalog.json_agg(slot_name), '[]'::json) FROM pg_catalog.pg_replication_slots),
  'max_wal_senders', pg_catalog.current_setting('max_wal_senders')::int,
  'senders_used', (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'walsender'),
  'wal_log_hints', pg_catalog.current_setting('wal_log_hints') = 'on',
  'data_checksums', pg_catalog.current_setting('data_checksums') = 'on',
  'synchronous_standby_names', pg_catalog.current_setting('synchronous_standby_names'),
  'primary_slot_name', pg_catalog.current_setting('primary_slot_name'),
  'cluster_name', pg_catalog.current_setting('cluster_name'),
  'replay_waits_for', (SELECT wait_event FROM pg_catalog.pg_stat_activity WHERE backend_type = 'startup'))"""


# What the startup process waits for while a query at the standby holds up replay: as wait events or as lock types.
REPLAY_CONFLICTS = frozenset(
    {"RecoveryConflictSnapshot", "RecoveryConflictTablespace", "BufferPin", "BufferCleanup", "relation"}
)

REPLAY = """SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_last_wal_replay_lsn()::text,
  pg_catalog.pg_last_wal_receive_lsn()::text"""

# Whether there is a receiver of which we may read nothing.
_HIDDEN = "r.pid IS NOT NULL AND r.status IS NULL"

# Does anybody send to it still: state of the receiver, when the last message came, the server's own time.
STILL_FED = f"""SELECT r.status, r.last_msg_receipt_time, pg_catalog.clock_timestamp(),
  r.sender_host || ':' || r.sender_port, {_HIDDEN}
FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_stat_wal_receiver r ON true"""  # noqa: S608 - our own words

RECEIVED = """SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_last_wal_replay_lsn()::text,
  pg_catalog.pg_last_wal_receive_lsn()::text, pg_catalog.pg_last_xact_replay_timestamp(),
  (SELECT wait_event FROM pg_catalog.pg_stat_activity WHERE backend_type = 'startup'),
  (SELECT status FROM pg_catalog.pg_stat_wal_receiver LIMIT 1)"""

# Who feeds this standby, as it sees itself, and up to where. Of the conninfo only the name is looked at.
FED = f"""SELECT r.status, r.slot_name, {called("r")},
  GREATEST(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())::text,
  r.sender_host || ':' || r.sender_port, {_HIDDEN}
FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_stat_wal_receiver r ON true"""  # noqa: S608 - our own words

# What this server sends to standbys: under which name and slot, up to where, and what was confirmed.
SENDERS = """SELECT r.application_name, s.slot_name::text, r.state, r.sent_lsn::text, r.flush_lsn::text
FROM pg_catalog.pg_stat_replication r LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid
WHERE s.slot_type IS DISTINCT FROM 'logical'"""

WRITTEN = "SELECT pg_catalog.pg_current_wal_lsn()::text"

WAL_SHAPE = """SELECT pg_catalog.current_setting('server_version_num')::int,
  (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'wal_block_size'),
  (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'wal_segment_size')"""

# Everybody who reads this server's log, with what they have confirmed: a stop waits for that.
READERS = """SELECT r.pid, r.application_name, s.slot_name::text, s.slot_type = 'logical', r.state,
  COALESCE(r.flush_lsn, r.write_lsn)::text,
  EXTRACT(epoch FROM pg_catalog.clock_timestamp() - r.reply_time)::float8,
  (SELECT setting::float8 / 1000 FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout')
FROM pg_catalog.pg_stat_replication r LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid"""

ARCHIVING = """SELECT pg_catalog.current_setting('archive_mode') <> 'off',
  COALESCE(NULLIF(pg_catalog.current_setting('archive_command', true), ''),
    NULLIF(pg_catalog.current_setting('archive_library', true), '')) IS NOT NULL,
  f.waiting, f.oldest_s, a.last_failed_time > COALESCE(a.last_archived_time, '-infinity')
FROM pg_catalog.pg_stat_archiver a,
  (SELECT pg_catalog.count(*) AS waiting,
      EXTRACT(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.min(modification))::float8 AS oldest_s
    FROM pg_catalog.pg_ls_archive_statusdir() WHERE name LIKE '%.ready') f"""

DATABASES = "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn ORDER BY datname"
UNLOGGED = f"SELECT {UNLOGGED_NAME}, {UNLOGGED_SIZE} {UNLOGGED_TABLES}"

# One statement, conditional on everything that makes it right: late or at another server it does nothing (decision 6).
PROMOTE = """SELECT CASE WHEN pg_catalog.pg_is_in_recovery()
    AND pg_catalog.clock_timestamp() < %s
    AND (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) = %s
    AND (SELECT GREATEST(c.timeline_id, r.min_recovery_end_timeline)
         FROM pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r) <= %s
    AND pg_catalog.pg_last_wal_replay_lsn() >= %s::pg_lsn
    AND GREATEST(pg_catalog.pg_last_wal_replay_lsn(), pg_catalog.pg_last_wal_receive_lsn()) <= %s::pg_lsn
  THEN pg_catalog.pg_promote(false) ELSE false END"""

PAUSED = "SELECT pg_catalog.pg_is_in_recovery() AND pg_catalog.pg_is_wal_replay_paused()"

IN_RECOVERY = "SELECT pg_catalog.pg_is_in_recovery()"

PRIMARY_NOW = """SELECT pg_catalog.pg_is_in_recovery(), (SELECT system_identifier::text
    FROM pg_catalog.pg_control_system()), pg_catalog.pg_postmaster_start_time(),
  CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL ELSE ('x' || pg_catalog.left(
      pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::int END,
  CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL ELSE pg_catalog.pg_current_wal_lsn()::text END"""

END_OLDER = """SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity
WHERE pid <> pg_catalog.pg_backend_pid() AND CASE WHEN application_name ~ '^bc-run [^/]+/[0-9]{1,18}$'
  THEN pg_catalog.split_part(application_name, '/', 1) = 'bc-run ' || %s
    AND pg_catalog.split_part(application_name, '/', 2)::bigint < %s ELSE false END"""

SEND_STATE = """SELECT r.application_name, r.state,
  (SELECT s.slot_name FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid)
FROM pg_catalog.pg_stat_replication r ORDER BY r.application_name, r.pid"""

SYNCHRONOUS = """SELECT pg_catalog.current_setting('synchronous_standby_names'),
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))"""

SLOT = "SELECT active, wal_status FROM pg_catalog.pg_replication_slots WHERE slot_name = %s"
MAKE_SLOT = "SELECT pg_catalog.pg_create_physical_replication_slot(%s, true)"
DROP_SLOT = """SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots
WHERE slot_name = %s AND NOT active AND slot_type = 'physical'"""

RECEIVER = """SELECT pg_catalog.pg_is_in_recovery(), r.status, r.received_tli,
  pg_catalog.pg_last_wal_replay_lsn()::text,
  pg_catalog.current_setting('primary_slot_name'), pg_catalog.current_setting('cluster_name')
FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_stat_wal_receiver r ON true"""

CONNINFO = "SELECT pg_catalog.current_setting('primary_conninfo'), pg_catalog.current_setting('primary_slot_name')"

WRITE_PROBE = """INSERT INTO public.bc_write_probe (id, run, at) VALUES (1, %s, pg_catalog.clock_timestamp())
ON CONFLICT (id) DO UPDATE SET run = EXCLUDED.run, at = EXCLUDED.at"""


def more(version: int) -> str:
    """MORE for a server of `version`: before 15 a superuser alone may checkpoint and alter settings."""
    superuser = "(SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER)"
    rights = ", ".join(
        f"'{name}', pg_catalog.has_parameter_privilege('{name}', 'ALTER SYSTEM')"
        if version >= PARAMETER_RIGHTS_SINCE
        else f"'{name}', {superuser}"
        for name in ALTERED
    )
    checkpoint = "pg_catalog.pg_has_role('pg_checkpoint', 'USAGE')" if version >= CHECKPOINT_ROLE_SINCE else superuser
    return MORE.format(can_checkpoint=checkpoint, can_alter=f"pg_catalog.json_build_object({rights})")
