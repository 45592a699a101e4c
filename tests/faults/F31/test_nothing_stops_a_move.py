"""F31: freeze, expiry, a revoked role or a sealed secrets manager between fence and promotion: completed or returned."""

from __future__ import annotations

from bc_lib.domain.execution.outcome import MemberOutcome, Outcome
from bc_lib.domain.requests.states import State
from bc_lib.ports.mechanism import CredentialUnavailable, StepFailed
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.stop import stop
from bc_lib.testing.fake_mechanism import Pair
from tests.fixtures.requests import IT, V
from tests.fixtures.running import Running, failing

MOVED = Pair(primary={"ams"}, stopped=set(), standby={"fra"})


def test_freeze_and_stop_in_the_middle_of_a_move(running: Running) -> None:
    """The move is completed and clients write; what is owed waits for the thaw."""
    request = running.ready()

    def throw() -> None:
        freeze(running.world.gate, running.world.actor("ada"), "something is odd")
        stop(running.world.gate, running.world.actor("ian"), request.id)

    running.disturb("stopped", throw)
    report = running.go(request)
    assert (report.state, running.state(request)) == ("ServiceRestored", State.SERVICE_RESTORED)
    assert running.states(request) == {
        "orders-db/check": "verified",
        "orders-db/move": "verified",
        "orders-db/verify": "verified",
        "orders-db/reprotect": "planned",
        "orders-db/postcheck": "planned",
    }
    assert running.target.pairs["orders-db"].primary == {"ams"}


def test_roles_are_revoked_and_time_is_over_in_the_middle(running: Running) -> None:
    """Approvals, roles and expiry were read at the start; a later step asks its own precondition only (decision 5)."""
    request = running.ready()

    def revoke() -> None:
        running.world.set_roles("ian", V)
        running.world.set_roles("olga", V)

    running.disturb("stopped", revoke)
    assert running.go(request).state == "Succeeded"
    assert running.target.pairs["orders-db"] == MOVED
    running.world.set_roles("ian", IT)


def test_sealed_secrets_for_a_while(running: Running) -> None:
    """The step pauses and is asked again; it did not fail (F24)."""
    request = running.ready()
    running.disturb("promote", failing(CredentialUnavailable("The secrets manager is sealed.")), times=5)
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


def test_sealed_secrets_for_ever(running: Running) -> None:
    """Writes are given back when the step's time is over; nobody is left without a place to write."""
    running.more["patience_s"] = 0.2
    request = running.ready()
    left = [0]

    def hook(point: str, work: object) -> None:
        if point == "promote":
            left[0] += 1
            raise StepFailed("The order was refused.", writes_stopped=True)

    running.target.at = hook
    report = running.go(request)
    assert (report.state, running.state(request)) == ("Failed", State.FAILED)
    run = running.run(request)
    assert (run.outcome, run.members) == (Outcome.ROLLED_BACK, {"orders-db": MemberOutcome.UNTOUCHED})
    assert running.target.pairs["orders-db"].primary == {"fra"}
    assert running.world.outbox()[-1].endswith("/rolled_back")


def test_writes_that_cannot_be_given_back_are_said(running: Running) -> None:
    """WritesStopped, with what to do by hand."""
    running.more["patience_s"] = 0.1
    request = running.ready()

    def hook(point: str, work: object) -> None:
        if point in {"promote", "undo"}:
            raise StepFailed("The order was refused.", writes_stopped=True)

    running.target.at = hook
    assert running.go(request).state == "Failed"
    assert running.run(request).outcome is Outcome.WRITES_STOPPED
    assert running.run(request).members == {"orders-db": MemberOutcome.STOPPED}


def test_a_freeze_in_front_of_the_first_step_stops_it_untouched(running: Running) -> None:
    """Freeze acts where the plan lets a run stop: after the checks nothing was done yet."""
    request = running.ready()
    running.disturb(
        "acted", lambda: freeze(running.world.gate, running.world.actor("ada"), "stop"), step="orders-db/check"
    )
    report = running.go(request)
    assert report.state == "Failed"
    run = running.run(request)
    assert run.outcome is Outcome.UNTOUCHED
    assert running.states(request)["orders-db/move"] == "planned"
    assert not running.target.effects
    assert running.world.runner.store.read.busy(["orders-db"]) == {}
