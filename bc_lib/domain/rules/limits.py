"""A standby whose limits are lower than its primary's: replay that the server itself has paused, or will pause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bc_lib.domain.assessment import Reason
from bc_lib.domain.lsn import behind
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.standby_limits import Fit, StandbyLimits, highest, judge_limits, limits_of


def judge(scene: Scene) -> Iterator[Reason]:
    """One reason for a standby at most."""
    for standby in scene.standbys:
        found = of(scene, standby)
        if found.fit is not Fit.ENOUGH:
            yield _reason(scene, standby, found)


def of(scene: Scene, standby: Seen) -> StandbyLimits:
    """The judgement on one standby."""
    return judge_limits(standby.facts, needed(scene, standby))


def needed(scene: Scene, standby: Seen) -> Mapping[str, str]:
    """The limits that the WAL before this standby asks for.

    A primary that was lowered again does not help a standby that has not replayed so far yet: until it has, the highest
    value seen counts.
    """
    before = scene.memory.node(standby.name)
    known = before.limits_needed if before else {}
    if scene.source is None:
        lost = scene.memory.node(scene.lost_primary.node) if scene.lost_primary else None
        return known or (lost.limits_needed if lost else {})
    now, source = limits_of(scene.source.facts), scene.memory.node(scene.source.name)
    past = source is not None and behind(source.current_lsn, standby.facts.replayed_lsn) == 0
    if past and source is not None and source.limits_needed == now and standby.facts.replay_paused is False:
        return now
    return highest(known, now)


def _reason(scene: Scene, standby: Seen, found: StandbyLimits) -> Reason:
    place = standby.place
    code, text = {
        Fit.PAUSED: (
            "LIMITS_PAUSED",
            f"{place} cannot be promoted: {found.remedy(place)}. Replay is paused because the primary's value is "
            f"higher ({found.figures()}); resuming it would end the server there.",
        ),
        Fit.AHEAD: (
            "LIMITS_AHEAD",
            f"Replay at {place} will pause when it reaches the primary's higher value ({found.figures()}), and then it "
            f"cannot be promoted: {found.remedy(place)}.",
        ),
        Fit.LOWER: (
            "PARITY_LIMITS",
            f"Lower at {place} than at its primary ({found.figures()}): as soon as WAL arrives replay pauses, and "
            f"after a restart the server would refuse to start. To mend it, {found.remedy(place)}.",
        ),
        Fit.UNKNOWN: ("LIMITS_UNKNOWN", _unknown(scene, standby, found)),
    }[found.fit]
    return Reason(code=code, node=standby.name, text=text)


def _unknown(scene: Scene, standby: Seen, found: StandbyLimits) -> str:
    own = [name for name in found.hidden if name not in limits_of(standby.facts)]
    whose = standby.place if own else scene.source.place if scene.source else "its primary"
    which = ", ".join(own or found.hidden)
    paused = " Who paused replay there cannot be told." if standby.facts.replay_paused else ""
    return f"Whether {standby.place} can be promoted is not known: {which} of {whose} is not known.{paused}"
