"""The read-only statements, by section, for PostgreSQL 13 to 18.

One round trip answers everything: the sections are put together into one SELECT of one JSON object.
Where a section may not be read, each is asked alone, so that one missing right costs one figure only; so a section
is as small as its rights.
Every name is qualified: nothing depends on the search_path.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from bc_lib.connectors.postgresql.managers import FIXED, like
from bc_lib.connectors.postgresql.parity import SETTINGS
from bc_lib.connectors.postgresql.receiver_name import called
from bc_lib.ports.connector import Statement

OLDEST, NEWEST_TESTED = 130000, 180000
FIXED_NAMES = ", ".join(f"'{name}'" for name in FIXED)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an observation: a scalar SQL expression that gives JSON. `figures`: what of NodeFacts it fills."""

    name: str
    purpose: str
    sql: str
    figures: tuple[str, ...]
    optional: bool = False


SESSION_SETUP = (
    "SET default_transaction_read_only = on; SET statement_timeout = {timeout_ms}; SET lock_timeout = 1000; "
    "SET search_path = pg_catalog; SET timezone = 'UTC'; SET jit = off"
)

NODE = Section(
    "node",
    "Who answers: role, version, its own clock, and what our account may see",
    """(SELECT json_build_object(
  'in_recovery', pg_catalog.pg_is_in_recovery(),
  'version', pg_catalog.current_setting('server_version'),
  'node_time', pg_catalog.clock_timestamp(),
  'started_at', pg_catalog.pg_postmaster_start_time(),
  'address', pg_catalog.host(pg_catalog.inet_server_addr()),
  'sees_stats', pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')))""",
    ("role",),
)

SYSTEM = Section(
    "system",
    "Which cluster this is",
    "(SELECT pg_catalog.to_json(system_identifier::text) FROM pg_catalog.pg_control_system())",
    ("system_identifier",),
)

TIMELINE = Section(
    "timeline",
    "The timeline it writes or has replayed",
    """(SELECT pg_catalog.to_json(CASE WHEN pg_catalog.pg_is_in_recovery()
    THEN (SELECT GREATEST(c.timeline_id, r.min_recovery_end_timeline)
          FROM pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r)
    ELSE ('x' || pg_catalog.left(
      pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::int END))""",
    ("timeline",),
)

WRITTEN = Section(
    "written",
    "A primary's position in the WAL",
    """(SELECT pg_catalog.to_json(
  CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_lsn() END))""",
    ("current_lsn",),
)

RECEIVED = Section(
    "received",
    "How far a standby has received",
    "(SELECT pg_catalog.to_json(pg_catalog.pg_last_wal_receive_lsn()))",
    ("received_lsn",),
)

REPLAYED = Section(
    "replayed",
    "How far a standby has replayed",
    "(SELECT pg_catalog.to_json(pg_catalog.pg_last_wal_replay_lsn()))",
    ("replayed_lsn",),
)

REPLAYED_AT = Section(
    "replayed_at",
    "When the last transaction that a standby has replayed was committed",
    "(SELECT pg_catalog.to_json(pg_catalog.pg_last_xact_replay_timestamp()))",
    ("replayed_at",),
)

PAUSED = Section(
    "paused",
    "Whether replay is paused, or asked to",
    "(SELECT pg_catalog.to_json(CASE WHEN pg_catalog.pg_is_in_recovery() THEN {paused} END))",
    ("replay_paused",),
)

RECEIVER = Section(
    "receiver",
    "A standby's WAL receiver as it sees itself, ages by the node's own clock",
    f"""(SELECT json_build_object(
  'pid', w.pid, 'status', w.status, 'sender_host', w.sender_host, 'sender_port', w.sender_port,
  'received_tli', w.received_tli, 'slot_name', w.slot_name, 'sender_end_lsn', w.latest_end_lsn,
  'written_lsn', w.written_lsn,
  'application_name', {called("w")},
  'began_at', (SELECT a.backend_start FROM pg_catalog.pg_stat_activity a WHERE a.pid = w.pid),
  'last_message_age_s', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - w.last_msg_receipt_time))
  FROM pg_catalog.pg_stat_wal_receiver w LIMIT 1)""",  # noqa: S608 - our own words
    ("upstream",),
)

