"""Runs that wait for people or time, groups that move in part, and what is owed after clients write again."""

from __future__ import annotations

from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.progress import lines
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.mechanism import StepFailed, StepPaused
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.attest import attest
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.end_hold import end_hold
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.resolve import resolve
from bc_lib.services.execution.show import run_json, run_lines, show_run
from bc_lib.services.execution.stop import stop
from bc_lib.services.execution.thaw import thaw
from bc_lib.testing.fake_mechanism import blocks
from tests.fixtures.running import Running, failing, refused


def failed_over(running: Running) -> Request:
    """A failover that clients write after, and that waits for the allowance of its rewind."""
    request = running.ready(RequestType.FAILOVER)
    gate = running.world.gate
    consent(gate, running.world.actor("olga"), request.id, loss_now(gate, request.id))
    assert running.go(request).state == "ServiceRestored"
    return request


def test_a_rewind_waits_for_an_allowance_of_its_own(running: Running) -> None:
    """Decision 15: the copy is kept, somebody who did not ask allows the rewind, then nothing is owed."""
    request = failed_over(running)
    gate, actor = running.world.gate, running.world.actor
    assert running.run(request).owed == (Owed.REPROTECT,)
    assert running.run(request).unprotected_since is not None
    assert running.states(request)["orders-db/preserve"] == "verified"
    assert refused(allow, gate, actor("olga"), request.id, "orders-db/rewind") == "ROLE_MISSING"
    assert refused(allow, gate, actor("ian"), request.id, "orders-db/move") == "STEP_NOT_WAITING"
    allow(gate, actor("bea"), request.id, "orders-db/rewind", note="the copy was looked at")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"
    assert running.run(request).unprotected_since is None
    assert running.target.effects[request.id, "orders-db/rewind", "rewind"] == 1


def test_an_owed_step_is_tried_again_until_it_works(running: Running) -> None:
    """A standby whose host is away: waits, is told once, goes on by itself later."""
    request = running.ready()
    running.disturb("reprotect", failing(StepPaused("The host of fra does not answer.")), times=1000)
    for _ in range(3):
        assert running.go(request).state == "ServiceRestored"
        running.later(1.0)
    assert running.states(request)["orders-db/reprotect"] == "waiting"
    told = [event.text for _, event in running.world.runner.store.read.events(request.id)]
    assert told.count("The host of fra does not answer.") == 1
    running.target.at = lambda *_: None
    assert running.go(request).state == "Succeeded"


def test_a_failed_owed_step_is_no_failure_of_the_request(running: Running) -> None:
    """ServiceRestored has no edge to Failed: clients write."""
    request = running.ready()
    running.disturb("reprotect", failing(StepFailed("fra has diverged.")), times=1000)
    assert running.go(request).state == "ServiceRestored"
    running.target.pairs["orders-db"].follow("fra")  # a person did it by hand
    running.target.at = lambda *_: None
    for name in ("ian", "olga"):
        attest(running.world.gate, running.world.actor(name), request.id, "orders-db/reprotect", note="cloned by hand")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"


def test_a_postcheck_that_blocks_keeps_it_open_until_it_is_well(running: Running) -> None:
    """TC-043: complete only with postchecks; looked at again by itself."""
    request = running.ready()
    running.target.findings["postcheck"] = [blocks("orders-db", "follows-fra")]
    assert running.go(request).state == "ServiceRestored"
    assert running.states(request)["orders-db/postcheck"] == "unknown"
    running.target.findings.clear()
    running.later(1.0)
    assert running.go(request).state == "Succeeded"


def test_what_is_owed_can_be_given_up_by_people(running: Running) -> None:
    """It ends, and stays said to be unprotected."""
    request = running.ready()
    running.target.findings["reprotect"] = [blocks("orders-db", "follows-fra")]
    assert running.go(request).state == "ServiceRestored"
    for name in ("ian", "olga"):
        resolve(running.world.gate, running.world.actor(name), request.id, "orders-db/reprotect", "give-up")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"
    assert running.states(request)["orders-db/postcheck"] == "skipped"
    assert running.run(request).unprotected_since is not None


def test_a_frozen_control_plane_leaves_what_is_owed(running: Running) -> None:
    """The kill switch is for everything; clients write, so nothing fails."""
    request = running.ready()
    gate, actor = running.world.gate, running.world.actor
    running.disturb("acted", lambda: freeze(gate, actor("ada"), "look first"), step="orders-db/verify")
    assert running.go(request).state == "ServiceRestored"
    assert running.states(request)["orders-db/reprotect"] == "planned"
    thaw(gate, actor("ada"), "looked")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"


def test_clients_that_cannot_write_after_the_move_hold_it(running: Running) -> None:
    """After the point of no return only forward leads out: a person looks, then it is tried again."""
    request = running.ready()
    running.disturb("act", failing(StepFailed("No client's write was acknowledged.")), step="orders-db/verify")
    assert running.go(request).state == "Held"
    assert running.run(request).restored_at is None
    for name in ("ian", "ivy"):
        resolve(running.world.gate, running.world.actor(name), request.id, "orders-db/verify", "not-done")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"


