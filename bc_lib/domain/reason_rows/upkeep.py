"""Reason codes. The primary's own troubles that stand in the way of a move, or will."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, NO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("SLOT_LOST", R, NO, LOSS, "Our standby's replication slot lost",
     "The slot from which the standby receives has lost its WAL: the standby cannot catch up from here.",
     "Rebuild that standby, or feed it from the archive.",
     "pg_replication_slots.wal_status; pg_stat_wal_receiver.slot_name; primary_slot_name"),
    ("SLOT_LOST_OTHER", Y, None, None, "Somebody else's replication slot lost",
     "A slot that none of our standbys uses (an old copy's, a subscriber's) lost its WAL. It blocks no move.",
     "Find out whose it is; rebuild that consumer, or drop the slot.",
     "pg_replication_slots.wal_status"),
    ("LOGICAL_SLOTS_LEFT", None, None, None, "Logical slots would be left behind",
     ("Logical slots (change data capture, subscriptions) of the primary that the standby holds no synchronised copy "
      "of: after a move their consumers find no slot and miss changes."),
     ("From PostgreSQL 17 on, create them with failover = true and set sync_replication_slots; else plan to set them "
      "up again."),
     "pg_replication_slots"),
    ("LOGICAL_SENDER_SILENT", None, None, None, "A logical consumer does not confirm",
     ("A logical consumer is connected and has not confirmed what it was sent. A stopping primary waits for it, and "
      "that time is outage."),
     "Mend or disconnect that consumer before a planned move.",
     "pg_stat_replication"),
    ("RETAINED_WAL", Y, None, None, "Slot holds back WAL",
     "A slot keeps more WAL than retained_wal_warn (default 1 GiB), or the server is about to drop it.",
     "Bring its consumer back, or drop the slot before the disk fills.",
     "pg_replication_slots"),
    ("ARCHIVE_FAILING", Y, None, None, "Archiving fails",
     "The last attempt to archive WAL failed and none succeeded since.",
     "Check archive_command and its target.",
     "pg_stat_archiver"),
    ("ARCHIVE_HANGS", Y, None, None, "Archiving hangs",
     ("Finished WAL segments have waited for the archive for over 2 min and no failure is told: the command hangs, or "
      "is slower than the WAL comes. A stopping primary waits for its archiver too."),
     "Look at the archive command's process and its target.",
     "pg_ls_archive_statusdir(); else pg_stat_archiver and the position"),
    ("UNLOGGED_TABLES", None, None, None, "Unlogged tables",
     ("Tables (or sequences) of the watched database that replication does not carry: empty after a move. Other "
      "databases of the same server are not seen by our session."),
     "Accept it, copy them by hand, or ALTER TABLE ... SET LOGGED.",
     "pg_class.relpersistence"),
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