FOLLOWS = Section(
    "follows",
    "Whom a standby is told to follow: the servers that primary_conninfo names (quoted text with blanks, as passwords "
    "may be, is cut out before looking), the slot there, and whether it is fed from an archive",
    r"""(SELECT json_build_object(
  'hosts', pg_catalog.substring(c.plain, '(?:^|[[:space:]])host=([^[:space:]]+)'),
  'ports', pg_catalog.substring(c.plain, '(?:^|[[:space:]])port=([^[:space:]]+)'),
  'nobody', c.plain = '',
  'slot', (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'primary_slot_name'),
  'archive', (SELECT reset_val <> '' FROM pg_catalog.pg_settings WHERE name = 'restore_command'))
  FROM (SELECT (SELECT pg_catalog.regexp_replace(reset_val,
      $q$'([^'\\[:space:]]*)'|'(?:[^'\\]|\\.)*'|\\.$q$, '\1', 'g')
    FROM pg_catalog.pg_settings WHERE name = 'primary_conninfo') AS plain) c)""",
    ("upstream.configured",),
)

DOWNSTREAMS = Section(
    "downstreams",
    "Standbys fed by this node, cascades included, and logical subscribers, which are no standbys",
    """(SELECT COALESCE(json_agg(json_build_object(
  'application_name', r.application_name, 'client_address', pg_catalog.host(r.client_addr),
  'client_port', r.client_port, 'pid', r.pid, 'began_at', r.backend_start,
  'slot_name', s.slot_name, 'slot_type', s.slot_type,
  'state', r.state, 'sync_state', r.sync_state,
  'sent_lsn', r.sent_lsn, 'written_lsn', r.write_lsn, 'flushed_lsn', r.flush_lsn, 'replayed_lsn', r.replay_lsn,
  'write_lag_s', EXTRACT(epoch FROM r.write_lag), 'flush_lag_s', EXTRACT(epoch FROM r.flush_lag),
  'replay_lag_s', EXTRACT(epoch FROM r.replay_lag),
  'reply_age_s', EXTRACT(epoch FROM pg_catalog.clock_timestamp() - r.reply_time))
  ORDER BY r.application_name, r.pid), '[]'::json)
  FROM pg_catalog.pg_stat_replication r LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid)""",
    ("downstreams", "logical_senders"),
)

SLOTS = Section(
    "slots",
    "Replication slots and the WAL each holds back",
    """(SELECT COALESCE(json_agg(json_build_object(
  'name', s.slot_name, 'active', s.active, 'wal_status', s.wal_status,
  'slot_type', s.slot_type, 'active_pid', s.active_pid, 'temporary', s.temporary, 'plugin', s.plugin,
  'database', s.database, 'restart_lsn', s.restart_lsn, 'confirmed_lsn', s.confirmed_flush_lsn,
  'failover', pg_catalog.to_jsonb(s) -> 'failover', 'synced', pg_catalog.to_jsonb(s) -> 'synced')
  ORDER BY s.slot_name), '[]'::json)
  FROM pg_catalog.pg_replication_slots s)""",
    ("slots",),
)

ARCHIVER = Section(
    "archiver",
    "A failure of WAL archiving that no success has followed, and the last success",
    """(SELECT json_build_object(
  'mode', pg_catalog.current_setting('archive_mode'),
  'failed_at', CASE WHEN pg_catalog.current_setting('archive_mode') <> 'off'
    AND last_failed_time > COALESCE(last_archived_time, '-infinity') THEN last_failed_time END,
  'last_wal', last_archived_wal, 'last_at', last_archived_time,
  'segment_bytes', pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')))
  FROM pg_catalog.pg_stat_archiver)""",
    ("archive_failures_since", "archive"),
)

ARCHIVE_WAITING = Section(
    "archive_waiting",
    "WAL segments that wait for the archive",
    """(SELECT json_build_object('count', COUNT(*), 'since', MIN(modification))
  FROM pg_catalog.pg_ls_archive_statusdir() WHERE name LIKE '%.ready')""",
    ("archive.waiting",),
)

# Not those that belong to a table, such as the sequence of a serial column.
UNLOGGED_TABLES = """FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence = 'u' AND (c.relkind = 'r' OR (c.relkind = 'S' AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))))"""
UNLOGGED_NAME = "pg_catalog.format('%I.%I', n.nspname, c.relname)"
UNLOGGED_SIZE = """CASE WHEN NOT pg_catalog.pg_is_in_recovery() AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_locks l
    WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock') THEN pg_catalog.pg_total_relation_size(c.oid) END"""
