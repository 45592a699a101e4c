"""When a live request gets another DAG run (decision 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.execution.dispatching import AGAIN, OWED_AGAIN, PATIENCE, Live, dag_run_id, needs_another
from bc_lib.domain.requests.states import RequestType, State

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)


def live(state: State, **more: object) -> Live:
    """A request with one DAG run, ordered an hour ago, whose lease has expired."""
    base = Live(
        request="r-1",
        type=RequestType.SWITCHOVER,
        state=state,
        number=1,
        ordered_at=LONG_AGO,
        lease_alive=False,
        last_act_at=None,
        waits=False,
        waiting_until=None,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def test_the_dag_run_is_named_after_its_request() -> None:
    assert dag_run_id("r-12", 3) == "r-12~3"


def test_a_new_request_gets_its_first_dag_run() -> None:
    assert needs_another(live(State.PENDING_APPROVAL, number=0, ordered_at=None), None, NOW)


@pytest.mark.parametrize("state", [State.PENDING_APPROVAL, State.APPROVED, State.READY_TO_START])
def test_a_waiting_request_needs_one_active_dag_run(state: State) -> None:
    assert not needs_another(live(state), "running", NOW)
    assert not needs_another(live(state), "queued", NOW)
    assert needs_another(live(state), "ended", NOW)
    assert needs_another(live(state), None, NOW)
    refused = live(state, ordered_at=NOW - AGAIN / 2)
    assert not needs_another(refused, "ended", NOW), "not as fast as Airflow can"
    assert needs_another(replace(refused, last_act_at=NOW), "ended", NOW), "at once after a consent"


def test_f20_a_dead_runner_is_replaced_by_one_that_waits_for_its_lease() -> None:
    running = live(State.RUNNING)
    alive = replace(running, lease_alive=True)
    assert not needs_another(alive, "running", NOW)
    assert needs_another(alive, "ended", NOW), "on its way while the lease runs out"
    assert not needs_another(replace(alive, ordered_at=NOW - AGAIN / 2), "ended", NOW), "not as fast as Airflow can"
    assert not needs_another(replace(alive, waits=True), "ended", NOW)
    assert not needs_another(replace(alive, state=State.HELD), "ended", NOW)
    assert needs_another(running, "running", NOW), "Airflow's word about a killed task is not waited for"
    assert not needs_another(replace(running, ordered_at=NOW - PATIENCE / 2), "running", NOW)


def test_a_held_run_waits_for_a_person_and_goes_on_after_the_decision() -> None:
    held = live(State.HELD)
    assert not needs_another(held, "ended", NOW)
    assert needs_another(replace(held, last_act_at=NOW), "ended", NOW)
    assert not needs_another(replace(held, last_act_at=LONG_AGO - timedelta(seconds=1)), "ended", NOW)


def test_a_drills_hold_ends_by_a_person_or_by_itself() -> None:
    holding = live(State.RUNNING, waits=True, waiting_until=NOW + timedelta(minutes=1))
    assert not needs_another(holding, "ended", NOW)
    assert needs_another(holding, "ended", NOW + timedelta(minutes=2))
    assert needs_another(replace(holding, last_act_at=NOW), "ended", NOW)


def test_what_is_owed_is_tried_again_but_not_all_the_time() -> None:
    owed = live(State.SERVICE_RESTORED)
    assert needs_another(owed, "ended", NOW)
    assert not needs_another(owed, "running", NOW)
    assert not needs_another(replace(owed, ordered_at=NOW - OWED_AGAIN / 2), "ended", NOW)
    assert not needs_another(replace(owed, waits=True, waiting_until=NOW + timedelta(hours=1)), "ended", NOW)
