"""Settings that should be alike at both sites, and those with a field of their own."""

from __future__ import annotations

PARITY = frozenset(
    {
        "archive_mode",
        "autovacuum",
        "data_checksums",
        "default_transaction_isolation",
        "full_page_writes",
        "hot_standby",
        "hot_standby_feedback",
        "lc_messages",
        "maintenance_work_mem",
        "max_connections",
        "max_locks_per_transaction",
        "max_prepared_transactions",
        "max_replication_slots",
        "max_slot_wal_keep_size",
        "max_standby_streaming_delay",
        "max_wal_senders",
        "max_wal_size",
        "max_worker_processes",
        "password_encryption",
        "server_encoding",
        "shared_buffers",
        "shared_preload_libraries",
        "synchronous_commit",
        "TimeZone",
        "wal_keep_size",
        "wal_level",
        "wal_log_hints",
        "wal_segment_size",
        "work_mem",
    }
)
FIELD_OF = {
    "default_transaction_read_only": "read_only",
    "recovery_min_apply_delay": "replay_delay_s",
    "synchronous_standby_names": "sync_standby_names",
}
SETTINGS = PARITY | FIELD_OF.keys()
# Only members of pg_read_all_settings see these.
GUARDED = frozenset({"shared_preload_libraries"})