UNLOGGED = Section(
    "unlogged",
    "Unlogged tables of this database, which replication does not carry; the size only at a primary, where no lock "
    "would make us wait",
    f"""(SELECT COALESCE(json_agg(json_build_object('name', u.name, 'size_bytes', u.size_bytes)
  ORDER BY u.size_bytes DESC NULLS LAST, u.name), '[]'::json)
  FROM (SELECT {UNLOGGED_NAME} AS name, {UNLOGGED_SIZE} AS size_bytes {UNLOGGED_TABLES}
    ORDER BY 2 DESC NULLS LAST, 1 LIMIT 200) u)""",  # noqa: S608 - our own words
    ("unlogged",),
)

ACTIVITY = Section(
    "activity",
    "Oldest open transaction, and commits waiting for a synchronous standby",
    """(SELECT json_build_object(
  'oldest_transaction_s', COALESCE(MAX(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - xact_start)), 0),
  'sync_waiters', COUNT(*) FILTER (WHERE wait_event_type = 'IPC' AND wait_event = 'SyncRep'))
  FROM pg_catalog.pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid())""",
    ("oldest_transaction_s", "sync_waiters"),
)

PREPARED = Section(
    "prepared",
    "Prepared transactions, which survive a restart and block a clean move",
    """(SELECT json_build_object(
  'count', COUNT(*), 'oldest_s', MAX(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - prepared)))
  FROM pg_catalog.pg_prepared_xacts)""",
    ("prepared_transactions", "oldest_prepared_s"),
)

CONFLICTS = Section(
    "conflicts",
    "Queries cancelled by replay since the statistics were reset",
    """(SELECT json_build_object(
  'total', COALESCE(SUM(conflicts), 0)) FROM pg_catalog.pg_stat_database)""",
    ("replay_conflicts",),
)

SETTINGS_SECTION = Section(
    "settings",
    "Settings that both sites should share, as the server has them (not this session)",
    f"""(SELECT COALESCE(json_object_agg(
  name, json_build_array(reset_val, unit)), '{{{{}}}}'::json) FROM pg_catalog.pg_settings
  WHERE name IN ({", ".join(f"'{name}'" for name in sorted(SETTINGS))}))""",  # noqa: S608 (our own constants)
    ("settings", "read_only", "replay_delay_s", "sync_standby_names"),
)

COMMITS = Section(
    "commits",
    "Where commits are told to wait less, or more, than the server says; only looked for where it has sync names",
    """(SELECT CASE WHEN pg_catalog.current_setting('synchronous_standby_names') = '' THEN '[]'::json
  ELSE (SELECT COALESCE(json_agg(json_build_object('who', o.who, 'value', o.value, 'ours', o.ours)), '[]'::json)
  FROM (SELECT pg_catalog.concat_ws(' in ', 'role ' || r.rolname, 'database ' || d.datname) AS who, c.config,
      r.rolname IS NOT DISTINCT FROM current_user OR d.datname IS NOT DISTINCT FROM pg_catalog.current_database()
    FROM pg_catalog.pg_db_role_setting s CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c(config)
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
    LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
    UNION ALL SELECT 'function ' || p.oid::regproc, c.config, false
    FROM pg_catalog.pg_proc p CROSS JOIN LATERAL pg_catalog.unnest(p.proconfig) AS c(config)
    WHERE p.proconfig IS NOT NULL) AS all_of(who, config, ours)
  CROSS JOIN LATERAL (SELECT all_of.who, all_of.ours,
    pg_catalog.substring(all_of.config, '=(.*)$') AS value) o
  WHERE pg_catalog.lower(all_of.config) LIKE 'synchronous_commit=%') END)""",
    ("commit_overrides",),
)

EXTENSIONS = Section(
    "extensions",
    "Extensions of this database and their versions",
    """(SELECT COALESCE(json_object_agg(extname, extversion), '{{}}'::json)
  FROM pg_catalog.pg_extension)""",
    ("extensions",),
)

COLLATION = Section(
    "collation",
    "Version of the collation library: recorded in the database, and actual on this host",
    """(SELECT json_build_object(
  'recorded', datcollversion, 'actual', pg_catalog.pg_database_collation_actual_version(oid))
  FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())""",
    ("collation_version",),
)

