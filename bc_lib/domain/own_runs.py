"""What a run of ours explains while it lasts: trouble that it brings about itself, and that its own notices tell.

Such trouble is red on every page and in the history as always; only its alert is not sent. When the run is over and
the trouble is still there, the alert is sent at once, because it has been timed all along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.run import Run
from bc_lib.domain.reasons import TABLE

FIRST_EFFECTS = frozenset({Action.STOP, Action.MOVE})
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


def explains_then(run: Run, resource: str, at: datetime, codes: Sequence[str]) -> bool:
    """Whether everything that made this status of `resource` was this run's doing at that moment: told by the run, and
    by no mail while it lasted."""
    began = [
        each.claimed_at
        for each in run.steps
        if each.step.resource == resource and each.step.action in FIRST_EFFECTS and each.claimed_at
    ]
    if not began or at < min(began) or (run.ended_at is not None and at > run.ended_at):
        return False
    restored = run.restored_at is not None and at >= run.restored_at
    known = OwnRun(request=run.request, restored=restored).explains()
    forcing = {code for code in codes if code in TABLE and TABLE[code].status is not None}
    return bool(forcing) and forcing <= known
