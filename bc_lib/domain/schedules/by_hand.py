"""Blackouts and what people ask by hand: forbidden or warned of by the policy; an emergency is never held up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bc_lib.domain.requests.policy import InBlackout, Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.times import day_of
from bc_lib.domain.schedules.values import Blackout


def blackout_in(first: datetime, last: datetime, blackouts: Iterable[Blackout]) -> Blackout | None:
    """The blackout of everything that a span touches, on the days of the blackout's own zone."""

    def touches(each: Blackout) -> bool:
        return day_of(first, each.zone) <= each.last_day and each.first_day <= day_of(last, each.zone)

    return next((each for each in blackouts if each.concerns(None) and touches(each)), None)


def forbids(kind: RequestType, rule: Rule, *, glass: bool) -> bool:
    """Whether a blackout refuses this, or only warns. `glass`: the person holds a break-glass grant for it."""
    return kind is not RequestType.FAILOVER and not glass and rule.in_blackout is InBlackout.FORBID
