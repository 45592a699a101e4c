"""Which voided approvals are told at once and which together: a plan that changes again and again floods nobody.

The audit log and the request's history have each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Happening
from bc_lib.domain.words import clock, count

TOGETHER = timedelta(minutes=10)
STILL_TOLD = timedelta(hours=6)
VOID = "void"


@dataclass(frozen=True, slots=True)
class Voided:
    """Approvals of a request that was in state `was` became void at `at`, because of `why`."""

    at: datetime
    was: State
    why: str


@dataclass(frozen=True, slots=True)
class Window:
    """`first` is told at once; `more`, of the same state and within TOGETHER of it, are told together at `due`."""

    first: Voided
    more: tuple[Voided, ...]

    @property
    def due(self) -> datetime:
        """When `more` are told."""
        return self.first.at + TOGETHER

    @property
    def text(self) -> str:
        """What is told of `more`, each reason once, the newest last."""
        reasons = list(dict.fromkeys(each.why for each in reversed(self.more)))[::-1]
        times = (
            f"{clock(self.more[0].at)} to {clock(self.more[-1].at)}" if len(self.more) > 1 else clock(self.more[0].at)
        )
        return f"{count(len(self.more), 'more time')} ({times}), because {'; '.join(reasons)}"


def voids(history: Iterable[Happening]) -> list[Voided]:
    """Every time that approvals became void, oldest first."""
    return [
        Voided(each.at, each.before, each.reason or "")
        for each in history
        if each.event == VOID and each.before is not None
    ]


def windows(happened: Iterable[Voided]) -> list[Window]:
    """In the order of their first ones. Each state has its own: approvals that were complete are told of at once."""
    found: list[list[Voided]] = []
    newest: dict[State, list[Voided]] = {}
    for each in happened:
        current = newest.get(each.was)
        if current is not None and each.at - current[0].at < TOGETHER:
            current.append(each)
            continue
        newest[each.was] = [each]
        found.append(newest[each.was])
    return [Window(members[0], tuple(members[1:])) for members in found]


def told_at_once(happened: Sequence[Voided]) -> bool:
    """Whether the newest one is told by itself."""
    return any(window.first is happened[-1] for window in windows(happened))


def due_together(happened: Iterable[Voided], now: datetime) -> list[Window]:
    """Windows whose further ones are to be told now; not those of long ago, where nobody was there to tell them."""
    return [each for each in windows(happened) if each.more and each.due <= now < each.due + STILL_TOLD]
