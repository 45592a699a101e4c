"""Reads what a compliance report of a range of dates says. Page, export and command show exactly this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import State
from bc_lib.domain.verified.coverage import touches
from bc_lib.domain.verified.judge import PERIODS_S
from bc_lib.domain.verified.results import Result
from bc_lib.domain.verified.values import Asked, Mark, Verified
from bc_lib.ports.evidence import EvidenceReader
from bc_lib.services.compliance.figures import Results
from bc_lib.services.verified.marks import marks

REVERSED = "The range ends on {last}, before it begins on {first}; give the earlier day as its beginning."
RAN = frozenset({State.SUCCEEDED, State.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """UTC days, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """Where they begin."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """Where they are over: not included."""
        return datetime.combine(self.last, time(), UTC) + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A resource or group. `drills`: its live drills that ended in the range, newest first; a group's are its members'
    too. `mark`: its verified state when this was made; None: it is not in the inventory any more."""

    scope: Scope
    tier: int | None
    owner: str
    members: tuple[str, ...]
    drills: tuple[Asked, ...]
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance:
    """The whole report. `made_at` is the database's clock. `requests`: all that were not over before the range."""

    days: Days
    made_at: datetime
    systems: tuple[System, ...]
    drills: tuple[Asked, ...]
    results: Mapping[str, Result]
    requests: tuple[Asked, ...]

    @property
    def never(self) -> tuple[str, ...]:
        """Systems of the inventory without a live drill in the range."""
        return tuple(each.scope.name for each in self.counted if not each.drills)

    @property
    def counted(self) -> tuple[System, ...]:
        """Systems of the inventory that can be moved: of these a drill can be asked."""
        return tuple(each for each in self.systems if each.mark is not None and each.mark.state is not Verified.WATCHED)

    @property
    def watched(self) -> tuple[str, ...]:
        """Systems that are watched only, and so in no count of drills."""
        return tuple(each.scope.name for each in self.systems if each.mark and each.mark.state is Verified.WATCHED)


def days_of(first: date | None, last: date | None, today: date) -> Days:
    """The last 365 days where nothing is said. Raises Denial RANGE_REVERSED."""
    last = last or max(today, first or today)
    first = first or last - timedelta(days=364)
    if first > last:
        raise Denial("RANGE_REVERSED", REVERSED.format(first=first, last=last))
    return Days(first=first, last=last)


def report(
    read: EvidenceReader, days: Days, periods: Mapping[int, float] = PERIODS_S, known: Results | None = None
) -> Compliance:
    """Groups and resources, critical ones first; each with its drills in the range. `known`: from earlier reports."""
    known = known or Results()
    asked = tuple(read.drills.during(days.start, days.end))
    drills = tuple(
        sorted(
            (each for each in asked if each.live and each.state in RAN and days.start <= each.state_since < days.end),
            key=lambda each: each.state_since,
            reverse=True,
        )
    )
    return Compliance(
        days=days,
        made_at=read.now(),
        systems=_systems(read.inventory(), drills, marks(read, periods)),
        drills=drills,
        results={each.request: known.of(read, each) for each in drills},
        requests=asked,
    )


def _systems(inventory: Inventory, drills: Sequence[Asked], known: Mapping[Scope, Mark]) -> tuple[System, ...]:
    found = [
        System(scope=scope, tier=tier, owner=owner, members=members, mark=known.get(scope), drills=_of(scope, drills))
        for scope, tier, owner, members in _scopes(inventory)
    ]
    there = {each.scope for each in found}
    gone = dict.fromkeys(
        scope
        for each in drills
        for scope in (each.scope, *(Scope(kind="resource", name=name) for name in each.members))
        if scope not in there
    )
    found += [
        System(scope=scope, tier=None, owner="", members=(), mark=None, drills=_of(scope, drills)) for scope in gone
    ]
    return tuple(sorted(found, key=lambda each: (each.tier or 9, each.scope.kind, each.scope.name)))


def _scopes(inventory: Inventory) -> list[tuple[Scope, int, str, tuple[str, ...]]]:
    groups = [
        (Scope(kind="group", name=each.name), each.tier, each.owner, tuple(member.resource for member in each.members))
        for each in inventory.groups
    ]
    return groups + [
        (Scope(kind="resource", name=each.name), each.tier, each.owner, (each.name,)) for each in inventory.resources
    ]


def _of(scope: Scope, drills: Sequence[Asked]) -> tuple[Asked, ...]:
    return tuple(each for each in drills if touches(each, scope))
