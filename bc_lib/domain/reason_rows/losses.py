"""Reason codes. What a failover would lose; these stand in verdicts only."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, NO, WHO, Row

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("POSSIBLE_LOSS", None, None, LOSS, "Newest writes could be lost",
     ("Not everything that the primary acknowledged is known to be at the DR site. While the primary lives the figure "
      "is of now. After its end it runs from the last write known at the DR site to the moment when the primary was "
      "first seen unable to acknowledge, and does not grow by waiting."),
     "Weigh the figure against the RPO target before failing over.",
     "lag of receiving; last commit, heartbeat or position known at the standby; first refused connection"),
    ("PRIMARY_MAY_WRITE", None, None, LOSS, "The old primary may still take writes",
     ("The primary is out of reach, and nothing proves that it takes no writes. What it takes is never at the DR site. "
      "This is a risk of its own, and not in the seconds of the possible loss."),
     "Have its host, or a person there, prove that it is stopped before failing over.",
     "reach of the primary; the standby's receiver"),
    ("LOSS_UNKNOWN", None, None, WHO, "Possible loss not known",
     "A standby stands ready, but how much of the primary's data it has received is not known.",
     "Compare positions by hand before failing over.",
     "last known positions"),
    ("ASYNC_WINDOW", None, None, None, "Asynchronous replication",
     ("Receiving keeps up as closely as can be measured from outside (1 s). The very newest writes can still be lost: "
      "commits are not known to wait for this standby."),
     "Synchronous replication closes this window at a price in latency.",
     "lag of receiving; sync_state; synchronous_commit of server, roles, databases and functions"),
    ("COMMITS_WAIT", None, None, None, "Commits wait for the standby",
     ("Replication is synchronous by deed: the one standby is synchronous, synchronous_commit is on or remote_apply, "
      "and no role, database or function has another value. What a session sets for itself cannot be seen."),
     "Nothing to do.",
     "sync_state; synchronous_commit of server, roles, databases and functions"),
    ("NO_STANDBY", None, NO, NO, "No standby to move to",
     "No node at the other site is a standby that could be promoted.",
     "Build or repair a standby at the other site.",
     "pg_is_in_recovery()"),
)
# fmt: on
CODES: Final = frozenset(row[0] for row in ROWS)
"""Codes that say what a failover would lose: told in words wherever its answer is, because "with loss" says nothing."""