MANAGERS = Section(
    "managers",
    "Signs of a cluster manager, an operator or a cloud service, beneath which nothing is moved",
    rf"""(SELECT json_build_object(
  'shown', (SELECT COALESCE(json_agg(name), '[]'::json) FROM pg_catalog.pg_settings WHERE name IN ({FIXED_NAMES})),
  'fixed', (SELECT COALESCE(json_agg(name), '[]'::json) FROM pg_catalog.pg_settings
    WHERE name IN ({FIXED_NAMES}) AND source = 'command line'),
  'application', (SELECT json_agg(DISTINCT application_name) FROM pg_catalog.pg_stat_activity
    WHERE application_name LIKE ANY ({like("application")})),
  'extension', (SELECT json_agg(extname) FROM pg_catalog.pg_extension WHERE extname LIKE ANY ({like("extension")})),
  'role', (SELECT json_agg(rolname) FROM pg_catalog.pg_roles WHERE rolname LIKE ANY ({like("role")})),
  'setting', (SELECT json_agg(name) FROM pg_catalog.pg_settings WHERE name LIKE ANY ({like("setting")})),
  'slot', (SELECT json_agg(slot_name) FROM pg_catalog.pg_replication_slots
    WHERE slot_name LIKE ANY ({like("slot")}))))""",  # noqa: S608 (our own constants)
    ("manager_signs",),
)

HISTORY = Section(
    "history",
    "Where this node's timeline left the one before it (only where the function of sql/grants is there for us)",
    """(SELECT json_build_object('began_lsn', public.bc_timeline_began()))""",
    ("timeline_began_lsn",),
)
MAY_READ_HISTORY = (
    "SELECT COALESCE(pg_catalog.has_function_privilege("
    "pg_catalog.to_regprocedure('public.bc_timeline_began()')::oid, 'EXECUTE'), false)"
)

HEARTBEAT = Section(
    "heartbeat",
    "The newest beat visible here (only where the resource has a heartbeat)",
    """(SELECT json_build_object(
  'beat_at', b.beat_at, 'timeline', b.timeline, 'lsn', b.lsn)
  FROM (SELECT beat_at, timeline, lsn FROM public.bc_heartbeat ORDER BY beat_at DESC LIMIT 1) b)""",
    ("heartbeat",),
    optional=True,
)

SECTIONS = (
    NODE,
    WRITTEN,
    RECEIVED,
    REPLAYED,
    REPLAYED_AT,
    PAUSED,
    SYSTEM,
    TIMELINE,
    RECEIVER,
    FOLLOWS,
    DOWNSTREAMS,
    SLOTS,
    HISTORY,
    HEARTBEAT,
    ARCHIVER,
    ARCHIVE_WAITING,
    UNLOGGED,
    ACTIVITY,
    PREPARED,
    CONFLICTS,
    SETTINGS_SECTION,
    COMMITS,
    EXTENSIONS,
    COLLATION,
    MANAGERS,
)
BY_NAME = {section.name: section for section in SECTIONS}
BACKSLASH, TWO = r"E'\\'", r"E'\\\\'"
NO_COLLATION_BEFORE, PAUSE_STATE_SINCE = 150000, 140000


@lru_cache(maxsize=256)
def section_names(version: int, heartbeat: bool, history: bool = False) -> tuple[str, ...]:
    """Sections that a server of `version` (as 180006) can answer. `history`: what MAY_READ_HISTORY told there."""
    return tuple(
        section.name
        for section in SECTIONS
        if (heartbeat or not section.optional)
        and (history or section is not HISTORY)
        and (section is not COLLATION or version >= NO_COLLATION_BEFORE)
    )


@lru_cache(maxsize=256)
def section_sql(name: str, version: int) -> str:
    """The expression of one section for a server of `version`."""
    paused = (
        "pg_catalog.pg_get_wal_replay_pause_state() <> 'not paused'"
        if version >= PAUSE_STATE_SINCE
        else "pg_catalog.pg_is_wal_replay_paused()"
    )
    return BY_NAME[name].sql.format(paused=paused)


@lru_cache(maxsize=1024)
def _combined(names: tuple[str, ...], version: int) -> str:
    parts = ",\n".join(f"'{name}', {section_sql(name, version)}" for name in names)
    # As bytes: the server would refuse all of it for one value that is no text in the encoding of either side.
    return f"SELECT pg_catalog.replace(pg_catalog.json_build_object({parts})::text, {BACKSLASH}, {TWO})::bytea"


def combined(names: Collection[str], version: int) -> str:
    """One statement for several sections; its one value, for `foreign_text.load`, is an object by section name."""
    return _combined(tuple(names), version)


def statements(version: int = NEWEST_TESTED, timeout_ms: int = 5000) -> tuple[Statement, ...]:
    """Everything that is ever sent, for people to read."""
    setup = Statement("Make the session read-only and bounded in time", SESSION_SETUP.format(timeout_ms=timeout_ms))
    sections = (
        Statement(BY_NAME[name].purpose, f"SELECT {section_sql(name, version)}")
        for name in section_names(version, True, True)
    )
    return (setup, *sections)
