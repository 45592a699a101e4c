"""What a waiting task of a request's DAG run looks at, and how it ends: in the triggerer itself (NFR-005, decision 3)."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

from bc_lib import bootstrap, jobs_requests
from bc_lib.config import DbRole
from bc_lib.domain.execution.dispatching import Live
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.dispatch.visits import Became, Visit
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.store.dispatch import DispatchStore
from tests.fixtures.commands import close_engines
from tests.fixtures.requests import World, world

__all__ = ["world"]

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
CONFIRMATION = ("PendingApproval", "Approved")
UNANSWERED_S, ANSWERED_S = 1.0, 10.0
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """As every process of Airflow has them."""
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.fixture
def triggerer(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """What the triggerer is given: it reads, and says that it lives."""
    for role in DbRole:
        monkeypatch.delenv(role.variable, raising=False)
    for role in (DbRole.READER, DbRole.KEEPER):
        monkeypatch.setenv(role.variable, world.database.url(role.login))
    close_engines()
    yield world
    close_engines()


def trigger(request: str, before: tuple[str, ...] = CONFIRMATION) -> Any:
    """Made again from its row, as the triggerer does."""
    made = _module("bc_triggers").RequestTrigger(request, list(before))
    path, words = made.serialize()
    assert path == "bc_triggers.RequestTrigger"
    return type(made)(**words)


def ends(waiting: Any, act: Callable[[], object] = lambda: None, within_s: float = ANSWERED_S) -> str | None:
    """The state in which it ends the task after `act`; None where it still waits after `within_s`."""

    async def first() -> str | None:
        event = asyncio.ensure_future(anext(waiting.run()))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(act)
        done, _ = await asyncio.wait({event}, timeout=within_s)
        event.cancel()
        return str(event.result().task_instance_state) if done else None

    return asyncio.run(first())


def test_a_confirmation_ends_the_wait_without_another_process(triggerer: World) -> None:
    """A worker's process that only looks once more would cost a second, and resumed tasks fail at random."""
    request = triggerer.approved()
    assert ends(trigger(request.id), within_s=UNANSWERED_S) is None, "approved is not confirmed"
    olga = triggerer.actor("olga")
    said = ends(trigger(request.id), lambda: confirm(triggerer.gate, olga, request.id, request.phrase))
    assert said == "success"


def test_the_wait_for_approvals_ends_before_the_confirmation(triggerer: World) -> None:
    assert ends(trigger(triggerer.ask().id, ("PendingApproval",)), within_s=UNANSWERED_S) is None
    assert ends(trigger(triggerer.approved(scope="billing-db").id, ("PendingApproval",))) == "success"


def test_a_request_that_is_withdrawn_leaves_a_skipped_task(triggerer: World) -> None:
    """What follows is skipped with it; nothing starts."""
    request, olga = triggerer.approved(), triggerer.actor("olga")
    assert ends(trigger(request.id), lambda: withdraw(triggerer.gate, olga, request.id)) == "skipped"


def test_a_wait_says_that_the_triggerer_lives(triggerer: World) -> None:
    """Health counts on it (F06)."""
    ends(trigger(triggerer.ask().id), within_s=UNANSWERED_S)
    assert triggerer.database.sql("postgres", "SELECT beat_at FROM bc.component_beat WHERE component = 'waits'")


def test_a_triggerer_that_ends_in_the_midst_of_a_wait_leaves_no_session(triggerer: World) -> None:
    """Whoever waits then is cancelled, and the server would keep the session of each triggerer that was."""
    request, sessions = triggerer.ask().id, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'bc_reader'"
    waiting = trigger(request, ("PendingApproval",))
    seen: list[Any] = []
    assert ends(waiting, lambda: seen.extend(triggerer.database.sql("postgres", sessions)), UNANSWERED_S) is None
    pooled = bootstrap.engine(DbRole.READER).pool.checkedout()
    assert seen, "it waited meanwhile"
    assert pooled == 0, "the session of the common look is over with the loop"


def test_a_request_that_nobody_knows_is_no_success(triggerer: World) -> None:
    with pytest.raises(LookupError, match="There is no request 'r-404'"):
        ends(trigger("r-404"))


