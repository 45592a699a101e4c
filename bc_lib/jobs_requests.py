"""What the light tasks of a request's DAG run do: register, wait, show. The one that acts is jobs.run_request."""

from __future__ import annotations

import time

from bc_lib import bootstrap, bootstrap_dispatch
from bc_lib.config import DbRole
from bc_lib.jobs import holder_name, stop_on_signals
from bc_lib.ports.dispatch import Starter

WINDOW_S = 57.0
PAUSE_S = 1.0
BEAT_S = 10.0


def dispatch_window(starter: Starter, window_s: float = WINDOW_S) -> str:
    """Order DAG runs for live requests, about once a second for a window."""
    from bc_lib.services.dispatch.order import dispatch, waiting
    from bc_lib.services.passes import Pass

    store, stop = bootstrap_dispatch.orders(), stop_on_signals()
    deadline, beat_at, started = time.monotonic() + window_s, 0.0, 0
    while time.monotonic() < deadline and not stop.is_set():
        looked = Pass(store.now)
        started += dispatch(store, starter, looked)
        if time.monotonic() >= beat_at:
            bootstrap_dispatch.beat(
                "dispatcher", holder_name(), {"started": started, "waiting": waiting(store), **looked.told}
            )
            beat_at = time.monotonic() + BEAT_S
        stop.wait(PAUSE_S)
    return f"{started} DAG runs started"


def register(dag: str, run_id: str, request: str) -> str:
    """Refuse a DAG run that nobody ordered. Raises Denial."""
    from bc_lib.services.dispatch.register import register as take

    found = take(bootstrap.gate(DbRole.RUNNER), bootstrap_dispatch.orders(), dag=dag, run_id=run_id, request=request)
    return f"{found.id}: {found.type.value} of {found.scope.name} to {found.target_site}, {found.state.value}"


def request_state(request: str) -> str:
    """Where a request stands, for sensors."""
    return bootstrap_dispatch.request_state(request)


def beat_waits() -> None:
    """The triggerer's loop lives."""
    bootstrap_dispatch.beat("waits", holder_name(), {}, DbRole.KEEPER)


def show_postchecks(request: str) -> str:
    """Every postcheck with its figure. Raises NotWell."""
    from bc_lib.services.dispatch.ending import postchecks_shown

    return postchecks_shown(bootstrap.gate(DbRole.RUNNER).store.read, request)


def close_request(request: str) -> str:
    """How it ended. Raises NotWell unless it succeeded or service is restored."""
    from bc_lib.services.dispatch.ending import closed

    return closed(bootstrap.gate(DbRole.RUNNER).store.read, request)
