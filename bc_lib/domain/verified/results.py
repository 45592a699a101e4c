"""What a live drill showed against RTO and RPO, as its evidence pack says it. Unknown is never within."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Judged(StrEnum):
    """A figure against its target."""

    WITHIN = "within"
    MORE = "MORE than the target"
    NO_TARGET = "no target is set"
    UNKNOWN = "not known"
    NOT_MEASURED = "not measured"


WORST_FIRST = (Judged.MORE, Judged.UNKNOWN, Judged.NOT_MEASURED, Judged.NO_TARGET, Judged.WITHIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Seconds against a target in seconds; None: not known, or none set."""

    seconds: float | None
    target_s: float | None
    judged: Judged


NOTHING_KNOWN = Figure(seconds=None, target_s=None, judged=Judged.UNKNOWN)
NOT_MEASURED = Figure(seconds=None, target_s=None, judged=Judged.NOT_MEASURED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`rto`: for how long clients could not write, the longer of there and back. `rpo`: possible loss at most, of each
    resource, the greater of both ways."""

    rto: Figure
    rpo: dict[str, Figure]
    executed: bool

    def loss(self, resources: Sequence[str]) -> Figure:
        """The worst of these resources: the longest possible loss; not known where one of them is not."""
        return worst([self.rpo.get(name, NOT_MEASURED) for name in resources])


def worst(found: Sequence[Figure]) -> Figure:
    """The worst judgement; the longest time, and none where one of them is not known."""
    known = [each.seconds for each in found if each.seconds is not None]
    return Figure(
        seconds=max(known) if known and len(known) == len(found) else None,
        target_s=min((each.target_s for each in found if each.target_s is not None), default=None),
        judged=min((each.judged for each in found), key=WORST_FIRST.index, default=Judged.NOT_MEASURED),
    )


def judged(seconds: float | None, target_s: float | None, *, known: bool = True) -> Figure:
    """`known` False: a figure that is a lower bound only. No seconds: nothing was measured."""
    if seconds is None:
        return Figure(seconds=None, target_s=target_s, judged=Judged.NOT_MEASURED if known else Judged.UNKNOWN)
    if target_s is not None and seconds > target_s:
        return Figure(seconds=seconds, target_s=target_s, judged=Judged.MORE)
    if not known:
        return Figure(seconds=None, target_s=target_s, judged=Judged.UNKNOWN)
    if target_s is None:
        return Figure(seconds=seconds, target_s=None, judged=Judged.NO_TARGET)
    return Figure(seconds=seconds, target_s=target_s, judged=Judged.WITHIN)
