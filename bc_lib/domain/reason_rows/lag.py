"""Reason codes. How far behind, in time."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, WHO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("LAG_WARN", Y, None, None, "Lag above the warning",
     ("What is visible at the DR site is older than lag_warn (default: half of lag_critical). Left again below 80 %"
      " of it."),
     "Look at load, network and long queries at the standby.",
     "lag of replay"),
    ("LAG_CRITICAL", R, LOSS, LOSS, "Lag critical",
     "What is visible at the DR site is older than lag_critical (default: the RPO target, or 60 s).",
     "Look at load, network and long queries at the standby.",
     "lag of replay"),
    ("RPO_BREACH", R, LOSS, LOSS, "Possible loss above the RPO target",
     ("If the primary vanished now, more could be lost than the business accepts: the lag of *received* WAL exceeds"
      " the target."),
     "Restore replication; until then a failover loses more than agreed.",
     "lag of receiving"),
    ("LAG_UNKNOWN", Y, WHO, WHO, "Lag not known",
     "Both sites answer, but how far the standby is behind cannot be told.",
     "Configure a heartbeat, and check the monitoring account's rights.",
     "lag"),
    ("HEARTBEAT_STOPPED", Y, None, None, "Heartbeat stopped",
     ("The primary's newest beat is older than three intervals plus 1 s: either its writer stopped or the primary "
      "takes no writes."),
     "Check the heartbeat writer, then whether the primary accepts writes.",
     "bc_heartbeat at the primary"),
    ("HEARTBEAT_UNKNOWN", Y, None, None, "Heartbeat not usable",
     ("A heartbeat is configured, but a beat could not be read, comes from another timeline, or carries a time in "
      "the future."),
     "Check table, grants and clocks.",
     "bc_heartbeat at both sites"),
)
