"""What a waiting task of a request's DAG run looks at, and how it ends: in the triggerer itself (NFR-005, decision 3)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bc_lib import bootstrap, jobs_requests
from bc_lib.config import DbRole
from bc_lib.domain.requests.states import State
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.requests import World, world

__all__ = ["world"]

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
CONFIRMATION = ("PendingApproval", "Approved")
UNANSWERED_S, ANSWERED_S = 1.0, 10.0


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
    bootstrap.engine.cache_clear()
    yield world
    for role in (DbRole.READER, DbRole.KEEPER):
        bootstrap.engine(role).dispose()
    bootstrap.engine.cache_clear()


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


def test_a_request_that_nobody_knows_is_no_success(triggerer: World) -> None:
    with pytest.raises(LookupError, match="There is no request 'r-404'"):
        ends(trigger("r-404"))


@pytest.mark.parametrize("state", list(State))
def test_how_a_wait_ends_by_the_state_that_is_seen(monkeypatch: pytest.MonkeyPatch, state: State) -> None:
    """A task and its trigger say the same, so it does not matter which of the two sees the end."""
    monkeypatch.setattr(jobs_requests, "request_state", lambda _: state.value)
    monkeypatch.setattr(jobs_requests, "beat_waits", lambda: None)
    expected = None if state in CONFIRMATION else "skipped" if state.over else "success"
    assert ends(trigger("r-1"), within_s=0.3) == expected
    assert _sensor_ends() == expected


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
