"""A group whose plan says `return`: where a member cannot move, those that moved go back, whatever is killed meanwhile."""

from __future__ import annotations

import pytest

from bc_lib.domain.execution.outcome import MemberOutcome, Outcome
from bc_lib.domain.execution.returning import LEFT_OUT, NOT_NEEDED
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.mechanism import StepFailed, StepUnknown
from bc_lib.services.execution.runner import run
from bc_lib.testing.fake_mechanism import Killed, Pair, blocks
from bc_lib.testing.killing_runs import KillingRuns
from tests.fixtures.running import Running, failing

AS_BEFORE = Pair(primary={"fra"}, stopped=set(), standby={"ams"})
WAY_BACK = ["orders-db/reprotect-return", "orders-db/move-back", "orders-db/verify-back", "orders-db/reprotect-back"]
BACK_AGAIN = {"orders-db": MemberOutcome.MOVED_BACK, "billing-db": MemberOutcome.UNTOUCHED}


def stuck(running: Running) -> Request:
    """A confirmed request of the group whose second member cannot be moved."""
    request = running.ready(scope="payments")
    running.disturb("stop", failing(StepFailed("The host said no.")), step="billing-db/move", times=99)
    return request


def judge(running: Running, request: Request) -> None:
    """Everything is where it was, each effect was done once, and nothing is held back."""
    found = running.run(request)
    assert running.state(request) is State.FAILED
    assert (found.outcome, dict(found.members)) == (Outcome.ROLLED_BACK, BACK_AGAIN)
    assert running.target.pairs["orders-db"] == AS_BEFORE
    assert running.target.pairs["billing-db"] == AS_BEFORE
    assert running.target.doubles() == []
    assert running.target.wrong == []
    assert running.world.runner.store.read.busy(["orders-db", "billing-db"]) == {}


def test_those_that_moved_go_back(running_back: Running) -> None:
    """The way back stands in the approved plan, is done step by step, and the end says so."""
    request = stuck(running_back)
    report = running_back.go(request)
    judge(running_back, request)
    found = running_back.run(request)
    states = running_back.states(request)
    assert [states[key] for key in WAY_BACK] == ["verified"] * 4
    assert states["billing-db/move"] == "failed"
    assert found.step("billing-db/verify").sentence == LEFT_OUT
    assert states["orders-db/reprotect"] == "planned"
    assert "It was taken back; clients write where they did." in report.text
    assert "The host said no." in report.text
    assert found.unprotected_since is None
    assert found.restored_at is not None
    written = found.step("orders-db/verify-back").ended_at
    assert written is not None
    assert found.restored_at <= written
    told = [key.rpartition("/")[2] for key in running_back.world.outbox() if key.startswith(f"request/{request.id}/")]
    assert told[-1] == "rolled_back"


def test_a_whole_move_leaves_the_way_back_out(running_back: Running) -> None:
    request = running_back.ready(scope="payments")
    running_back.go(request)
    assert running_back.state(request) is State.SUCCEEDED
    found = running_back.run(request)
    assert {found.step(key).sentence for key in WAY_BACK} == {NOT_NEEDED}
    assert dict(found.members) == {"orders-db": MemberOutcome.MOVED, "billing-db": MemberOutcome.MOVED}
    assert not any(key.startswith("billing-db/") and key.endswith("-back") for key in running_back.states(request))


def test_a_group_that_moved_as_a_whole_is_not_parted(running_back: Running) -> None:
    """The last member's clients do not arrive: it has moved and has no way back, so the others stay with it."""
    request = running_back.ready(scope="payments")
    away = blocks("billing-db", "clients-write")
    running_back.target.findings["verify"] = [away]
    running_back.go(request)
    found = running_back.run(request)
    moved = {"orders-db": MemberOutcome.MOVED, "billing-db": MemberOutcome.MOVED}
    assert running_back.state(request) is State.FAILED
    assert (found.outcome, dict(found.members)) == (Outcome.PARTIALLY_MOVED, moved)
    assert [running_back.states(request)[key] for key in WAY_BACK] == ["planned"] * 4
    assert {name: pair.primary for name, pair in running_back.target.pairs.items()} == {name: {"ams"} for name in moved}
    assert running_back.target.doubles() == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_on_the_way_back(running_back: Running) -> None:
    """F11: the runner dies in a transaction of the way back, before or after its commit; each effect stays one."""
    whole = KillingRuns(running_back.world.runner.store)
    run(running_back.execution(whole), stuck(running_back).id, "test")
    deaths = range(whole.count // 2, whole.count + 1, 3)
    assert deaths
    for number in deaths:
        running_back.target.pairs.clear()
        request = stuck(running_back)
        running_back.killed(request, number, after=number % 2 == 0)
        for _ in range(4):
            if not running_back.state(request).over:
                running_back.later()
                running_back.go(request)
        judge(running_back, request)


def test_killed_between_stop_and_promotion_on_the_way_back(running_back: Running) -> None:
    """The successor finishes the way back: clients are never left without their writes."""
    request = running_back.ready(scope="payments")

    def hook(point: str, work: object) -> None:
        step = work.step.key  # type: ignore[attr-defined]
        if (point, step) == ("stop", "billing-db/move"):
            raise StepFailed("The host said no.")
        if (point, step) == ("promote", "orders-db/move-back") and not killed:
            killed.append(step)
            raise Killed

    killed: list[str] = []
    running_back.target.at = hook
    with pytest.raises(Killed):
        running_back.go(request)
    assert running_back.target.pairs["orders-db"].primary == set()
    running_back.later()
    running_back.go(request)
    judge(running_back, request)


def test_a_freeze_does_not_cut_the_way_back_short(running_back: Running) -> None:
    """F31: once it has begun it is finished."""
    from bc_lib.services.execution.freeze import freeze

    request = running_back.ready(scope="payments")

    def hook(point: str, work: object) -> None:
        step = work.step.key  # type: ignore[attr-defined]
        if (point, step) == ("stop", "billing-db/move"):
            freeze(running_back.world.gate, running_back.world.actor("olga"), "something is wrong")
            raise StepFailed("The host said no.")

    running_back.target.at = hook
    running_back.go(request)
    judge(running_back, request)


def test_a_member_in_doubt_is_for_people(running_back: Running) -> None:
    """Nothing goes back by itself while nobody knows where another member writes."""
    request = running_back.ready(scope="payments")

    def lost(point: str, work: object) -> None:
        if (point, work.step.key) == ("stop", "billing-db/move"):  # type: ignore[attr-defined]
            running_back.target.blind = True
            raise StepUnknown("No answer.")

    running_back.target.at = lost
    running_back.go(request)
    assert running_back.state(request) is State.HELD
    assert running_back.states(request)["orders-db/move-back"] == "planned"
    assert running_back.target.pairs["orders-db"].primary == {"ams"}


@pytest.mark.parametrize("kind", [RequestType.FAILOVER, RequestType.DRILL])
def test_only_planned_moves_are_returned(running_back: Running, kind: RequestType) -> None:
    """The plan says so beforehand."""
    running_back.world.observe("orders-db")
    running_back.world.observe("billing-db")
    request = running_back.world.ask(kind=kind, scope="payments")
    plan = running_back.world.gate.store.read.plan(request.id).plan
    assert plan.if_partial == "finish"
    assert not any(step.returns for step in plan.steps)
    assert any("is returned only from a planned move" in each for each in plan.limits)
