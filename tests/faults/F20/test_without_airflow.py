"""F20: all of Airflow is down: `bcctl run` completes the approved request from the same journal."""

from __future__ import annotations

from typing import Any

import pytest

from bc_lib import bootstrap_execution
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.inventory import Execution as Acting
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.services.execution.decisions import decide
from bc_lib.services.execution.override import override
from bc_lib.services.execution.runner import run
from bc_lib.testing.builders import resource
from bc_lib.testing.fake_mechanism import FakeMechanisms, Killed, blocks
from tests.fixtures.commands import commands
from tests.fixtures.running import Running, failing

__all__ = ["commands"]


@pytest.fixture
def command(running: Running, commands: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """bcctl, whose runner acts on the target in memory."""
    monkeypatch.setenv("BC_RUN_LEASE_S", "5")
    monkeypatch.setattr("bc_lib.connectors.mechanisms.LazyMechanisms", lambda *_: FakeMechanisms(running.target))
    return commands


def test_the_command_finishes_what_a_dead_task_began(running: Running, command: Any) -> None:
    """The task dies between fence and promotion; the command takes over, probes, and goes on."""
    request = running.ready()
    running.disturb("promote", failing(Killed()))
    with pytest.raises(Killed):
        run(running.execution(), request.id, "airflow r-1~1")
    running.target.at = lambda *_: None
    code, said, _ = command("run", request.id)
    assert (code, "RUN_ALIVE" in said) == (3, True)
    running.later()
    code, said, body = command("run", request.id, "--json")
    assert (code, body["state"]) == (0, "Succeeded"), said
    assert running.target.doubles() == []
    assert running.state(request) is State.SUCCEEDED
    code, said, _ = command("run", request.id)
    assert (code, said.startswith(f"{request.id}  Succeeded")) == (3, True)
    shown = command("run", "show", request.id, "--json")[2]
    assert {each["state"] for each in shown["steps"]} == {"verified"}
    assert shown["loss"][0]["certainty"] == "proven"


def test_people_decide_by_command(running: Running, command: Any) -> None:
    """Freeze, thaw, stop and the rest with their sentences; exit 3 for a refusal."""
    request = running.ready()
    assert command("run", "show", request.id)[0] == 3
    assert command("freeze", "--reason", "network", "--as", "vera")[0] == 3
    assert command("freeze", "--reason", "network", "--as", "ada", "--json")[2]["frozen"] is True
    code, said, _ = command("run", request.id)
    assert (code, "Starts are frozen since" in said) == (3, True)
    assert command("thaw", "--reason", "done", "--as", "ada")[0] == 0
    assert command("run", "stop", request.id, "--as", "ian")[0] == 3
    running.target.at = lambda *_: None
    code, said, _ = command("run", "override", request.id, "orders-db/lag", "--note", "may be lost", "--as", "ian")
    assert (code, said) == (0, f"{request.id}: override orders-db/lag, by Ian. The runner verifies it and goes on.\n")
    assert command("run", request.id)[0] == 0
    lines = command("run", "show", request.id)[1].splitlines()
    assert lines[0] == f"{request.id}  Succeeded  switchover of orders-db to Amsterdam"


def test_two_primaries_are_overridden_by_nobody(running: Running, command: Any) -> None:
    """F15: though the inventory lists the check. The command and the service say the same, and what two persons
    signed past both counts for nothing."""
    lists = Acting(secret="env:E", client_secret="env:C", allow_overrides=("lag", "one-primary"))
    running.world.apply(resource("orders-db", execution=lists), resource("billing-db"), resource("reports-db"))
    running.target.findings["precheck"] = [blocks("orders-db", "one-primary")]
    request = running.ready()
    code, said, _ = command("run", "override", request.id, "orders-db/one-primary", "--note", "I know", "--as", "ian")
    sentence = str(refusal("OVERRIDE_NEVER", resource="orders-db", check="one-primary"))
    assert (code, sentence in said) == (3, True), said
    with pytest.raises(Denial) as denied:
        override(running.world.gate, running.world.actor("ian"), request.id, "orders-db/one-primary", note="I know")
    assert str(denied.value) == sentence
    for name in ("ian", "ivy"):
        actor = running.world.actor(name)
        decide(running.world.gate, actor, request.id, RunActKind.OVERRIDE, value="orders-db/one-primary", note="x")
    assert running.go(request).state == "Failed"
    assert not running.target.effects


def test_a_wrong_lease_time_is_one_sentence(running: Running, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configuration is told, never traced."""
    monkeypatch.setenv("BC_RUN_LEASE_S", "soon")
    assert command("run", "r-1")[1] == "BC_RUN_LEASE_S must be 2 to 300 seconds.\n"
    assert bootstrap_execution.TTL_S == "BC_RUN_LEASE_S"


def test_the_task_does_the_same(running: Running, command: Any) -> None:
    """What Airflow's tasks call: prechecks for the log, then the run; once more it says what is recorded."""
    from bc_lib import jobs_requests as jobs

    request = running.ready()
    checked = jobs.prechecks(request.id, "airflow r-1~1")
    assert (checked.became, checked.lines[-1]) == ("done", "1 checks; nothing forbids the start."), checked.lines
    done = jobs.execute(request.id, "airflow r-1~1")
    assert done.became == "done"
    assert f"{request.id}: Succeeded. orders-db is done." in done.lines
    assert jobs.prechecks(request.id, "airflow r-1~1").lines == (
        f"{request.id}: Succeeded; what forbids a start is not asked any more.",
    )
    again = jobs.execute(request.id, "airflow r-1~1")
    assert again.became == "done"
    assert running.run(request).executor.count(":") == 1
