"""The primary's positions by time: what a standby holds tells how old the oldest write is that it lacks.

This needs no connection, so it holds where a lag that began to count at a reconnect does not (decision 22).
"""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.lsn import position
from bc_lib.domain.memory import Point, Trail
from bc_lib.domain.rules.scene import Seen

LONGEST = 40


def extended(trail: Trail | None, source: Seen | None) -> Trail | None:
    """With the position seen now. Begun anew for another primary, another timeline, or a position that fell."""
    if source is None or source.facts.current_lsn is None or position(source.facts.current_lsn) is None:
        return trail
    point = Point(at=source.at, lsn=source.facts.current_lsn)
    points = trail.points if trail is not None and same_log(trail, source) and not _fell(trail, source) else ()
    if points and points[-1].lsn == point.lsn:
        points = points[:-1]  # idle: the later moment says more
    known = trail.timeline if points and trail is not None else None
    timeline = known if source.facts.timeline is None else source.facts.timeline
    return Trail(node=source.name, timeline=timeline, points=_thinned((*points, point)))


def held_until(trail: Trail | None, source_name: str, received: str | None) -> datetime | None:
    """The latest moment of which everything written is held at `received`; None where the trail does not reach it."""
    has = position(received)
    if trail is None or trail.node != source_name or has is None:
        return None
    held = [point.at for point in trail.points if (reached := position(point.lsn)) is not None and reached <= has]
    return max(held, default=None)


def same_log(trail: Trail, source: Seen) -> bool:
    """Whether both are of one primary on one timeline, as far as that is known."""
    return trail.node == source.name and (source.facts.timeline in {None, trail.timeline} or trail.timeline is None)


def _fell(trail: Trail, source: Seen) -> bool:
    last, now = position(trail.points[-1].lsn) if trail.points else None, position(source.facts.current_lsn)
    return last is not None and now is not None and now < last


def _thinned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Without the point that is missed least: whose neighbours are close together, measured by how old they are."""
    if len(points) <= LONGEST:
        return points
    newest = points[-1].at

    def gap(number: int) -> float:
        age = max(1.0, (newest - points[number + 1].at).total_seconds())
        return (points[number + 1].at - points[number - 1].at).total_seconds() / age

    least = min(range(1, len(points) - 1), key=gap)
    return (*points[:least], *points[least + 1 :])
