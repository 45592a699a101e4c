"""The time-out of a whole run: its steps' own time-outs, without what waits for people. Pure.

It ends a run that crawls, where the plan lets it stop; never between fence and promotion, and never a live drill or a
group on its way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.run import Run
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.plan import Step
from bc_lib.domain.requests.values import Happening

TAKEOVER_S = 60.0  # a runner that died is followed within this time: its lease, and the look before it is taken over


def total_s(steps: Iterable[Step]) -> float:
    """Seconds that a run of these steps may take until clients write again, without waiting for people."""
    return TAKEOVER_S + sum(
        each.timeout_s for each in steps if not (each.after_restore or each.returns or _waits(each))
    )


def spent_s(run: Run, history: Sequence[Happening], now: datetime) -> float:
    """Seconds that a run took so far, without the time in which it was held or waited for a person."""
    waits = [
        (each.claimed_at, each.ended_at or now)
        for each in run.steps
        if _waits(each.step) and each.claimed_at is not None
    ]
    waited = sum((ended - began).total_seconds() for began, ended in _merged([*waits, *_held(history, now)]))
    return max(0.0, (now - run.started_at).total_seconds() - waited)


def may_time_out(run: Run) -> bool:
    """Whether the total counts now: a live drill that has moved always goes back."""
    drill = any(each.step.action == Action.HOLD for each in run.steps)
    return not drill or not any(each.step.action == Action.MOVE and each.attempts for each in run.steps)


def _waits(step: Step) -> bool:
    return step.manual or step.needs_allowance or step.action == Action.HOLD


def _held(history: Sequence[Happening], now: datetime) -> list[tuple[datetime, datetime]]:
    found, since = [], None
    for each in history:
        if each.event == Event.HOLD:
            since = each.at
        elif since is not None:
            found.append((since, each.at))
            since = None
    return [*found, (since, now)] if since is not None else found


def _merged(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Without overlaps, so that no second counts twice."""
    found: list[tuple[datetime, datetime]] = []
    for began, ended in sorted(spans):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found
