"""Reason codes. State of receiving and replaying."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, NO, WHO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("NOT_FED_BY_PRIMARY", R, NO, NO, "Standby not fed by this primary",
     ("The standby receives, but neither the primary nor a standby below it lists a sender that fits its receiver "
      "(slot, application name, positions): another server feeds it, such as a cloned disk, a restored snapshot or "
      "whatever answers under a wrong host name. What it holds is not this primary's data."),
     ("Look at primary_conninfo and `pg_stat_wal_receiver` at the standby and `pg_stat_replication` at the primary; "
      "put middle servers into the inventory. Rebuild the standby from this primary if it followed another."),
     "pg_stat_wal_receiver; pg_stat_replication; pg_replication_slots"),
    ("FEED_UNKNOWN", Y, WHO, WHO, "Not known whether the primary feeds the standby",
     ("The standby receives, but the other end of its connection could not be seen: it has only just connected, the "
      "list of standbys may not be read, or the middle server is out of sight."),
     "Wait for the next look; if it stays, compare the monitoring account's rights with sql/grants/.",
     "pg_stat_wal_receiver; pg_stat_replication"),
    ("RECEIVER_NOT_STREAMING", R, NO, LOSS, "Standby receives nothing",
     ("The standby's WAL receiver is not streaming, or was silent for longer than 35 s (an idle primary is asked "
      "for a sign of life after 30 s). Every second adds to what a failover would lose."),
     "Read the standby's log: connection, password, pg_hba, missing WAL, or another timeline.",
     "pg_stat_wal_receiver; pg_stat_replication"),
    ("ARCHIVE_FED", Y, NO, LOSS, "Fed from the archive",
     ("The standby restores archived segments and follows no server (log shipping): what is written since the last "
      "archived segment is not there."),
     "Set primary_conninfo at the standby, so that it streams; a move without loss needs it.",
     "primary_conninfo and restore_command at the standby; pg_stat_archiver at the primary"),
    ("REPLAY_PAUSED", R, NO, LOSS, "Replay paused",
     ("Somebody paused replay at the standby. WAL is still received, but not applied; it must be replayed before a "
      "promotion."),
     ("Ask who paused it and why, and read the standby's log; then `SELECT pg_wal_replay_resume()`. Do not resume "
      "where a limit is lower than the primary's or not known: that ends the server."),
     "pg_is_wal_replay_paused()"),
    ("LIMITS_PAUSED", R, NO, NO, "Replay paused by the server: limits too low",
     ("The primary's max_connections, max_worker_processes, max_wal_senders, max_prepared_transactions or "
      "max_locks_per_transaction is higher than the standby's, and replay is paused. The standby cannot be promoted; "
      "`pg_wal_replay_resume()` would end it."),
     "Raise the setting at the standby and restart it; do not resume replay.",
     "pg_settings of both; pg_is_wal_replay_paused()"),
    ("LIMITS_AHEAD", Y, NO, WHO, "Replay will be paused by the server",
     ("A limit is lower at the standby than at its primary, and the standby has WAL still to replay or receives more: "
      "when replay reaches the change, the server pauses it."),
     "Raise the setting at the standby and restart it.",
     "pg_settings of both"),
    ("LIMITS_UNKNOWN", Y, WHO, WHO, "Limits not known",
     ("A limit that decides whether the standby can be promoted is not known, at the standby or at its primary. A "
      "pause by the server cannot be told from one by a person."),
     "Compare pg_settings at both sites by hand before anything is resumed or promoted.",
     "pg_settings of both"),
    ("REPLAY_STALLED", R, NO, LOSS, "Replay stands still",
     ("The standby has received WAL that it does not apply: its replayed position did not move for 45 s or three "
      "intervals, plus the configured delay. An idle primary does not cause this."),
     "Look for a long query at the standby, a full disk, or a crashed startup process.",
     "movement of pg_last_wal_replay_lsn() between rounds"),
    ("REPLAY_DELAYED", Y, NO, LOSS, "Replay delayed on purpose",
     ("recovery_min_apply_delay is set: received WAL is applied late. What is received is not lost, but it must be "
      "replayed before the standby can take over. Lag thresholds count only what exceeds the delay."),
     "Lift the delay before a planned move, or choose another standby.",
     "recovery_min_apply_delay"),
)
