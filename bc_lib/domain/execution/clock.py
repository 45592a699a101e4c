"""Where the time of a recovery went: noticing, asking, each approver, confirming, starting, moving, proving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.run import Run
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.values import Happening, Request
from bc_lib.domain.requests.votes import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the way. `ended` None: it goes on. `who`: the person it waited for, where it did."""

    name: str
    began: datetime
    ended: datetime | None
    who: str = ""

    def seconds(self, now: datetime) -> float:
        """Its length so far."""
        return max(0.0, ((self.ended or now) - self.began).total_seconds())


def spans(request: Request, votes: Sequence[Vote], history: Sequence[Happening], run: Run | None) -> tuple[Span, ...]:
    """In order. Approvers wait side by side, so their spans overlap; the rest follow one another."""
    found: list[Span] = []
    down = run.outage_began_at if run else None
    if down is not None and down < request.created_at:
        found.append(Span(name="detect and ask", began=down, ended=request.created_at))
    found += [
        Span(name=f"approval as {vote.role.value}", began=request.created_at, ended=vote.at, who=vote.name)
        for vote in votes
        if vote.plan_revision == request.plan_revision
    ]
    approved = _last(history, Event.APPROVE, Event.BREAK_GLASS)
    confirmed = _last(history, Event.CONFIRM)
    if approved is None:
        return (*found, Span(name="wait for approval", began=request.created_at, ended=_over(history)))
    found.append(Span(name="wait for approval", began=request.created_at, ended=approved))
    found.append(Span(name="wait for confirmation", began=approved, ended=confirmed or _over(history)))
    if confirmed is None:
        return tuple(found)
    found.append(Span(name="wait for start", began=confirmed, ended=run.started_at if run else _over(history)))
    return tuple(found) if run is None else (*found, *_acting(run))


def outage_s(run: Run, now: datetime) -> float | None:
    """Seconds in which clients could not write, so far; None where their writes never stopped."""
    if run.outage_began_at is None:
        return None
    return max(0.0, ((run.restored_at or now) - run.outage_began_at).total_seconds())


def _acting(run: Run) -> list[Span]:
    promoted = [mark.at for mark in run.marks if mark.name is MarkName.PROMOTED and not mark.step.endswith("-back")]
    moved = max(promoted, default=None)
    if moved is None or (run.restored_at is not None and moved > run.restored_at):
        return [Span(name="execute", began=run.started_at, ended=run.restored_at or run.ended_at)]
    return [
        Span(name="execute", began=run.started_at, ended=moved),
        Span(name="validate", began=moved, ended=run.restored_at or run.ended_at),
    ]


def _last(history: Sequence[Happening], *events: Event) -> datetime | None:
    names = {event.value for event in events}
    return max((each.at for each in history if each.event in names), default=None)


def _over(history: Sequence[Happening]) -> datetime | None:
    return max((each.at for each in history if each.after.over), default=None)
