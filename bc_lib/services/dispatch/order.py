"""One round of ordering DAG runs for live requests (decision 3). Decides nothing about the requests themselves."""

from __future__ import annotations

from datetime import timedelta

from bc_lib.domain.execution.dispatching import dag_run_id, needs_another
from bc_lib.domain.requests.states import State
from bc_lib.ports.dispatch import DagOrder, DispatchStore, Starter

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


def dispatch(store: DispatchStore, starter: Starter) -> int:
    """Order what is missing, and tell Airflow again of what it has not begun; how many were started."""
    started = 0
    for order in store.untaken():
        if starter.state(order) is None:
            starter.start(order)
            started += 1
    now = store.now()
    for live in store.live():
        newest = DagOrder(
            request=live.request,
            number=live.number,
            dag=live.type.value,
            run_id=dag_run_id(live.request, live.number),
        )
        state = starter.state(newest) if live.number else None
        if not needs_another(live, state, now):
            continue
        made = store.order(live.request, live.number + 1, live.type.value)
        if made is not None:
            starter.start(made)
            started += 1
    return started
