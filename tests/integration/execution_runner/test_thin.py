"""A whole switchover through the services, over a target in memory (TC-041, TC-042, TC-043)."""

from __future__ import annotations

from bc_lib.domain.execution.outcome import MemberOutcome
from bc_lib.domain.requests.states import State
from tests.fixtures.running import Running


def test_a_switchover_from_confirmation_to_success(running: Running) -> None:
    """TC-042: every step verified, resources free, audit and notices told."""
    request = running.ready()
    report = running.go(request)
    assert (report.state, running.state(request)) == ("Succeeded", State.SUCCEEDED), report
    run = running.run(request)
    assert set(running.states(request).values()) == {"verified"}
    assert run.members == {"orders-db": MemberOutcome.MOVED}
    assert run.outage_began_at is not None
    assert run.restored_at is not None
    assert run.restored_at > run.outage_began_at
    assert (run.owed, run.unprotected_since, run.outcome) == ((), None, None)
    assert running.target.effects == {
        (request.id, "orders-db/move", "stop"): 1,
        (request.id, "orders-db/move", "promote"): 1,
        (request.id, "orders-db/reprotect", "reprotect"): 1,
    }
    assert running.world.runner.store.read.busy(["orders-db"]) == {}
    assert running.kinds() == [
        "request.start started Running",
        "request.run recorded ServiceRestored",
        "request.run completed Succeeded",
    ]
    told = [key.rpartition("/")[2] for key in running.world.outbox() if key.startswith(f"request/{request.id}/")]
    assert told == ["created", "approved", "started", "restored", "succeeded"]
