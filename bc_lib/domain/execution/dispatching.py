"""When a live request needs another DAG run (decision 3). A DAG run decides nothing: a further one does no harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.requests.states import RequestType, State

ACTIVE = frozenset({"queued", "running"})
AGAIN = timedelta(seconds=15)  # a start that was refused, such as for a missing consent, is tried again
PATIENCE = timedelta(
    seconds=60
)  # for a DAG run on its way to take an expired lease over; Airflow finds a dead one in 40 s
OWED_AGAIN = timedelta(seconds=60)  # what is owed is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A request that is not over, with its newest DAG run. `number` 0: none yet.

    `last_act_at`: the newest human decision about its run; `waiting_until`: a step waits for a person, until then.
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


def dag_run_id(request: str, number: int) -> str:
    """`r-12~1`."""
    return f"{request}~{number}"


def needs_another(live: Live, dag_state: str | None, now: datetime) -> bool:
    """Whether a DAG run `number + 1` is wanted. `dag_state` is Airflow's word for the newest one; None: not found."""
    if live.number == 0 or live.ordered_at is None:
        return True
    if live.state.waiting:
        answered = live.last_act_at is not None and live.last_act_at > live.ordered_at
        return dag_state not in ACTIVE and (answered or now - live.ordered_at >= AGAIN)
    if now - live.ordered_at < (PATIENCE if dag_state in ACTIVE else AGAIN):
        return False
    if live.lease_alive:
        return _abandoned(live, dag_state)
    if live.state is State.HELD or live.waits:
        return _answered(live, now)
    return _unattended(live, dag_state, now)


def _unattended(live: Live, dag_state: str | None, now: datetime) -> bool:
    """Nobody holds the lease, and no person is waited for."""
    if live.state is State.SERVICE_RESTORED and live.ordered_at is not None:
        return dag_state not in ACTIVE and now - live.ordered_at >= OWED_AGAIN
    return True


def _abandoned(live: Live, dag_state: str | None) -> bool:
    """Its DAG run is over and the run is not: the next one is on its way while the dead runner's lease runs out.

    Where somebody drives it without Airflow, the next one waits for that, and does nothing.
    """
    return live.state in {State.RUNNING, State.STOPPING} and not live.waits and dag_state not in ACTIVE


def _answered(live: Live, now: datetime) -> bool:
    """A person has decided since, or the wait has ended by itself."""
    ordered = live.ordered_at or now
    if live.last_act_at is not None and live.last_act_at > ordered:
        return True
    return live.waiting_until is not None and ordered < live.waiting_until <= now
