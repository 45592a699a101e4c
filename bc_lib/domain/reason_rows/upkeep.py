"""Reason codes. The primary's own troubles that stand in the way of a move, or will."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, NO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("SLOT_LOST", R, NO, LOSS, "Replication slot lost",
     "A slot's WAL is gone: the standby behind it cannot catch up from here.",
     "Rebuild that standby, or feed it from the archive.",
     "pg_replication_slots.wal_status"),
    ("RETAINED_WAL", Y, None, None, "Slot holds back WAL",
     "A slot keeps more WAL than retained_wal_warn (default 1 GiB), or the server is about to drop it.",
     "Bring its consumer back, or drop the slot before the disk fills.",
     "pg_replication_slots"),
    ("ARCHIVE_FAILING", Y, None, None, "Archiving fails",
     "The last attempt to archive WAL failed and none succeeded since.",
     "Check archive_command and its target.",
     "pg_stat_archiver"),
    ("LONG_TRANSACTION", Y, None, None, "Long transaction",
     ("A transaction at the primary is open for longer than long_transaction_warn (default 10 min); a planned move "
      "must end it."),
     "Find the session and ask its owner.",
     "pg_stat_activity"),
    ("PREPARED_TRANSACTION", Y, None, None, "Prepared transaction left open",
     "A prepared transaction is older than 5 min, or its age is not known. It survives a move and keeps its locks.",
     "Find the transaction manager it belongs to; commit or roll back.",
     "pg_prepared_xacts"),
    ("REPLAY_CONFLICTS", None, None, None, "Queries cancelled at the standby",
     "Replay cancelled queries at the standby since the round before.",
     "Consider hot_standby_feedback or a longer max_standby_streaming_delay.",
     "pg_stat_database_conflicts"),
    ("SYNC_WAITERS", R, None, None, "Commits wait for a standby",
     "Sessions wait for a synchronous standby and none is connected: commits hang.",
     "Bring the synchronous standby back, or change synchronous_standby_names deliberately.",
     "pg_stat_activity; pg_stat_replication"),
)
