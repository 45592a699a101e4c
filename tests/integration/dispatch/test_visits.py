"""What a task of a request's DAG run comes to: green, waiting for whom, skipped why, red at the check (decisions 2, 3)."""

from __future__ import annotations

import pytest

from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.dispatch.ending import closed, postchecks_shown
from bc_lib.services.dispatch.notes import ended_words
from bc_lib.services.dispatch.visits import Visit, acted, checked, prechecked
from bc_lib.services.dispatch.waiting import waits_for
from bc_lib.services.execution.end_hold import end_hold
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.testing.fake_mechanism import Killed
from tests.fixtures.requests import world
from tests.fixtures.running import Running, failing, running

__all__ = ["running", "world"]


def blocks(check: str) -> Finding:
    """A precheck that says no."""
    sentence = "ams has not replayed everything."
    return Finding(check=check, resource="orders-db", severity=Severity.BLOCK, sentence=sentence, figure="64 MB")


def look(running: Running, request: str) -> Visit:
    """The task `prechecks`."""
    return prechecked(running.execution(), request, "airflow r-1~1")


def go(running: Running, request: str, quiet: str = "") -> Visit:
    """The task `execute`."""
    return acted(running.execution(), request, "airflow r-1~1", quiet)


def test_a_refused_start_is_red_at_its_check_and_nothing_was_touched(running: Running) -> None:
    request = running.ready()
    running.target.findings["precheck"] = [blocks("lag")]
    visit = look(running, request.id)
    assert visit.became == "red"
    assert any(line.startswith("block orders-db/lag: ") for line in visit.lines)
    assert running.state(request) is State.FAILED
    assert not running.target.effects
    assert "request.start" in running.kinds()[-1]
    assert go(running, request.id).became == "red", "whoever looks later sees the same"


def test_what_a_start_waits_for_is_said_and_then_it_goes_on(running: Running) -> None:
    request = running.ready()
    freeze(running.world.gate, running.world.actor("ada"), "network")
    assert look(running, request.id).became == "done", "the checks are well"
    visit = go(running, request.id)
    assert (visit.became, visit.barred, visit.code) == ("waits", True, "FROZEN")
    assert any("Starts are frozen since" in line for line in visit.lines)
    denied = sum("denied" in kind for kind in running.kinds())
    assert go(running, request.id, visit.code).became == "waits"
    assert sum("denied" in kind for kind in running.kinds()) == denied, "audited once"


def test_a_withdrawn_and_an_expired_one_are_skipped_with_the_reason(running: Running) -> None:
    request = running.ready()
    olga = running.world.actor("olga")
    withdraw(running.world.gate, olga, request.id, reason="the vendor called off")
    for visit in (look(running, request.id), go(running, request.id)):
        assert visit.became == "skipped"
        assert visit.lines[-1].startswith("Withdrawn 20")
        assert visit.lines[-1].endswith(" by Olga: the vendor called off")
    expired = running.ready()
    running.later(3600.0)
    assert expire_due(running.world.runner) == 1
    visit = go(running, expired.id)
    assert visit.became == "skipped"
    assert visit.lines[-1].startswith("Expired 20")
    read = running.world.runner.store.read
    assert ended_words(read, read.get(expired.id)) == visit.lines[-1]


def test_a_hold_says_for_whom_it_waits_and_the_same_task_goes_on(running: Running) -> None:
    request = running.ready(RequestType.DRILL, drill="live")
    visit = go(running, request.id)
    assert visit.became == "waits"
    waiting = [
        line for line in visit.lines if "waits for an operator to end the hold at Amsterdam (bcctl run end-hold" in line
    ]
    assert len(waiting) == 1, visit.lines
    before = running.world.runner.store.read.now()
    assert visit.left_at <= before
    end_hold(running.world.gate, running.world.actor("oscar"), request.id, "orders-db/hold", note="seen")
    running.later(1.0)
    done = go(running, request.id)
    assert done.became == "done", done.lines
    assert any(line.startswith("::group::orders-db/hold: verified") for line in done.lines)
    assert not any(line.startswith("::group::orders-db/check") for line in done.lines), "told by the visit before"


def test_the_story_has_a_line_a_step_with_its_figures_each_in_its_group(running: Running) -> None:
    request = running.ready()
    visit = go(running, request.id)
    steps = [step.step.key for step in running.run(request).steps]
    groups = [line for line in visit.lines if line.startswith("::group::")]
    assert [group.removeprefix("::group::").partition(":")[0] for group in groups] == steps
    assert len(steps) >= 4
    assert all(" verified in " in group for group in groups)
    assert visit.lines.count("::endgroup::") == len(groups)


def test_a_killed_runner_is_waited_for_and_the_run_goes_on_in_the_same_task(running: Running) -> None:
    request = running.ready()
    running.disturb("promoted", failing(Killed()))
    with pytest.raises(Killed):
        go(running, request.id)
    running.later()
    assert go(running, request.id).became == "done"
    assert running.target.doubles() == []


def test_a_failed_run_is_red_and_says_what_to_do(running: Running) -> None:
    request = running.ready()
    running.disturb("stop", failing(RuntimeError("the mechanism broke")), times=9)
    visit = go(running, request.id)
    assert visit.became == "red"
    assert any("Remove the cause." in line for line in visit.lines)
    assert closed(running.world.runner.store.read, request.id)[0] is False


def test_postchecks_and_close_show_figures_and_say_what_is_missing(running: Running) -> None:
    request = running.ready()
    read = running.world.runner.store.read
    assert postchecks_shown(read, request.id) == (False, [f"{request.id} was never started."])
    assert closed(read, request.id) == (False, [f"{request.id} is ready to start and was never started."])
    go(running, request.id)
    assert postchecks_shown(read, request.id)[0] is True
    shown = checked(running.execution(), request.id, "airflow r-1~1")
    assert shown.became == "done"
    assert closed(read, request.id)[0] is True


def test_a_run_whose_task_was_marked_as_done_goes_on_in_the_next_task(running: Running) -> None:
    """Airflow's word about `execute` changes nothing about the request, and its DAG run still shows the truth."""
    request = running.ready()
    visit = checked(running.execution(), request.id, "airflow r-1~1")
    assert visit.became == "done"
    assert running.state(request) is State.SUCCEEDED
    held = running.ready(RequestType.DRILL, drill="live")
    assert checked(running.execution(), held.id, "airflow r-2~1").became == "waits"


def test_whom_a_request_waits_for_in_each_state(running: Running) -> None:
    world = running.world
    request = world.ask(kind=RequestType.SWITCHOVER)
    (approval,) = waits_for(world.gate, request.id)
    asked = f"{request.id} waits for an Approver-IT and an Approver-Business to approve or deny it, until 20"
    assert approval.startswith(asked)
    running.approve(request)
    (phrase,) = waits_for(world.gate, request.id)
    assert phrase.startswith(f"{request.id} waits for an operator to confirm it, until 20")
    withdraw(world.gate, world.actor("olga"), request.id)
    assert waits_for(world.gate, request.id) == []
