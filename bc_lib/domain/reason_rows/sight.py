"""Reason codes. Who could be seen, and how old that is."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, NEVER_SEEN, NO, STALE, WHO, B, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("PRIMARY_DOWN", R, NO, LOSS, "Primary down",
     ("The monitor cannot reach the primary, and a standby's own WAL receiver, which was receiving when the primary"
      " was last seen, gets nothing from it either: two vantage points agree."),
     "Check the server and its host. If it will not come back in time, fail over.",
     "reach; standby's pg_stat_wal_receiver"),
    ("DR_DOWN", R, NO, NO, "DR site down",
     "The monitor cannot reach the standby, and the primary does not list it as connected: two vantage points agree.",
     "Check the standby's server and host; until it is back there is nothing to fail over to.",
     "reach; primary's pg_stat_replication"),
    ("PRIMARY_BLIND", B, WHO, WHO, "Primary not visible",
     ("The monitor cannot reach the primary and no second signal says that it is down; often a standby still "
      "receives from it. It may well be healthy, so it is not called down."),
     "Check the network between the monitor and the primary's site. Do not fail over on this alone.",
     "reach; standby's pg_stat_wal_receiver"),
    ("DR_BLIND", B, WHO, WHO, "DR site not visible",
     ("The monitor cannot reach the standby and no second signal says that it is down; often the primary still "
      "sends to it."),
     "Check the network between the monitor and the DR site.",
     "reach; primary's pg_stat_replication"),
    ("BOTH_BLIND", B, WHO, WHO, "Neither site visible",
     "No node answered. The trouble may lie with the monitor itself, so nothing is said about the databases.",
     "Check the monitor's own network first, then both sites.",
     "reach"),
    ("STANDBY_UNSEEN", Y, None, None, "One of several standbys not visible",
     "A standby cannot be reached, but another one at the same site can.",
     "Check that standby; protection rests on fewer copies.",
     "reach"),
    ("CREDENTIAL_UNAVAILABLE", B, WHO, WHO, "Our credential does not work",
     ("The monitor's own account or secret is the trouble, or another server answers at this address. It says nothing"
      " about the database (F24)."),
     "Check the secret reference, the secrets manager and the monitoring account; then who listens at the address.",
     "reach"),
    ("ANOTHER_SERVER", R, NO, NO, "Another server at this address",
     ("A primary answers there whose system identifier is neither what was last seen at this node nor its partner's."
      " What it says counts for nothing here."),
     "Find out who listens at the address and where the right server is; correct the endpoint, or build the pair anew.",
     "pg_control_system(); memory"),
    ("NODE_STARTING", R, NO, WHO, "Server starting or stopping",
     "The server answers, but accepts no queries.",
     "Wait for recovery to finish; read the server's log if it takes longer than usual.",
     "reach"),
    ("HOT_STANDBY_OFF", R, NO, NO, "Standby closed for queries",
     ("The standby receives from its primary and answers that it takes no queries: hot_standby is off, or it has not "
      "reached a consistent state since its backup. It can be neither watched nor promoted by us."),
     "Set hot_standby = on at the standby and restart it.",
     "reach; primary's pg_stat_replication"),
    ("CHECK_FAILED", B, WHO, WHO, "Check failed",
     "A node answered with something unusable, was not looked at, or did not say which role it has.",
     "Run `bcctl check NAME --show-sql` and read the error.",
     "reach; pg_is_in_recovery()"),
    ("STALE", STALE, WHO, WHO, "No fresh data",
     "The newest observation is older than one interval plus 5 s. What was true then may not be true now (F28).",
     "Check the poller on the Health page.",
     "age of the observation"),
    ("LOOKING_AGAIN", STALE, WHO, WHO, "Being looked at again",
     ("A run has just begun or moved it. What was seen before says nothing about now; the monitor looks at once, which"
      " takes about a second."),
     "Wait a moment; if it stays, check the poller on the Health page.",
     "age of the observation against the journal"),
    ("NEVER_SEEN", NEVER_SEEN, WHO, WHO, "Never observed",
     "No observation is stored yet.",
     "Check the poller on the Health page.",
     "age of the observation"),
    ("FIGURES_MISSING", Y, WHO, WHO, "Figures missing that a verdict needs",
     "A node answered, but a figure that decides a verdict could not be read; the sentence says why if that is known.",
     ("Where a right is missing, compare those of the monitoring account with sql/grants/; where a value holds bytes "
      "that are no text, correct it in the server's configuration."),
     "the connector's list of missing figures"),
    ("FIGURES_UNREAD", Y, None, None, "Figures missing that the status needs",
     "A node answered, but a figure that could have turned the status yellow or red could not be read.",
     "Compare the monitoring account's rights with sql/grants/.",
     "the connector's list of missing figures"),
    ("FIGURES_HIDDEN", None, None, None, "Some figures not readable",
     "Some figures could not be read; neither the status nor a verdict hangs on them.",
     "Compare the monitoring account's rights with sql/grants/.",
     "the connector's list of missing figures"),
    ("SLOW", Y, None, None, "Slow answers",
     "A node took longer to answer than latency_warn (default 0.5 s; four times that over fresh connections).",
     "Look at the network path and the load of the node.",
     "time of the check"),
)
