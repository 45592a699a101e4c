"""When a runner has something to do for a request, and when that takes another DAG run (decision 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.execution.dispatching import (
    AGAIN,
    LAST_RESORT,
    OWED_AGAIN,
    START_AGAIN,
    Live,
    dag_run_id,
    needs_another,
    to_do_since,
)
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
    assert needs_another(live(State.PENDING_APPROVAL, number=0, ordered_at=None), False, NOW)


@pytest.mark.parametrize("state", [State.PENDING_APPROVAL, State.APPROVED, State.READY_TO_START, State.HELD])
def test_a_dag_run_that_airflow_ended_too_early_is_replaced_with_the_reason(state: State) -> None:
    waits = state is State.HELD
    assert not needs_another(live(state, waits=waits), True, NOW)
    assert needs_another(live(state, waits=waits), False, NOW) == "Airflow ended r-1~1 before the request was over"
    refused = live(state, ordered_at=NOW - AGAIN / 2)
    assert not needs_another(refused, False, NOW), "not as fast as Airflow can"
    assert needs_another(replace(refused, last_act_at=NOW), False, NOW), "at once after a decision"


def test_one_that_ends_early_again_and_again_comes_ever_later() -> None:
    fifth = live(State.RUNNING, number=5, ordered_at=NOW - AGAIN * 4)
    assert not needs_another(fifth, False, NOW)
    assert needs_another(replace(fifth, ordered_at=NOW - AGAIN * 5), False, NOW)
    hundredth = replace(fifth, number=100, ordered_at=NOW - AGAIN * 20)
    assert needs_another(hundredth, False, NOW), "within five minutes, however often"


def test_f20_a_dead_runner_is_replaced_by_one_that_waits_for_its_lease() -> None:
    alive = live(State.RUNNING, lease_alive=True)
    assert not needs_another(alive, True, NOW)
    assert needs_another(alive, False, NOW), "on its way while the lease runs out"
    assert not needs_another(replace(alive, ordered_at=NOW - AGAIN / 2), False, NOW), "not as fast as Airflow can"
    assert not needs_another(replace(alive, waits=True), False, NOW)
    assert not needs_another(replace(alive, state=State.HELD), False, NOW)


def test_f20_while_airflow_itself_tries_the_task_again_no_second_dag_run_comes() -> None:
    """Unless Airflow does not: its triggerer is frozen, its scheduler has lost the task."""
    dead = live(State.RUNNING, left_at=NOW - LAST_RESORT / 2)
    assert not needs_another(dead, True, NOW)
    stuck = replace(dead, left_at=NOW - LAST_RESORT)
    assert needs_another(stuck, True, NOW) == "r-1~1 did not go on for 120 s although it could"
    assert not needs_another(replace(stuck, ordered_at=NOW - LAST_RESORT / 2), True, NOW), "the next one has its time"


def test_a_held_run_waits_in_its_dag_run_and_goes_on_after_the_decision() -> None:
    left = NOW - timedelta(minutes=30)
    held = live(State.HELD, waits=True, waiting_until=left - timedelta(minutes=1), left_at=left)
    assert to_do_since(held, left, NOW) is None
    assert not needs_another(held, True, NOW)
    decided = NOW - timedelta(seconds=5)
    answered = replace(held, last_act_at=decided)
    assert to_do_since(answered, left, NOW) == decided
    assert not needs_another(answered, True, NOW), "its own task goes on"
    assert needs_another(replace(answered, last_act_at=NOW - LAST_RESORT), True, NOW), "it did not"
    assert to_do_since(replace(held, last_act_at=left - timedelta(seconds=1)), left, NOW) is None


def test_a_drills_hold_ends_by_a_person_or_by_itself() -> None:
    left = NOW - timedelta(minutes=5)
    holding = live(State.RUNNING, waits=True, waiting_until=NOW + timedelta(minutes=1), left_at=left)
    assert to_do_since(holding, left, NOW) is None
    assert to_do_since(holding, left, NOW + timedelta(minutes=2)) == holding.waiting_until
    assert to_do_since(replace(holding, last_act_at=NOW), left, NOW) == NOW


@pytest.mark.parametrize("state", [State.SERVICE_RESTORED, State.HELD])
def test_what_is_owed_or_waits_for_a_secret_is_tried_again_but_not_all_the_time(state: State) -> None:
    owed = live(state, left_at=NOW - OWED_AGAIN)
    assert to_do_since(owed, NOW - OWED_AGAIN, NOW) == NOW
    assert to_do_since(owed, NOW - OWED_AGAIN / 2, NOW) is None
    assert to_do_since(replace(owed, waits=True), NOW - OWED_AGAIN, NOW) is None, "a person must decide"


def test_a_refused_start_is_tried_again_by_itself_unless_something_bars_it() -> None:
    ready = live(State.READY_TO_START)
    assert to_do_since(ready, NOW - START_AGAIN, NOW) == NOW
    assert to_do_since(ready, NOW - START_AGAIN / 2, NOW) is None
    assert to_do_since(replace(ready, barred=True), LONG_AGO, NOW) is None, "frozen, or the resource is busy"
    assert not needs_another(ready, True, NOW), "however long it waits"
    for voided in (State.PENDING_APPROVAL, State.APPROVED):
        assert to_do_since(replace(ready, state=voided), LONG_AGO, NOW) is None, "it must be agreed to again"


def test_nobody_else_has_anything_to_do_while_somebody_drives_it() -> None:
    driven = live(State.RUNNING, lease_alive=True, last_act_at=NOW)
    assert to_do_since(driven, LONG_AGO, NOW) is None