def test_a_live_drill_holds_and_goes_back(running: Running) -> None:
    """US-008: there, held inside Running, ended by an operator, back; the drill's own way back was approved."""
    request = running.ready(RequestType.DRILL, drill="live")
    assert running.go(request).state == "Running"
    assert running.states(request)["orders-db/hold"] == "waiting"
    assert running.target.pairs["orders-db"].primary == {"ams"}
    assert running.run(request).restored_at is not None
    running.later(1.0)
    assert running.go(request).state == "Running"
    assert (
        refused(end_hold, running.world.gate, running.world.actor("ian"), request.id, "orders-db/hold")
        == "ROLE_MISSING"
    )
    end_hold(running.world.gate, running.world.actor("oscar"), request.id, "orders-db/hold", note="all seen")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"
    assert running.target.pairs["orders-db"].primary == {"fra"}
    assert running.run(request).members == {"orders-db": MemberOutcome.MOVED_BACK}
    assert running.target.doubles() == []


def test_a_rehearsal_changes_nothing(running: Running) -> None:
    """Everything but the effects."""
    request = running.ready(RequestType.DRILL)
    assert running.go(request).state == "Succeeded"
    assert not running.target.effects
    assert running.run(request).outage_began_at is None


def test_a_group_moves_in_the_order_of_its_members(running: Running) -> None:
    """Waves: billing-db after orders-db."""
    request = running.ready(scope="payments")
    assert running.go(request).state == "Succeeded"
    verbs = [(key, verb) for (_, key, verb) in running.target.effects if verb == "promote"]
    assert verbs == [("orders-db/move", "promote"), ("billing-db/move", "promote")]


def test_a_group_that_stops_half_way_says_what_to_do(running: Running) -> None:
    """TC-044: Failed, PartiallyMoved; done, not done, next and the rest by hand, in show, audit and notice."""
    request = running.ready(scope="payments")
    running.disturb("stop", failing(StepFailed("The host of fra refused.")), step="billing-db/move")
    report = running.go(request)
    assert (report.state, running.state(request)) == ("Failed", State.FAILED)
    run = running.run(request)
    assert run.outcome is Outcome.PARTIALLY_MOVED
    assert run.members == {"orders-db": MemberOutcome.MOVED, "billing-db": MemberOutcome.UNTOUCHED}
    view = show_run(running.world.gate, request.id)
    text = "\n".join(run_lines(view))
    assert "Moved: orders-db; not moved: billing-db." in text
    assert "orders-db: on Frankfurt: create standby.signal" in text
    assert "billing-db: nothing; it is as it was." in text
    assert lines(view.progress)
    assert run_json(view)["outcome"] == "PartiallyMoved"
    ended = running.world.audit.entries[-1]
    assert (ended.verb, ended.outcome, ended.reason_code) == ("request.run", "PartiallyMoved", "STEP_FAILED")
    assert "The host of fra refused." in ended.payload["because"]
    assert set(ended.members) == {"orders-db", "billing-db"}


def test_a_safe_stop_of_a_group(running: Running) -> None:
    """After the first member's verify the plan may stop: the second stays where it is."""
    request = running.ready(scope="payments")
    gate, actor = running.world.gate, running.world.actor
    assert refused(stop, gate, actor("ian"), request.id) == "WRONG_STATE"
    running.disturb("stopped", lambda: stop(gate, actor("ian"), request.id, note="enough"), step="orders-db/move")
    report = running.go(request)
    assert report.state == "Failed"
    assert running.run(request).outcome is Outcome.PARTIALLY_MOVED
    assert running.states(request)["orders-db/verify"] == "verified"
    assert running.states(request)["billing-db/move"] == "planned"
    assert "Ian asked for a safe stop" in running.run(request).held_because
    events = [each.event for each in running.world.gate.store.read.history(request.id)]
    assert events[-2:] == ["stop", "fail"]


def test_a_process_that_is_told_to_end_leaves_between_steps(running: Running) -> None:
    """SIGTERM: the step in hand is finished, and the successor need not wait for the lease's end."""
    request = running.ready()
    ex = running.execution()
    running.disturb("stopped", ex.stop.set)
    from bc_lib.services.execution.runner import run

    assert run(ex, request.id, "test").state == "Running"
    assert running.states(request)["orders-db/move"] == "verified"
    assert running.states(request)["orders-db/verify"] == "planned"
    running.later(0.6)
    assert running.go(request).state == "Succeeded"


def test_break_glass_stays_open_until_it_is_reviewed(running: Running) -> None:
    """SEC-006: clients write, a standby follows, the review is owed."""
    from bc_lib.domain.requests.plan import Scope
    from bc_lib.services.breakglass.grant import grant
    from bc_lib.services.breakglass.review import review
    from bc_lib.services.breakglass.use import use
    from bc_lib.services.requests.confirm import confirm

    gate, actor = running.world.gate, running.world.actor
    running.world.observe()
    request = running.world.ask("olga", RequestType.SWITCHOVER)
    given = grant(gate, actor("oscar"), Scope(kind="resource", name="orders-db"), "INC-1", "site is dark", 30)
    use(gate, actor("oscar"), given.id, request.id)
    confirm(gate, actor("oscar"), request.id, request.phrase)
    assert running.go(request).state == "ServiceRestored"
    assert running.run(request).owed == (Owed.REVIEW,)
    running.later(1.0)
    assert running.go(request).state == "ServiceRestored"
    review(gate, actor("bea"), given.id, "was right")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"
