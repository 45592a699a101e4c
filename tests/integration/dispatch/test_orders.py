"""DAG runs are ordered once for each live request, and a run that nobody ordered is refused (decision 3, A04, F08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.ports.dispatch import DagOrder
from bc_lib.services.dispatch.order import dispatch
from bc_lib.services.dispatch.register import register
from bc_lib.services.requests.deny import deny
from bc_lib.store.dispatch import DispatchStore
from tests.fixtures.requests import BUSINESS, World, refused, world

__all__ = ["world"]


@dataclass
class Airflow:
    """Keeps DAG runs by id, as Airflow does; `deaf`: it does not hear."""

    runs: dict[str, str] = field(default_factory=dict)
    deaf: bool = False

    def start(self, order: DagOrder) -> None:
        """A run that exists stays as it is."""
        if not self.deaf:
            self.runs.setdefault(order.run_id, "running")

    def state(self, order: DagOrder) -> str | None:
        """Its state."""
        return self.runs.get(order.run_id)


def later(world: World, store: DispatchStore) -> None:
    """A minute passes."""
    world.freeze_clock(store.now() + timedelta(minutes=1))


def orders(world: World) -> DispatchStore:
    """As bc_runner."""
    return DispatchStore(world.database.engine("bc_runner"))


def test_a_request_gets_one_dag_run_however_often_it_is_asked(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    assert dispatch(store, airflow) == 1
    assert dispatch(store, airflow) == 0
    assert dispatch(orders(world), airflow) == 0, "a second dispatcher sees the same rows"
    assert airflow.runs == {f"{request.id}~1": "running"}


def test_a_dag_run_that_ended_early_is_replaced_and_one_that_airflow_never_heard_of_is_told_again(
    world: World,
) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask()
    dispatch(store, airflow)
    airflow.runs[f"{request.id}~1"] = "ended"
    assert dispatch(store, airflow) == 0, "not as fast as Airflow can"
    later(world, store)
    assert dispatch(store, airflow) == 1
    assert list(airflow.runs) == [f"{request.id}~1", f"{request.id}~2"]
    del airflow.runs[f"{request.id}~2"]  # its metadata was lost
    later(world, store)
    dispatch(store, airflow)
    assert airflow.runs[f"{request.id}~2"] == "running"


def test_a_request_that_is_over_gets_none(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask()
    deny(world.gate, world.actor("bea"), request.id, BUSINESS, "not tonight")
    assert world.state(request) is State.REJECTED
    assert dispatch(store, airflow) == 0
    assert airflow.runs == {}


def test_the_first_task_is_taken_for_the_ordered_run_only(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    dispatch(store, airflow)
    ordered = f"{request.id}~1"
    found = register(world.runner, store, dag="switchover", run_id=ordered, request=request.id)
    assert found.id == request.id
    assert register(world.runner, store, dag="switchover", run_id=ordered, request=request.id).id == request.id


def test_a04_a_run_by_hand_is_refused_audited_and_told_to_security(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    other = world.ask(kind=RequestType.SWITCHOVER, scope="billing-db")
    dispatch(store, airflow)
    forged = [
        ("switchover", "manual__2026-11-24", request.id),
        ("failover", f"{request.id}~1", request.id),
        ("switchover", f"{request.id}~1", other.id),
        ("switchover", f"{request.id}~99", request.id),
        ("switchover", f"{request.id}~1", {"request": request.id}),
        ("switchover", f"{request.id}~1", None),
    ]
    for dag, run_id, asked in forged:
        denial = refused(register, world.runner, store, dag=dag, run_id=run_id, request=asked)
        assert denial == "FORGED_DAG_RUN", (dag, run_id, asked)
    denied = [entry for entry in world.audit.entries if entry.verb == "dag.register"]
    assert len(denied) == len(forged)
    assert {entry.reason_code for entry in denied} == {"FORGED_DAG_RUN"}
    told = [key for key in world.outbox() if key.startswith("dag/")]
    assert len(told) >= 2, "two addresses of security"
    assert world.state(request) is State.PENDING_APPROVAL


def test_f08_a_dag_run_of_a_finished_request_that_is_run_again_is_refused_and_audited(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    dispatch(store, airflow)
    deny(world.gate, world.actor("bea"), request.id, BUSINESS, "not tonight")
    again = refused(register, world.runner, store, dag="switchover", run_id=f"{request.id}~1", request=request.id)
    assert again == "WRONG_STATE"
    assert [entry.reason_code for entry in world.audit.entries if entry.verb == "dag.register"] == ["WRONG_STATE"]


def test_nobody_but_the_runner_orders_dag_runs(world: World) -> None:
    request = world.ask()
    for role in ("bc_ui", "bc_poller", "bc_keeper", "bc_reader"):
        statement = f"INSERT INTO bc.dispatch VALUES ('{request.id}', 1, 'failover', '{request.id}~1')"
        try:
            world.database.sql(role, statement)
        except Exception as error:
            assert "permission denied" in str(error) or "read-only" in str(error), role
        else:
            raise AssertionError(f"{role} ordered a DAG run")
