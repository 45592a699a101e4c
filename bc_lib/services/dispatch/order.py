"""One round of ordering DAG runs for live requests (decision 3). Decides nothing about the requests themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bc_lib.domain.execution.dispatching import Live, dag_run_id, needs_another
from bc_lib.domain.requests.states import State
from bc_lib.ports.dispatch import AirflowAway, AirflowSilent, DagOrder, DispatchStore, Starter
from bc_lib.services.passes import Pass

SETTLED = timedelta(seconds=30)  # by then the DAG run of a request that waits has come to its sensor
UNHEARD = timedelta(seconds=5)  # then Airflow is told again
ASK_AGAIN = timedelta(seconds=5)  # Airflow's word about what is active is that old at most

Note = Callable[[DagOrder], str]


@dataclass
class Dispatcher:
    """Round after round. `note` makes the text of a DAG run's note, at its start and at its end."""

    store: DispatchStore
    starter: Starter
    note: Note
    waiting: int = 0
    away: str = ""
    _active: set[str] = field(default_factory=set)
    _asked_at: datetime | None = None
    _silent: bool = False

    def round(self, done: Pass | None = None) -> int:
        """Order what is missing, tell Airflow again of what it has not begun, close notes; how many were started.

        `away`: why Airflow did not do something; the next round asks again.
        """
        done = done or Pass(self.store.now)
        seen, self.away, self._silent = self.store.round(), "", False
        now = seen.now
        if now is None:
            self.waiting = 0
            return 0
        self.waiting = _waiting(seen.live, now)
        begun = done.each("starting", seen.live, lambda live: self._looked(live, now), lambda live: live.request)
        done.each("closing the note of", seen.ended, self._closed)
        return sum(begun)

    def _looked(self, live: Live, now: datetime) -> int:
        return self._unless_silent(lambda: self._look(live, now))

    def _closed(self, request: str) -> None:
        self._unless_silent(lambda: self._close(request))

    def _unless_silent(self, act: Callable[[], int]) -> int:
        """0 where Airflow is away. One that does not answer costs this round one time-out, not one a request."""
        if self._silent:
            return 0
        try:
            return act()
        except AirflowAway as away:
            self.away, self._silent = str(away), isinstance(away, AirflowSilent)
            return 0

    def _look(self, live: Live, now: datetime) -> int:
        newest = _newest(live)
        unheard = live.taken_at is None and now - (live.ordered_at or now) >= UNHEARD
        if newest is not None and unheard and newest.run_id not in self._airflow(now) and self._start(newest):
            return 1
        # Airflow is asked only where its word matters.
        wanted = needs_another(live, False, now) and needs_another(live, self._is_active(live, now), now)
        if not wanted:
            return 0
        made = self.store.order(live.request, live.number + 1, live.type.value, wanted)
        if made is None:
            return 0
        self._start(made)
        return 1

    def _start(self, order: DagOrder) -> bool:
        """False where Airflow knows it already."""
        made = self.starter.start(order, self.note(order))
        if made:
            self._active.add(order.run_id)
        return made

    def _close(self, request: str) -> int:
        orders = self.store.open_orders(request)
        for order in orders:
            self.starter.note(order, self.note(order))
            self.store.close(order)
        return len(orders)

    def _is_active(self, live: Live, now: datetime) -> bool:
        return live.number > 0 and dag_run_id(live.request, live.number) in self._airflow(now)

    def _airflow(self, now: datetime) -> Collection[str]:
        if self._asked_at is None or not timedelta() <= now - self._asked_at < ASK_AGAIN:
            self._active, self._asked_at = set(self.starter.active()), now
        return self._active


def _newest(live: Live) -> DagOrder | None:
    if not live.number:
        return None
    run_id = dag_run_id(live.request, live.number)
    return DagOrder(request=live.request, number=live.number, dag=live.type.value, run_id=run_id)


def _waiting(live: Sequence[Live], now: datetime) -> int:
    """Requests that wait for people, and for which a sensor should be looking by now."""
    states = {State.PENDING_APPROVAL, State.APPROVED}
    return sum(
        each.state in states and each.ordered_at is not None and now - each.ordered_at >= SETTLED for each in live
    )
