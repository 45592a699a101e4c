"""What a run of ours explains while it lasts: trouble that it brings about itself, and that its own notices tell.

Such trouble is red on every page and in the history as always; only its alert is not sent. When the run is over and
the trouble is still there, the alert is sent at once, because it has been timed all along.
"""

from __future__ import annotations

from dataclasses import dataclass

_OF_THE_STANDBY = frozenset(
    {
        "DR_DOWN",
        "DR_BLIND",
        "NODE_STARTING",
        "NOT_FED_BY_PRIMARY",
        "FEED_UNKNOWN",
        "RECEIVER_NOT_STREAMING",
        "REPLAY_STALLED",
        "DIFFERENT_HISTORY",
        "LAG_WARN",
        "LAG_CRITICAL",
        "LAG_UNKNOWN",
        "FIGURES_MISSING",
        "HEARTBEAT_UNKNOWN",
        "HEARTBEAT_STOPPED",
        "SYNC_WAITERS",
    }
)
_OF_THE_MOVE = frozenset({"PRIMARY_DOWN", "PRIMARY_READ_ONLY", "NO_PRIMARY", "PRIMARY_BLIND", "BOTH_BLIND"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRun:
    """A run that has begun to move a resource and is not over. `restored`: clients write again."""

    request: str
    restored: bool

    def explains(self) -> frozenset[str]:
        """Codes of reasons. Until clients write again also that there is no primary; from then on a primary that is
        missing is news. Two primaries, a move that nobody asked for and a loss over the target are never explained."""
        return _OF_THE_STANDBY if self.restored else _OF_THE_STANDBY | _OF_THE_MOVE
