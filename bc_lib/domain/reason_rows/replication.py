"""Reason codes. State of receiving and replaying."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, NO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("RECEIVER_NOT_STREAMING", R, NO, LOSS, "Standby receives nothing",
     ("The standby's WAL receiver is not streaming, or was silent for longer than 35 s (an idle primary is asked "
      "for a sign of life after 30 s). Every second adds to what a failover would lose."),
     "Read the standby's log: connection, password, pg_hba, missing WAL, or another timeline.",
     "pg_stat_wal_receiver; pg_stat_replication"),
    ("REPLAY_PAUSED", R, NO, LOSS, "Replay paused",
     ("Somebody paused replay at the standby. WAL is still received, but not applied; it must be replayed before a "
      "promotion."),
     "Ask why, then `SELECT pg_wal_replay_resume()`.",
     "pg_is_wal_replay_paused()"),
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
