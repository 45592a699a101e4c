"""When a runner has something to do for a live request, and when that takes a further DAG run (decision 3).

A request has one DAG run. Its acting task waits, deferred, and goes on; a further DAG run is the last resort. A DAG run
decides nothing, so one too many does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.requests.states import RequestType, State

AGAIN = timedelta(seconds=15)  # after a DAG run that ended too early, times its number
MOST_AGAIN = 20
START_AGAIN = timedelta(seconds=20)  # a start that was refused is tried again even if nobody has decided
OWED_AGAIN = timedelta(seconds=60)  # what is owed, or waits for a secret, is tried again
# Airflow finds a dead task in 40 s and tries it again; a dead triggerer is started again within a minute.
LAST_RESORT = timedelta(seconds=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A request with its newest DAG run. `number` 0: none yet; `taken_at`: that one's first task was heard of.

    `last_act_at`: the newest human decision about its run; `waiting_until`: a step waits for a person, until then;
    `left_at`: the newest runner's right to act ended; `barred`: starts are frozen, or another run has its resources.
    """

    request: str
    type: RequestType
    state: State
    number: int
    ordered_at: datetime | None
    lease_alive: bool
    last_act_at: datetime | None
    waits: bool
    waiting_until: datetime | None
    taken_at: datetime | None = None
    left_at: datetime | None = None
    barred: bool = False


def dag_run_id(request: str, number: int) -> str:
    """`r-12~1`."""
    return f"{request}~{number}"


def to_do_since(live: Live, left_at: datetime, now: datetime) -> datetime | None:
    """Since when a runner that left the request at `left_at` has had something to do; None: it waits, or is driven."""
    if live.lease_alive:
        return None
    if live.last_act_at is not None and live.last_act_at > left_at:
        return live.last_act_at
    if live.state.waiting:
        ready = live.state is State.READY_TO_START and not live.barred
        return _come(left_at + START_AGAIN, now) if ready else None
    if live.waits or live.waiting_until is not None:
        until = live.waiting_until
        return until if until is not None and left_at < until <= now else None
    if live.state in {State.HELD, State.SERVICE_RESTORED}:
        return _come(left_at + OWED_AGAIN, now)
    return max(live.left_at or left_at, left_at)


def needs_another(live: Live, active: bool, now: datetime) -> str:
    """Why a DAG run `number + 1` is wanted; empty: it is not. `active`: Airflow says so of the newest one."""
    if live.number == 0 or live.ordered_at is None:
        return "the request is new"
    newest = dag_run_id(live.request, live.number)
    if not active:
        return f"Airflow ended {newest} before the request was over" if _ended_too_early(live, now) else ""
    if live.state.waiting:
        return ""
    since = to_do_since(live, max(live.left_at or live.ordered_at, live.ordered_at), now)
    if since is None or now - max(since, live.ordered_at) < LAST_RESORT:
        return ""
    return f"{newest} did not go on for {(now - since).total_seconds():.0f} s although it could"


def _ended_too_early(live: Live, now: datetime) -> bool:
    ordered = live.ordered_at or now
    answered = live.last_act_at is not None and live.last_act_at > ordered
    if not answered and now - ordered < AGAIN * min(live.number, MOST_AGAIN):
        return False
    if live.lease_alive:
        # A dead runner's lease runs out meanwhile. Where somebody drives it without Airflow, the next one waits.
        return live.state in {State.RUNNING, State.STOPPING} and not live.waits
    return True


def _come(moment: datetime, now: datetime) -> datetime | None:
    return moment if moment <= now else None
