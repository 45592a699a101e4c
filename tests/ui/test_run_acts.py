"""Decisions about runs through the pages: who is offered them, and that each goes to its service (SEC-002, SEC-008)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from bc_lib.domain.actor import Role
from bc_lib.domain.execution.findings import Severity as FindingSeverity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.inventory import Execution
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.ports.runs import RunChange
from bc_lib.services.requests.losing import losing
from bc_lib.testing.builders import resource
from bc_lib.testing.fake_runs import finding
from tests.fixtures.requests import World, world
from tests.fixtures.runs import Runs, plan_of, runs
from tests.ui.real_screens import Open, opened, text

__all__ = ["runs", "world"]
K = RunActKind


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    with opened(world) as open_:
        yield open_


def press(at: AppTest, *wanted: str) -> AppTest:
    """Press them in one run: AppTest runs whole pages only, so the button that opens a dialog is pressed again."""
    for label in wanted:
        next(each for each in at.button if each.label == label).click()
    at.run()
    assert not at.exception
    return at


def labels(at: AppTest) -> list[str]:
    return [each.label for each in at.button]


def held(runs: Runs) -> str:
    """A run whose move nobody could observe."""
    lease = runs.started()
    runs.done(lease, ["orders-db/check"])
    runs.claim(lease, "orders-db/move")
    runs.to(lease, "orders-db/move", StepState.UNKNOWN)
    with runs.runner.work() as work:
        locked = work.lock(lease.request)
        work.change_run(lease, RunChange(held_because="its answer was lost"))
        work.move(locked, State.HELD, Event.HOLD, "runner")
    return lease.request


def acts(runs: Runs, request: str) -> list[tuple[str, RunActKind, str, str, str, int]]:
    """What is stored, each with a proof."""
    found = runs.ui.read.acts(request)
    assert all(each.proof for each in found)
    return [(each.name, each.kind, each.step, each.value, each.note, each.plan_revision) for each in found]


def test_sec008_two_persons_say_what_an_unknown_step_did(tab: Open, runs: Runs) -> None:
    request, label = held(runs), "Say what became of the move to fra…"
    at = press(tab("ian", "run", id=request), label)
    body = text(press(at, label, label.rstrip("…")))
    assert "Choose what it was first. Nothing was recorded." in body
    assert acts(runs, request) == []
    at.segmented_control[0].set_value("done")
    at.text_input[0].set_value("Both servers looked at")
    assert "Recorded. The runner takes it up by itself." in text(press(at, label, label.rstrip("…")))
    assert acts(runs, request) == [("Ian", K.RESOLVE, "orders-db/move", "done", "Both servers looked at", 1)]
    second = text(press(tab("ivy", "run", id=request), label))
    assert "Ian decided about it: it was done. Another person must say the same before it counts." in second
    assert "Ian (Approver-IT) decided about the move to fra: it was done" in second


def stopping_by_hand(runs: Runs) -> str:
    """A run that waits for a person to stop the old primary."""
    plan = plan_of("orders-db")
    stop = replace(plan.steps[0], action="stop", key="orders-db/stop", summary="a person stops fra", manual=True)
    lease = runs.start(runs.ready(replace(plan, steps=(plan.steps[0], stop, *plan.steps[1:]))))
    runs.done(lease, ["orders-db/check"])
    runs.claim(lease, "orders-db/stop")
    runs.to(lease, "orders-db/stop", StepState.WAITING)
    return lease.request


def test_a_stop_by_hand_is_attested_with_its_shutdown_checkpoint(tab: Open, runs: Runs) -> None:
    """What the command takes as done@LSN is a field of its own here; what is no position is told and not recorded."""
    request, label = stopping_by_hand(runs), "Attest the stop of the old primary…"
    at = press(tab("olga", "run", id=request), label)
    at.segmented_control[0].set_value("done")
    marker, note = at.text_input
    assert "Shutdown checkpoint that pg_controldata prints there" in marker.label
    note.set_value("pg_controldata says shut down")
    for wrong in ("0-3000028", "done", "0/3000028; DROP", "0/123456789"):
        at.text_input[0].set_value(wrong)
        body = text(press(at, label, label.rstrip("…")))
        assert "The shutdown checkpoint is no position: copy it as pg_controldata prints it, such as 0/3000148" in body
        assert acts(runs, request) == []
    at.text_input[0].set_value(" 0/300002a ")
    assert "Recorded." in text(press(at, label, label.rstrip("…")))
    said = ("Olga", K.ATTEST, "orders-db/stop", "done@0/300002A", "pg_controldata says shut down", 1)
    assert acts(runs, request) == [said]
    second = text(press(tab("ian", "run", id=request), label))
    assert (
        "Olga attested it: it was done; the server stopped at 0/300002A. Another person must say the same before it counts."
        in second
    )
    assert "it was done; the server stopped at 0/300002A" in second


def test_a_safe_stop_asks_once_more(tab: Open, world: World, runs: Runs) -> None:
    request = runs.started().request
    at = press(tab("olga", "run", id=request), "Safe stop…")
    assert acts(runs, request) == []
    assert "What has moved stays moved" in text(at)
    body = text(press(at, "Safe stop…", "Safe stop"))
    assert "Olga (Operator) asked for a safe stop" in body
    assert [each[:2] for each in acts(runs, request)] == [("Olga", K.STOP)]
    assert ("completed", "request.stop", None) in world.audit.verbs()
    assert labels(tab("olga", "run", id=request)) == []


@pytest.mark.parametrize("who", ["vera", "bea"])
def test_tc002_who_may_not_decide_sees_no_buttons(tab: Open, runs: Runs, who: str) -> None:
    assert labels(tab(who, "run", id=held(runs))) == []


def test_sec002_who_lost_the_role_meanwhile_is_refused_and_that_is_told(tab: Open, world: World, runs: Runs) -> None:
    request = runs.started().request
    at = press(tab("olga", "run", id=request), "Safe stop…")
    world.set_roles("olga", Role.VIEWER)
    body = text(press(at, "Safe stop…", "Safe stop"))
    assert acts(runs, request) == []
    assert labels(at) == []
    assert "Recorded." not in body


def test_fr032_a_failover_is_confirmed_only_after_its_loss_was_accepted(tab: Open, world: World, runs: Runs) -> None:
    request = world.approved()
    loss = world.gate.store.read.plan(request.id).plan.loss
    assert loss
    at = press(tab("olga", "requests", id=request.id), "Confirm…")
    (sentence,) = losing(world.gate.store.read, request, world.gate.store.read.plan(request.id).plan).sentences
    assert f"<dd>{sentence}</dd>" in text(at)
    body = text(press(at, "Confirm…", "Confirm"))
    assert f"Accept losing {loss} and type exactly “{request.phrase}” first. Nothing was confirmed." in body
    at.text_input[-1].set_value(request.phrase)
    assert f"Accept losing {loss} first. Nothing was confirmed." in text(press(at, "Confirm…", "Confirm"))
    assert world.state(request) is State.APPROVED
    at.checkbox[0].check()
    press(at, "Confirm…", "Confirm")
    assert world.state(request) is State.READY_TO_START
    assert acts(runs, request.id) == [("Olga", K.CONSENT, "", loss, "", 1)]


def test_a_loss_accepted_by_its_own_button_is_not_asked_for_again(tab: Open, world: World, runs: Runs) -> None:
    world.freeze_clock(world.gate.store.read.now())  # the bound is of this moment, however long the pages take
    request = world.approved()
    label = f"Accept losing {world.gate.store.read.plan(request.id).plan.loss}…"
    at = press(tab("olga", "requests", id=request.id), label)
    press(at, label, label.rstrip("…"))
    assert label not in labels(tab("oscar", "requests", id=request.id)), "it counts already"
    again = press(tab("olga", "requests", id=request.id), "Confirm…")
    assert not again.checkbox
    assert "Olga (Operator) accepted losing" in text(again)
    again.text_input[-1].set_value(f"{request.phrase}!")
    assert f"Type exactly “{request.phrase}” first." in text(press(again, "Confirm…", "Confirm"))
    assert world.state(request) is State.APPROVED
    again.text_input[-1].set_value(request.phrase)
    press(again, "Confirm…", "Confirm")
    assert world.state(request) is State.READY_TO_START
    assert len(acts(runs, request.id)) == 1


def test_after_the_confirmation_the_page_is_the_run(tab: Open, world: World) -> None:
    request = world.approved(kind=RequestType.SWITCHOVER)
    at = press(tab("olga", "requests", id=request.id), "Confirm…")
    at.text_input[-1].set_value(request.phrase)
    body = text(press(at, "Confirm…", "Confirm"))
    assert "It has not begun: nothing was touched." in body


def test_a_link_opens_the_very_question_once_and_says_where_it_is_gone(tab: Open, world: World, runs: Runs) -> None:
    request, label = held(runs), "Say what became of the move to fra"
    at = tab("ian", "run", id=request, act="resolve", step="orders-db/move")
    assert label in labels(at)
    assert "act" not in at.query_params
    other = tab("ian", "run", id=request, act="resolve", step="orders-db/verify")
    assert label not in labels(other)
    assert "does not wait for you now" in text(other)
    assert "does not wait for you now" in text(tab("vera", "run", id=request, act="resolve", step="orders-db/move"))
    world.let_rivals()
    world.observe()
    asked = world.ask()
    assert "Approve as Approver-IT" in labels(tab("ian", "requests", id=asked.id, act="approve"))


def test_a_switchover_asks_for_no_consent(tab: Open, world: World, runs: Runs) -> None:
    request = world.approved(kind=RequestType.SWITCHOVER)
    at = press(tab("olga", "requests", id=request.id), "Confirm…")
    assert not at.checkbox
    at.text_input[-1].set_value(request.phrase)
    press(at, "Confirm…", "Confirm")
    assert world.state(request) is State.READY_TO_START
    assert acts(runs, request.id) == []


def test_a_check_that_blocks_is_overridden_on_the_request_by_those_who_may(tab: Open, world: World, runs: Runs) -> None:
    execution = Execution(
        secret="env:BC_TEST_EXECUTION", client_secret="env:BC_TEST_CLIENT", allow_overrides=("lag", "one-primary")
    )
    world.apply(resource("orders-db", execution=execution))
    request = world.approved(kind=RequestType.SWITCHOVER)
    with runs.runner.work() as work:
        work.store_prechecks(
            request.id,
            [
                finding(FindingSeverity.BLOCK),
                finding(FindingSeverity.BLOCK, "roles"),
                finding(FindingSeverity.BLOCK, "one-primary"),
            ],
        )
    assert [each for each in labels(tab("ivy", "requests", id=request.id)) if "spite" in each] == [
        "Go on in spite of the check “lag” of orders-db…"
    ]
    label = "Go on in spite of the check “lag” of orders-db…"
    at = press(tab("ivy", "requests", id=request.id), label)
    assert "Say in one line" in text(press(at, label, label.rstrip("…")))
    at.text_input[-1].set_value("The standby catches up")
    press(at, label, label.rstrip("…"))
    assert acts(runs, request.id) == [("Ivy", K.OVERRIDE, "", "orders-db/lag", "The standby catches up", 1)]
    assert not [each for each in labels(tab("olga", "requests", id=request.id)) if "spite" in each]


def test_a_freeze_is_typed_with_a_reason_by_those_who_may(tab: Open, world: World, runs: Runs) -> None:
    assert labels(tab("vera", "health")) == []
    label = "Freeze all starts…"
    at = press(tab("olga", "health"), label)
    at.text_input[0].set_value("freeze")
    assert "Type freeze and give a reason first. Nothing changed." in text(press(at, label, "Freeze"))
    assert runs.ui.read.frozen() is None
    at.text_input[1].set_value("Network change")
    body = text(press(at, label, "Freeze"))
    assert "Starts are frozen." in body
    assert "by Olga: Network change" in body
    assert labels(tab("olga", "health")) == []
    thaw = press(tab("ada", "health"), "Thaw starts…")
    thaw.text_input[0].set_value("thaw")
    thaw.text_input[1].set_value("It is over")
    assert "Starts are allowed again." in text(press(thaw, "Thaw starts…", "Thaw"))
    assert runs.ui.read.frozen() is None
    assert ("completed", "run.thaw", None) in world.audit.verbs()


def test_the_kind_of_drill_is_chosen_and_stored(tab: Open, world: World) -> None:
    at = tab("olga", "ask", resource="orders-db", type="drill", drill="live")
    assert "A real switchover, a hold at the other site and the way back" in text(at)
    at.segmented_control(key="ask-drill").set_value("rehearsal").run()
    assert "Everything but the effects" in text(at)
    at.segmented_control(key="ask-drill").set_value("live").run()
    at.text_input[0].set_value("Yearly test")
    body = text(press(at, "Raise the request"))
    assert "Live drill of orders-db to Amsterdam" in body
    assert "wave 1" in body
    assert world.gate.store.read.get("r-1").drill == "live"
