"""Constants and small questions of alerting: how long, how grave, and what keeps a condition open."""

from __future__ import annotations

from bc_lib.domain.alerts import NoticeKind, Severity
from bc_lib.domain.assessment import Assessment, Status
from bc_lib.domain.inventory import Resource
from bc_lib.domain.reasons import TABLE

ALERT_AFTER_S = {1: 15.0}
OTHER_TIERS_S = 60.0
VISIBILITY_FACTOR = 2.0
"""Loss of sight is timed longer than a breach: the way between may be at fault, not the database."""

RECOVER_AFTER_S = 5.0
"""Even where a resource is told about at once, its recovery must hold for this long."""

FLIP_WINDOW_S = 300.0
MAX_FLIPS = 6
CALM_FLIPS = 3
STEADY_S = 120.0
"""Held this long, a condition (or its end) is told even while the resource flaps."""

EXPLAINED_BY: dict[str, frozenset[str]] = {
    "LAG_WARN": frozenset({"LAG_CRITICAL", "REPLAY_PAUSED", "REPLAY_STALLED", "RECEIVER_NOT_STREAMING", "RPO_BREACH"}),
    "LAG_CRITICAL": frozenset({"REPLAY_PAUSED", "REPLAY_STALLED", "RECEIVER_NOT_STREAMING", "RPO_BREACH"}),
    "LAG_UNKNOWN": frozenset({"RECEIVER_NOT_STREAMING", "FIGURES_MISSING"}),
    "RECEIVER_NOT_STREAMING": frozenset({"DR_DOWN", "PRIMARY_DOWN"}),
    "HEARTBEAT_UNKNOWN": frozenset({"REPLAY_DELAYED"}),
    "SYNC_WAITERS": frozenset({"DR_DOWN"}),
    "PRIMARY_BLIND": frozenset({"BOTH_BLIND", "PRIMARY_DOWN"}),
    "DR_BLIND": frozenset({"BOTH_BLIND", "DR_DOWN"}),
    "NO_PRIMARY": frozenset({"PRIMARY_DOWN"}),
}
"""A condition is not told on its own while one of these holds, nor does it count as ended."""

_NO_SIGHT = frozenset(
    {"PRIMARY_DOWN", "DR_DOWN", "NODE_STARTING", "NO_PRIMARY", "TWO_PRIMARIES", "APP_DOWN"}
) | frozenset(code for code, kind in TABLE.items() if kind.status is Status.BLIND)
_ENDS_WITH_A_PRIMARY = frozenset({"PRIMARY_DOWN", "PRIMARY_BLIND", "NO_PRIMARY", "TWO_PRIMARIES", "BOTH_BLIND"})


def duration_s(resource: Resource, code: str) -> float:
    """Seconds a condition must hold before it is told, and its absence before the recovery is."""
    asked = resource.thresholds.alert_after_s
    base = asked if asked is not None else ALERT_AFTER_S.get(resource.tier, OTHER_TIERS_S)
    return base * VISIBILITY_FACTOR if is_sight(code) else base


def is_sight(code: str) -> bool:
    """Whether the condition is a loss of visibility."""
    return TABLE[code].status is Status.BLIND


def kinds(code: str) -> tuple[NoticeKind, NoticeKind]:
    """Kind of the notice at the beginning and at the end."""
    if is_sight(code):
        return NoticeKind.VISIBILITY_LOST, NoticeKind.VISIBILITY_BACK
    return NoticeKind.BREACH, NoticeKind.RECOVERY


def severity(resource: Resource, code: str) -> Severity:
    """Critical for red, and for lost sight of tier 1; else a warning."""
    status = TABLE[code].status
    grave = status is Status.RED or (status is Status.BLIND and resource.tier == 1)
    return Severity.CRITICAL if grave else Severity.WARNING


def kept_open(code: str, present: frozenset[str], assessment: Assessment) -> bool:
    """Whether an absent condition may not be called ended: something else hides it (unknown is not recovery)."""
    if EXPLAINED_BY.get(code, frozenset()) & present:
        return True
    if code in _ENDS_WITH_A_PRIMARY and assessment.active_site is not None:
        return False
    return bool(_NO_SIGHT & (present - {code}))


def explained(code: str, present: frozenset[str]) -> bool:
    """Whether something worse that holds now says it already."""
    return bool(EXPLAINED_BY.get(code, frozenset()) & present)


def window_s(resource: Resource) -> float:
    """Seconds over which flips are counted: 5 min, or 20 rounds of a slow resource."""
    return max(FLIP_WINDOW_S, 20 * resource.interval_s)


def gap_s(resource: Resource) -> float:
    """Silence between rounds after which a timing begins anew."""
    return 3 * resource.interval_s + 30.0
