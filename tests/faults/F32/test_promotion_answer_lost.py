"""F32: the answer to a promotion is lost: it counts as promoted, and the old primary stays stopped until disproved."""

from __future__ import annotations

from bc_lib.domain.requests.states import State
from bc_lib.ports.mechanism import StepUnknown
from bc_lib.services.execution.resolve import resolve
from tests.fixtures.running import Running, failing, refused

LOST = StepUnknown("The answer to the promotion was lost.")


def test_a_probe_that_sees_it_goes_on(running: Running) -> None:
    """Seen on the target: nothing is done twice."""
    request = running.ready()
    running.disturb("promoted", failing(LOST))
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


def test_a_probe_that_disproves_it_lets_it_go_on_from_there(running: Running) -> None:
    """Certainly not promoted: the same step goes on, the fence is not ordered again."""
    request = running.ready()
    running.disturb("promote", failing(LOST))
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []
    assert running.target.wrong == []


def test_nobody_can_see_it(running: Running) -> None:
    """Held: nothing is unfenced, resources are kept; two persons must say the same on tier 1 (SEC-008)."""
    request = running.ready()

    def blind() -> None:
        running.target.blind = True
        raise LOST

    running.disturb("promoted", blind)
    report = running.go(request)
    assert (report.state, running.state(request)) == ("Held", State.HELD)
    assert running.states(request)["orders-db/move"] == "unknown"
    assert "fra" in running.target.pairs["orders-db"].stopped
    assert running.world.runner.store.read.busy(["orders-db"]) == {"orders-db": request.id}
    assert "lost" in running.run(request).held_because
    assert running.world.outbox()[-1].endswith("/held")

    gate, actor = running.world.gate, running.world.actor
    assert refused(resolve, gate, actor("bea"), request.id, "orders-db/move", "done") == "ROLE_MISSING"
    assert refused(resolve, gate, actor("ian"), request.id, "orders-db/move", "maybe") == "DECISION_UNKNOWN"
    assert refused(resolve, gate, actor("ian"), request.id, "orders-db/check", "done") == "STEP_NOT_WAITING"
    resolve(gate, actor("ian"), request.id, "orders-db/move", "done")
    assert refused(resolve, gate, actor("ian"), request.id, "orders-db/move", "done", note="again") == "ALREADY_SAID"
    running.later(1.0)
    assert running.go(request).state == "Held"  # one person, twice, is one person
    resolve(gate, actor("ivy"), request.id, "orders-db/move", "done")
    running.target.blind = False
    running.later(1.0)
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


def test_people_say_that_it_was_not_done(running: Running) -> None:
    """A new try, by a claim of its own; a decision counts for one try only."""
    request = running.ready()
    gate, actor = running.world.gate, running.world.actor

    def blind() -> None:
        running.target.blind = True
        raise LOST

    running.disturb("promote", blind, times=2)
    assert running.go(request).state == "Held"
    for name in ("ian", "ivy"):
        resolve(gate, actor(name), request.id, "orders-db/move", "not-done", note="looked at ams")
    running.later(1.0)
    assert running.go(request).state == "Held"  # lost again: the decision of the first try is spent
    running.target.blind = False
    running.later(1.0)
    assert running.go(request).state == "Held"
    for name in ("ian", "ivy"):
        resolve(gate, actor(name), request.id, "orders-db/move", "not-done", note="looked at ams again")
    running.later(1.0)
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


def test_people_who_err_are_contradicted(running: Running) -> None:
    """They say done, and the target is a standby for certain: it stays held, with both sentences."""
    request = running.ready()

    def blind() -> None:
        running.target.blind = True
        raise LOST

    running.disturb("promote", blind)
    assert running.go(request).state == "Held"
    for name in ("ian", "ivy"):
        resolve(running.world.gate, running.world.actor(name), request.id, "orders-db/move", "done")
    running.target.blind = False
    running.later(1.0)
    assert running.go(request).state == "Held"
    assert "and it is not" in running.run(request).held_because


def test_given_up(running: Running) -> None:
    """Failed, Indeterminate: a person takes it from here."""
    request = running.ready()

    def blind() -> None:
        running.target.blind = True
        raise LOST

    running.disturb("promoted", blind)
    running.go(request)
    for name in ("ian", "olga"):
        resolve(running.world.gate, running.world.actor(name), request.id, "orders-db/move", "give-up")
    running.later(1.0)
    assert running.go(request).state == "Failed"
    assert str(running.run(request).outcome) == "Indeterminate"
