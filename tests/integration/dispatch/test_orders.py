"""DAG runs are ordered once for each live request, and a run that nobody ordered is refused (decision 3, A04, F08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import event

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.ports.dispatch import AirflowAway, AirflowSilent, DagOrder, Report
from bc_lib.services.dispatch.notes import note_of
from bc_lib.services.dispatch.order import Dispatcher
from bc_lib.services.dispatch.register import register
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.store.dispatch import DispatchStore
from tests.fixtures.requests import BUSINESS, World, refused, world

__all__ = ["world"]


@dataclass
class Airflow:
    """Keeps DAG runs by id, as Airflow does; `deaf`: it does not hear."""

    runs: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    deaf: bool = False
    asked: int = 0

    def start(self, order: DagOrder, note: str) -> bool:
        """A run that exists stays as it is."""
        if self.deaf:
            self.asked += 1
            raise AirflowSilent("Airflow's API does not answer.")
        if order.run_id in self.runs:
            return False
        self.runs[order.run_id], self.notes[order.run_id] = "running", note
        return True

    def active(self) -> list[str]:
        """Those that run."""
        return [run_id for run_id, state in self.runs.items() if state == "running"]

    def note(self, order: DagOrder, text: str) -> None:
        """Replaced."""
        self.notes[order.run_id] = text

    def acts(self, after: int) -> list[Report]:
        """Nobody does anything."""
        return []


def later(world: World, store: DispatchStore, seconds: float = 60.0) -> None:
    """A minute passes."""
    world.freeze_clock(store.now() + timedelta(seconds=seconds))


def orders(world: World) -> DispatchStore:
    """As bc_runner."""
    return DispatchStore(world.database.engine("bc_runner"))


def dispatch(world: World, airflow: Airflow, store: DispatchStore | None = None) -> int:
    """One round of a dispatcher that has just begun."""
    return rounds(world, airflow, store).round()


def rounds(world: World, airflow: Airflow, store: DispatchStore | None = None) -> Dispatcher:
    """A dispatcher."""
    read = world.runner.store.read
    return Dispatcher(
        store=store or orders(world), starter=airflow, note=lambda order: note_of(read, order, "http://ui")
    )


def test_a_request_gets_one_dag_run_however_often_it_is_asked(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    assert dispatch(world, airflow, store) == 1
    assert dispatch(world, airflow, store) == 0
    assert dispatch(world, airflow) == 0, "a second dispatcher sees the same rows"
    assert airflow.runs == {f"{request.id}~1": "running"}


def test_a_dag_run_that_ended_early_is_replaced_and_one_that_airflow_never_heard_of_is_told_again(
    world: World,
) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask()
    dispatch(world, airflow, store)
    register(world.runner, store, dag="failover", run_id=f"{request.id}~1", request=request.id)
    airflow.runs[f"{request.id}~1"] = "ended"
    assert dispatch(world, airflow, store) == 0, "not as fast as Airflow can"
    later(world, store)
    assert dispatch(world, airflow, store) == 1
    assert list(airflow.runs) == [f"{request.id}~1", f"{request.id}~2"]
    del airflow.runs[f"{request.id}~2"]  # its metadata was lost
    later(world, store)
    dispatch(world, airflow, store)
    assert airflow.runs[f"{request.id}~2"] == "running"


def test_a_request_that_is_over_gets_none(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask()
    deny(world.gate, world.actor("bea"), request.id, BUSINESS, "not tonight")
    assert world.state(request) is State.REJECTED
    assert dispatch(world, airflow, store) == 0
    assert airflow.runs == {}


def test_the_first_task_is_taken_for_the_ordered_run_only(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    dispatch(world, airflow, store)
    ordered = f"{request.id}~1"
    found = register(world.runner, store, dag="switchover", run_id=ordered, request=request.id)
    assert found.id == request.id
    assert register(world.runner, store, dag="switchover", run_id=ordered, request=request.id).id == request.id


def test_a04_a_run_by_hand_is_refused_audited_and_told_to_security(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask(kind=RequestType.SWITCHOVER)
    other = world.ask(kind=RequestType.SWITCHOVER, scope="billing-db")
    dispatch(world, airflow, store)
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
    dispatch(world, airflow, store)
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


def test_a_note_says_what_for_whom_and_in_the_end_how_it_ended(world: World) -> None:
    airflow = Airflow()
    request = world.ask(kind=RequestType.SWITCHOVER)
    dispatch(world, airflow)
    note = airflow.notes[f"{request.id}~1"]
    assert f"{request.id}: switchover of resource {request.scope.name}" in note
    assert "from Frankfurt to Amsterdam" in note
    assert f"Asked by Olga: {request.reason}" in note
    assert f"http://ui/requests?id={request.id}" in note
    withdraw(world.gate, world.actor("olga"), request.id, reason="the vendor called off")
    dispatch(world, airflow)
    assert airflow.notes[f"{request.id}~1"].startswith("Withdrawn ")
    assert "by Olga: the vendor called off" in airflow.notes[f"{request.id}~1"].splitlines()[0]
    airflow.notes.clear()
    dispatch(world, airflow)
    assert airflow.notes == {}, "closed once"


def test_the_note_of_a_further_run_says_why_it_was_needed(world: World) -> None:
    airflow, store = Airflow(), orders(world)
    request = world.ask()
    dispatch(world, airflow)
    register(world.runner, store, dag="failover", run_id=f"{request.id}~1", request=request.id)
    airflow.runs[f"{request.id}~1"] = "ended"
    later(world, store)
    dispatch(world, airflow)
    expected = f"A further DAG run, because Airflow ended {request.id}~1 before the request was over."
    assert expected in airflow.notes[f"{request.id}~2"]


def test_a_dag_run_that_ended_before_its_first_task_is_replaced_too(world: World) -> None:
    """Airflow knows it, and does not run it: to start it again would be refused for ever."""
    airflow, store = Airflow(), orders(world)
    request = world.ask()
    dispatch(world, airflow)
    airflow.runs[f"{request.id}~1"] = "ended"
    later(world, store)
    assert dispatch(world, airflow) == 1
    assert f"{request.id}~2" in airflow.runs


def test_airflow_is_asked_seldom_and_only_where_its_word_matters(world: World) -> None:
    airflow, asked = Airflow(), list[int]()
    listed = airflow.active
    airflow.active = lambda: asked.append(1) or listed()  # type: ignore[func-returns-value, method-assign]
    dispatcher, store = rounds(world, airflow), orders(world)
    for _ in range(5):
        dispatcher.round()
    assert asked == [], "no request, no question"
    request = world.ask()
    dispatcher.round()
    register(world.runner, store, dag="failover", run_id=f"{request.id}~1", request=request.id)
    later(world, store)
    for _ in range(5):
        dispatcher.round()
    assert len(asked) == 1, "one answer is good for some rounds"


def test_a_run_that_cannot_be_started_keeps_no_other_from_its_start(world: World) -> None:
    """Such as where one DAG is broken; it is asked for again."""
    airflow = Airflow()
    first, second = world.ask(kind=RequestType.SWITCHOVER), world.ask(scope="billing-db")
    start = airflow.start

    def refuses(order: DagOrder, note: str) -> bool:
        if order.dag == "switchover":
            raise AirflowAway("Airflow refused POST: 400 import errors")
        return start(order, note)

    airflow.start = refuses  # type: ignore[method-assign]
    dispatcher = rounds(world, airflow)
    assert dispatcher.round() == 1
    assert "import errors" in dispatcher.away
    assert list(airflow.runs) == [f"{second.id}~1"]
    airflow.start = start  # type: ignore[method-assign]
    later(world, orders(world))
    dispatch(world, airflow)
    assert f"{first.id}~1" in airflow.runs


def test_an_airflow_that_does_not_answer_costs_a_round_one_time_out(world: World) -> None:
    """Ten seconds for each of a hundred requests would keep the dispatcher silent for a quarter of an hour."""
    airflow = Airflow(deaf=True)
    for name in ("orders-db", "billing-db", "reports-db"):
        world.ask(scope=name)
    dispatcher = rounds(world, airflow)
    assert dispatcher.round() == 0
    assert (airflow.asked, dispatcher.away) == (1, "Airflow's API does not answer.")
    airflow.deaf = False
    later(world, orders(world))
    assert dispatcher.round() == 3, "the next round asks for all of them"


def test_a_round_is_one_statement_however_many_requests_there_are(world: World) -> None:
    store, said = orders(world), list[str]()
    for name in ("orders-db", "billing-db", "reports-db"):
        world.ask(scope=name)
    dispatch(world, Airflow(), store)
    event.listen(store._engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    assert len(store.round().live) == 3
    assert len(said) == 1