def test_a_wait_says_for_whom_and_until_when_and_what_came(triggerer: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request, waiting, said = triggerer.ask(), trigger("r-1", ("PendingApproval",)), list[str]()
    monkeypatch.setattr(type(waiting), "log", SimpleNamespace(info=said.append))
    olga = triggerer.actor("olga")
    ends(trigger(request.id), lambda: (time.sleep(1), withdraw(triggerer.gate, olga, request.id, reason="no")))
    asked = f"{request.id} waits for an Approver-IT and an Approver-Business to approve or deny it, until 20"
    assert said[0].startswith(asked)
    assert said[-1].startswith("Withdrawn")
    assert said[-1].endswith("by Olga: no")


def test_a_hundred_waits_cost_what_one_costs(triggerer: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted at the connection: every statement that the triggerer's process sends, transactions included."""
    request, seconds, looks = triggerer.approved(), 8.0, list[str]()

    def transactions() -> int:
        found = triggerer.database.sql(
            "postgres", f"SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database WHERE datname = '{name}'"
        )
        return int(found[0][0])

    name = triggerer.database.name
    store, say, told = DispatchStore(triggerer.database.engine("bc_runner")), jobs_requests.waits_for, list[str]()
    monkeypatch.setattr(jobs_requests, "waits_for", lambda asked: (say(asked), told.append(asked))[0])

    async def hundred() -> tuple[int, int]:
        waits = [asyncio.ensure_future(anext(trigger(request.id).run())) for _ in range(100)]
        while len(told) < len(waits):  # each says once for whom it waits
            await asyncio.sleep(0.2)
        for role in (DbRole.READER, DbRole.KEEPER):
            bootstrap.engine(role).dispose()  # the server counts what they did when their sessions end
        for login in ("postgres", *(role.login for role in DbRole)):
            triggerer.database.engine(login).dispose()
        await asyncio.sleep(2.0)
        event.listen(bootstrap.engine(DbRole.READER), "before_cursor_execute", lambda *given: looks.append(given[2]))
        began, until = await asyncio.to_thread(transactions), time.monotonic() + seconds
        while time.monotonic() < until:
            await asyncio.to_thread(store.round)  # the dispatcher's look, once a second beside it
            await asyncio.sleep(1.0)
        assert not any(wait.done() for wait in waits)
        for wait in waits:
            wait.cancel()
        return began, await asyncio.to_thread(transactions)

    began, ended = asyncio.run(hundred())
    store._kept.close()  # its pool was ended beneath it
    assert len(looks) >= 5, "it looked"
    assert len(looks) / seconds <= 3.0
    print(f"{len(looks) / seconds:.1f} looks and {(ended - began) / seconds:.1f} transactions a second")
    assert ended - began > 5, "the server counted them"
    assert (ended - began) / seconds <= 5.0


def test_a_database_that_is_away_for_a_moment_ends_no_wait(triggerer: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request, reader, failed = triggerer.approved(), jobs_requests.waits(), list[int]()

    def away(requests: Any) -> Any:
        if len(failed) < 2:
            failed.append(1)
            raise ConnectionError("away")
        return reader.look(requests)

    monkeypatch.setattr(jobs_requests, "waits", lambda: Seeing(away, reader.close))
    monkeypatch.setattr(_module("bc_triggers"), "AWAY_S", 0.05)
    olga = triggerer.actor("olga")
    assert ends(trigger(request.id), lambda: confirm(triggerer.gate, olga, request.id, request.phrase)) == "success"
    assert len(failed) == 2


def test_a_reader_that_cannot_be_made_at_first_leaves_no_wait_forgotten(
    triggerer: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits then is not asked for again by anybody."""
    request, make, failed = triggerer.approved(), jobs_requests.waits, list[int]()

    def waits() -> Any:
        if not failed:
            failed.append(1)
            raise RuntimeError("no address yet")
        return make()

    monkeypatch.setattr(jobs_requests, "waits", waits)
    monkeypatch.setattr(_module("bc_triggers"), "AWAY_S", 0.05)
    olga = triggerer.actor("olga")
    assert ends(trigger(request.id), lambda: confirm(triggerer.gate, olga, request.id, request.phrase)) == "success"


@pytest.mark.parametrize("state", list(State))
def test_how_a_wait_ends_by_the_state_that_is_seen(monkeypatch: pytest.MonkeyPatch, state: State) -> None:
    """A task and its trigger say the same, so it does not matter which of the two sees the end."""
    monkeypatch.setattr(jobs_requests, "waits", lambda: Seeing(lambda _: (NOW, {"r-1": live(state)})))
    monkeypatch.setattr(jobs_requests, "request_state", lambda _: state.value)
    for silent in ("beat_waits", "waits_for", "ended"):
        monkeypatch.setattr(jobs_requests, silent, lambda *_: [])
    expected = None if state in CONFIRMATION else "skipped" if state.over else "success"
    assert ends(trigger("r-1"), within_s=0.5) == expected
    assert _sensor_ends() == expected


@dataclass
class Seeing:
    """A reader of waits that sees what a test says."""

    look: Callable[[Any], Any]
    close: Callable[[], None] = lambda: None


def live(state: State, **more: Any) -> Live:
    """A request that was left an hour ago."""
    base = Live(
        request="r-1",
        type=RequestType.SWITCHOVER,
        state=state,
        number=1,
        ordered_at=NOW - timedelta(hours=1),
        lease_alive=False,
        last_act_at=None,
        waits=False,
        waiting_until=None,
    )
    return replace(base, **more)


@pytest.mark.parametrize(
    ("seen", "barred", "wakes"),
    [
        (live(State.HELD, waits=True), False, False),
        (live(State.HELD, waits=True, last_act_at=NOW - timedelta(minutes=1)), False, True),
        (live(State.RUNNING, lease_alive=True), False, False),
        (live(State.RUNNING), False, True),
        (live(State.SUCCEEDED), False, True),
        (live(State.READY_TO_START, barred=True), True, False),
        (live(State.READY_TO_START), True, True),
    ],
)
def test_when_the_acting_task_goes_on(monkeypatch: pytest.MonkeyPatch, seen: Live, barred: bool, wakes: bool) -> None:
    monkeypatch.setattr(jobs_requests, "waits", lambda: Seeing(lambda _: (NOW, {"r-1": seen})))
    monkeypatch.setattr(jobs_requests, "beat_waits", lambda: None)
    made = _module("bc_triggers").RunTrigger("r-1", (NOW - timedelta(minutes=10)).isoformat(), barred)
    path, words = made.serialize()
    assert path == "bc_triggers.RunTrigger"

    async def first() -> bool:
        event_ = asyncio.ensure_future(anext(type(made)(**words).run()))
        done, _ = await asyncio.wait({event_}, timeout=0.6)
        event_.cancel()
        return bool(done)

    assert asyncio.run(first()) is wakes


@pytest.mark.parametrize(
    ("became", "expected"), [("done", "success"), ("waits", "deferred"), ("skipped", "skipped"), ("red", "red")]
)
def test_how_the_acting_task_ends_by_what_its_visit_came_to(
    monkeypatch: pytest.MonkeyPatch, became: str, expected: str
) -> None:
    from airflow.sdk.exceptions import AirflowSkipException, TaskDeferred

    visit = Visit(became=Became(became), lines=("one line", "how it stands"), left_at=NOW, code="FROZEN", barred=True)
    asked: list[tuple[str, str, str]] = []
    said: list[str] = []
    monkeypatch.setattr(_module("bc_gates"), "log", SimpleNamespace(info=said.append))
    monkeypatch.setattr(jobs_requests, "execute", lambda *given: asked.append(given) or visit)
    work = _module("bc_gates").RequestWork(task_id="execute", request="r-1", verb="execute")
    try:
        found = "success" if work.execute({"run_id": "r-1~1"}) == "how it stands" else ""
    except AirflowSkipException:
        found = "skipped"
    except SystemExit as ended:
        found = "red" if ended.code else ""
    except TaskDeferred as deferred:
        found = "deferred"
        assert deferred.method_name == "resume"
        assert deferred.trigger.serialize()[1] == {"request": "r-1", "left_at": NOW.isoformat(), "barred": True}
        with pytest.raises(TaskDeferred):
            work.resume({"run_id": "r-1~1"}, "Held", **deferred.kwargs)
        assert asked[-1][2] == "FROZEN", "audited once"
    assert found == expected
    assert said[:2] == ["one line", "how it stands"]
    assert asked[0] == ("r-1", "airflow r-1~1", "")


def test_our_own_refusal_is_no_death_and_a_kill_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs_requests, "say", lambda *words: said.append(words))
    task_died, instance = (
        _module("bc_callbacks").task_died,
        SimpleNamespace(dag_id="failover", run_id="r-1~1", task_id="execute"),
    )
    task_died({"ti": instance, "exception": SystemExit(3)})
    assert said == []
    task_died({"ti": instance, "exception": ValueError("broken")})
    task_died({"ti": instance, "exception": None})
    assert said == [
        ("died", "failover", "r-1~1", "execute", "ValueError: broken"),
        ("died", "failover", "r-1~1", "execute", "killed"),
    ]


@pytest.mark.parametrize(
    ("previous", "dag", "error", "told"),
    [
        (None, "failover", "TaskInstance's state was manually set to `failed`.", True),
        ("running", "failover", "TaskInstance's state was manually set to `failed`.", False),
        (None, "somebody_elses", "TaskInstance's state was manually set to `failed`.", False),
        (None, "failover", "it broke", False),
    ],
)
def test_the_listener_tells_of_marks_by_people_on_our_tasks_only(
    monkeypatch: pytest.MonkeyPatch, previous: str | None, dag: str, error: str, told: bool
) -> None:
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs_requests, "say", lambda *words: said.append(words))
    instance = SimpleNamespace(dag_id=dag, run_id="r-1~1", task_id="execute")
    _module("bc_listener").Marks().on_task_instance_failed(previous, instance, error)
    assert said == ([("marked", dag, "r-1~1", "execute", "marked as failed")] if told else [])


def _sensor_ends() -> str | None:
    from airflow.sdk.exceptions import AirflowSkipException, TaskDeferred

    sensor = _module("bc_gates").RequestSensor(task_id="confirmation", request="r-1", before=CONFIRMATION)
    try:
        sensor.execute({})
    except AirflowSkipException:
        return "skipped"
    except TaskDeferred:
        return None
    return "success"


def _module(name: str) -> Any:
    """A plugin, under the name that every process of Airflow knows it by."""
    __import__(name)
    return sys.modules[name]
