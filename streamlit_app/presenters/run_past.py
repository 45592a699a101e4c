"""What earlier runs say: how long a step takes, how long clients could not write, when it was last tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from bc_lib.domain.execution.ended import OUTCOME
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.runs import Past
from streamlit_app.presenters.run_words import NO_EARLIER
from streamlit_app.presenters.words import age, count, duration, latency, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """A line of a resource's or group's page: what was run last, with a link to it."""

    request: str
    text: str


def usual(past: Sequence[Past], resource: str, action: str, but: str = "") -> str:
    """`usually 1.4 s (3 earlier runs)`; `but` is the request that is looked at."""
    found = [
        each.step_s[action]
        for each in past
        if each.resource == resource and each.request != but and action in each.step_s
    ]
    if not found:
        return NO_EARLIER
    return f"usually {latency(median(found))} ({count(len(found), 'earlier run')})"


def last_drill(past: Sequence[Past], now: datetime) -> LastRun | None:
    """The newest drill that is over; None: never."""
    return next((_line(each, now) for each in past if each.type == RequestType.DRILL and each.ended_at), None)


def last_run(past: Sequence[Past], now: datetime) -> LastRun | None:
    """The newest run of any kind but drills; None: never."""
    return next((_line(each, now) for each in past if each.type != RequestType.DRILL), None)


def _line(each: Past, now: datetime) -> LastRun:
    ago = age((now - each.started_at).total_seconds())
    if each.ended_at is None:
        how = "not over yet"
    else:
        took = duration((each.ended_at - each.started_at).total_seconds())
        how = f"failed after {took}: {OUTCOME[each.outcome]}" if each.outcome else f"succeeded in {took}"
    return LastRun(request=each.request, text=f"{each.type.capitalize()}, {ago}, {moment(each.started_at, now)}: {how}")
