"""Reason codes. Groups of resources."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import LOSS, WHO, R, Row, Y

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("GROUP_MEMBER", None, None, None, "A member decides",
     "The worst member decides the group's status and verdicts.",
     "Open the member named.",
     "members' current status"),
    ("GROUP_RPO_BREACH", R, LOSS, LOSS, "Possible loss above the group's RPO target",
     "A member's lag of received WAL exceeds the group's own target.",
     "Restore that member's replication.",
     "lag of receiving"),
    ("GROUP_SITES_DIFFER", Y, None, None, "Members run at different sites",
     "The members of a group that moves together have their primaries at different sites.",
     "Bring them together with a planned move.",
     "members' active sites"),
    ("GROUP_ORDER", Y, WHO, WHO, "Order not known",
     "The members' dependencies contain a cycle or name something outside the group, so no safe order is known.",
     "Correct the inventory.",
     "inventory"),
)
