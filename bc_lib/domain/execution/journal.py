"""States of a step and the one table of edges between them (decision 6). The database's guard is made from it."""

from __future__ import annotations

from enum import StrEnum


class StepState(StrEnum):
    """Where a step stands. CLAIMED: it may have been done. UNKNOWN waits for a human; it is never redone blindly."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SEEN = "seen"  # its effect was observed
    UNKNOWN = "unknown"  # whether it happened cannot be observed
    WAITING = "waiting"  # a person must act: manual step, allowance, end of a drill's hold
    VERIFIED = "verified"
    FAILED = "failed"  # its effect is certainly not there, or was undone
    SKIPPED = "skipped"  # not needed, with the reason


S = StepState
EDGES: tuple[tuple[StepState, StepState], ...] = (
    (S.PLANNED, S.CLAIMED),
    (S.PLANNED, S.SKIPPED),
    (S.PLANNED, S.WAITING),
    (S.WAITING, S.CLAIMED),
    (S.WAITING, S.SEEN),  # attested
    (S.WAITING, S.FAILED),
    (S.CLAIMED, S.CLAIMED),  # claimed again by a higher epoch, after a probe
    (S.CLAIMED, S.SEEN),
    (S.CLAIMED, S.UNKNOWN),
    (S.CLAIMED, S.WAITING),
    (S.CLAIMED, S.FAILED),
    (S.UNKNOWN, S.CLAIMED),  # a person said: not done, or look again
    (S.UNKNOWN, S.SEEN),
    (S.UNKNOWN, S.FAILED),
    (S.SEEN, S.VERIFIED),
    (S.SEEN, S.UNKNOWN),
    (S.SEEN, S.FAILED),
)
DONE = frozenset({S.VERIFIED, S.SKIPPED})
OVER = frozenset({S.VERIFIED, S.SKIPPED, S.FAILED})
_ALLOWED = frozenset(EDGES)


def may_follow(before: StepState, after: StepState) -> bool:
    """Whether a step may go from one state to the other."""
    return (before, after) in _ALLOWED
