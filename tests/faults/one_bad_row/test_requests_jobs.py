"""One row that breaks inside a job's pass: the others are done, and the trouble is told to the log and to Health."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.schedules.values import Spec
from bc_lib.ports.dispatch import DagOrder
from bc_lib.services.changes import upkeep as changes
from bc_lib.services.execution.prechecks import refresh
from bc_lib.services.own_health import own_health
from bc_lib.services.passes import Pass
from bc_lib.services.requests import upkeep as requests
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.void import void_changed
from bc_lib.services.schedules.due import run_due
from bc_lib.store.dispatch import DispatchStore
from bc_lib.store.monitoring import beat
from bc_lib.store.reading import StatusReader
from tests.fixtures.requests import IT, World
from tests.fixtures.running import Running
from tests.fixtures.schedules import CALENDAR, NOON, at, minutes, scheduled, spec
from tests.integration.dispatch.test_orders import Airflow, rounds

NAMES = ("orders-db", "billing-db", "reports-db")


def poisoned(world: World, request: Request) -> None:
    """What is stored of its plan cannot be read any more, as after a fault of an older version."""
    for statement in (
        "ALTER TABLE bc.request_plan DISABLE TRIGGER never_changed",
        f"UPDATE bc.request_plan SET plan = '{{\"tier\": 1}}' WHERE request = '{request.id}'",
        "ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER never_changed",
    ):
        world.database.sql("postgres", statement)


def three(world: World) -> list[Request]:
    """Requests that Ian approved; the middle one is poisoned."""
    found = [world.ask(scope=name) for name in NAMES]
    for request in found:
        approve(world.gate, world.actor("ian"), request.id, IT)
    poisoned(world, found[1])
    return found


def test_voiding_goes_on(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Ian has lost his role: both readable requests are void."""
    found, looked = three(world), Pass(world.runner.store.read.now)
    world.set_roles("ian")
    assert void_changed(world.runner, looked) == 2
    read = world.gate.store.read
    assert [read.get(each.id).plan_revision for each in found] == [2, 1, 2]
    assert len(looked.troubles) == 1
    assert f"the look at {found[1].id} broke" in looked.troubles[0]
    assert "Traceback" in caplog.text


def test_expiry_goes_on(world: World) -> None:
    """Two end; the third one is told of, in every pass."""
    found, looked = three(world), Pass(world.runner.store.read.now)
    assert found[0].expires_at is not None
    world.freeze_clock(max(each.expires_at for each in found if each.expires_at))
    assert expire_due(world.runner, looked) == 2
    assert [world.state(found[number]) for number in (0, 2)] == [State.EXPIRED] * 2
    assert [f"the end of {found[1].id}" in each for each in looked.troubles] == [True]


def test_prechecks_go_on(running: Running) -> None:
    """Both readable requests have their checks."""
    found = three(running.world)
    ex, looked = running.execution(), Pass(running.world.runner.store.read.now)
    assert refresh(ex, looked) == 2
    assert [running.world.gate.store.read.prechecks(found[number].id) is not None for number in (0, 2)] == [True] * 2
    assert [f"the checks of {found[1].id}" in each for each in looked.troubles] == [True]


@pytest.mark.parametrize("part", ["expire_due", "record_repeats", "void_changed", "tell_together", "change_upkeep"])
def test_a_part_that_breaks_keeps_no_other_part(world: World, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is; and Health shows it until a pass is well again."""
    world.approved()
    called: list[str] = []

    def well(name: str) -> None:
        monkeypatch.setattr(requests, name, lambda *_: called.append(name) or 1)

    for name in ("expire_due", "record_repeats", "void_changed", "tell_together", "change_upkeep"):
        well(name)

    def broken(*_: object) -> int:
        raise StopIteration

    monkeypatch.setattr(requests, part, broken)
    looked = Pass(world.runner.store.read.now)
    said = requests.upkeep(world.runner, looked)
    assert len(called) == 4
    assert "NOT DONE" in said
    engine = world.database.engine("bc_runner")
    beat(engine, "requests", "host:1", {"done": said, **looked.told})
    health = next(each for each in own_health(StatusReader(engine)) if each.name == "requests")
    assert (health.status, "broke (StopIteration" in health.text) == (Status.YELLOW, True)


def test_a_pass_ends_where_the_database_is_away() -> None:
    """Nothing could be done, so it does not try each of a thousand."""
    tried: list[int] = []

    def away() -> None:
        raise ConnectionError

    def do(number: int) -> None:
        tried.append(number)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Pass(away).each("item", range(1000), do)
    assert tried == [0]


def test_proposals_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that breaks, and the pass looks at the other."""
    seen: list[int] = []

    @dataclass
    class Waiting:
        id: int
        topic: object = next(iter(changes.TOPICS))

    def one(_: object, __: object, number: int) -> bool:
        seen.append(number)
        if number == 1:
            raise KeyError(number)
        return True

    monkeypatch.setattr(changes, "_one", one)
    monkeypatch.setattr(type(world.runner.store.read.changes), "list", lambda *_, **__: [Waiting(2), Waiting(1)])
    looked = Pass(world.runner.store.read.now)
    assert changes.change_upkeep(world.runner, looked) == 1
    assert (seen, len(looked.troubles)) == ([1, 2], 1)


def test_orders_go_on(world: World) -> None:
    """Airflow refuses one DAG run: the others are started, and that one again at the next look."""
    found = [world.ask(scope=name) for name in NAMES]

    class Refuses(Airflow):
        def start(self, order: DagOrder, note: str) -> bool:
            if order.request == found[0].id and not self.deaf:
                raise RuntimeError("no such DAG")
            return super().start(order, note)

    store, airflow = DispatchStore(world.database.engine("bc_runner")), Refuses()
    looked = Pass(store.now)
    assert rounds(world, airflow, store).round(looked) == 2
    assert {name.split("~")[0] for name in airflow.runs} == {found[1].id, found[2].id}
    assert looked.troubles == [f"starting {found[0].id} broke (RuntimeError; the log says more)"]


def test_schedules_go_on(world: World) -> None:
    """Dates of one cannot be worked out; the other one's request is made."""
    at(world, NOON)
    scheduled(world)
    scheduled(world, spec("reports-db"))
    at(world, NOON + minutes(10))

    class Broken:
        def between(self, wanted: Spec, *more: object) -> object:
            if wanted.scope.name == "orders-db":
                raise KeyError("rule")
            return CALENDAR.between(wanted, *more)  # type: ignore[arg-type]

    done = run_due(world.runner, Broken())  # type: ignore[arg-type]
    assert done.requested == 1
    assert len(done.troubles) == 1
    assert "broke (KeyError" in done.troubles[0]
