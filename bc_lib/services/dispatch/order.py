"""One round of ordering DAG runs for live requests (decision 3). Decides nothing about the requests themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from bc_lib.domain.execution.dispatching import Live, dag_run_id, needs_another
from bc_lib.domain.requests.states import State
from bc_lib.ports.dispatch import DagOrder, DispatchStore, Starter
from bc_lib.services.passes import Pass

SETTLED = timedelta(seconds=30)  # by then the DAG run of a request that waits has come to its sensor


def waiting(store: DispatchStore) -> int:
    """Requests that wait for people, and for which a sensor should be looking by now."""
    now = store.now()
    return sum(
        each.state in {State.PENDING_APPROVAL, State.APPROVED}
        and each.ordered_at is not None
        and now - each.ordered_at >= SETTLED
        for each in store.live()
    )


def dispatch(store: DispatchStore, starter: Starter, done: Pass | None = None) -> int:
    """Order what is missing, and tell Airflow again of what it has not begun; how many were started."""
    done = done or Pass(store.now)
    begun = done.each(
        "starting again", store.untaken(), lambda order: _again(starter, order), lambda order: order.run_id
    )
    now = store.now()
    more = done.each(
        "starting", store.live(), lambda live: _another(store, starter, live, now), lambda live: live.request
    )
    return sum(begun) + sum(more)


def _again(starter: Starter, order: DagOrder) -> bool:
    if starter.state(order) is not None:
        return False
    starter.start(order)
    return True


def _another(store: DispatchStore, starter: Starter, live: Live, now: datetime) -> bool:
    newest = DagOrder(
        request=live.request,
        number=live.number,
        dag=live.type.value,
        run_id=dag_run_id(live.request, live.number),
    )
    state = starter.state(newest) if live.number else None
    if not needs_another(live, state, now):
        return False
    made = store.order(live.request, live.number + 1, live.type.value)
    if made is None:
        return False
    starter.start(made)
    return True
