"""One round of ordering DAG runs for live requests (decision 3). Decides nothing about the requests themselves."""

from __future__ import annotations

from bc_lib.domain.execution.dispatching import dag_run_id, needs_another
from bc_lib.ports.dispatch import DagOrder, DispatchStore, Starter


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
