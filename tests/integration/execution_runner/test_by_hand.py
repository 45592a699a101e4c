"""Steps that people do where no host obeys us: attested by two on tier 1, then looked at (FR-034, decision 15)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.services.execution.attest import attest
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.resolve import resolve
from bc_lib.services.execution.waive import waive
from bc_lib.testing.fake_mechanism import Pair
from tests.fixtures.running import Running, refused

STOP, REJOIN = "orders-db/stop", "orders-db/rejoin"
LSN = "done@0/3000028"


@pytest.fixture
def alone(running: Running) -> Running:
    """No endpoint has a host_control."""
    known = running.world.runner.store.read.inventory().resources
    bare = [replace(each, endpoints=tuple(replace(end, host_control=None) for end in each.endpoints)) for each in known]
    running.world.apply(*bare)
    running.target.pairs["orders-db"] = Pair()
    return running


def say(
    running: Running, request: Request, step: str, value: str = "done", names: tuple[str, ...] = ("ian", "olga")
) -> None:
    for name in names:
        attest(running.world.gate, running.world.actor(name), request.id, step, value, note="seen on its console")


def go(running: Running, request: Request) -> str:
    running.later(1.0)
    return running.go(request).state


def test_a_planned_move_waits_for_two_persons_who_stop_and_rejoin(alone: Running) -> None:
    """Tier 1: one person's word does not count, nor two different words."""
    request, pair = alone.ready(), alone.target.pairs["orders-db"]
    assert alone.go(request).state == "Held"
    assert alone.states(request)[STOP] == "waiting"
    assert refused(attest, alone.world.gate, alone.world.actor("ian"), request.id, STOP, "done@x", note="n") == (
        "DECISION_UNKNOWN"
    )
    pair.stop("fra")
    say(alone, request, STOP, LSN, ("ian",))
    say(alone, request, STOP, "done@0/4000028", ("olga",))
    assert go(alone, request) == "Held"
    say(alone, request, STOP, LSN, ("olga",))
    assert go(alone, request) == "ServiceRestored"
    stopped = alone.run(request).step(STOP)
    assert (stopped.facts["marker"], stopped.facts["attested_by"].count(" and ")) == ("0/3000028", 1)
    assert alone.states(request)[REJOIN] == "waiting"
    pair.follow("fra")
    say(alone, request, REJOIN)
    assert go(alone, request) == "Succeeded"
    assert alone.target.wrong == []


def test_what_was_attested_and_is_not_so_holds_the_run(alone: Running) -> None:
    """A word against what is seen never moves anything; a new try needs new attestations."""
    request, pair = alone.ready(), alone.target.pairs["orders-db"]
    alone.go(request)
    say(alone, request, STOP, LSN)
    assert go(alone, request) == "Held"
    assert alone.states(request)[STOP] == "unknown"
    assert "orders-db/stop is not-seen" in alone.run(request).step(STOP).sentence
    for name in ("ian", "olga"):
        resolve(alone.world.gate, alone.world.actor(name), request.id, STOP, "done", note="really")
    assert go(alone, request) == "Held"
    assert alone.states(request)[STOP] == "unknown", "still seen not to be so"
    for name in ("ian", "olga"):
        resolve(alone.world.gate, alone.world.actor(name), request.id, STOP, "not-done", note="it was another server")
    assert go(alone, request) == "Held"
    assert alone.states(request)[STOP] == "waiting"
    pair.stop("fra")
    assert go(alone, request) == "Held", "the first attestation was of another try"
    say(alone, request, STOP, LSN)
    assert go(alone, request) == "ServiceRestored"


def test_a_stop_that_was_not_done_leaves_everything_as_it_was(alone: Running) -> None:
    request = alone.ready()
    alone.go(request)
    say(alone, request, STOP, "not-done")
    assert go(alone, request) == "Failed"
    run = alone.run(request)
    assert (run.outcome, run.members["orders-db"]) == (Outcome.UNTOUCHED, MemberOutcome.UNTOUCHED)


def test_a_failover_whose_fence_is_waived_needs_no_attestation(alone: Running) -> None:
    """Decision 15: then the fence is owed until something proves it."""
    request, gate = alone.ready(RequestType.FAILOVER), alone.world.gate
    consent(gate, alone.world.actor("olga"), request.id, loss_now(gate, request.id))
    assert alone.go(request).state == "Held"
    for name in ("ian", "ivy"):
        waive(gate, alone.world.actor(name), request.id, note="the site is under water")
    assert go(alone, request) == "ServiceRestored"
    assert "waived" in alone.run(request).step(STOP).sentence
    assert alone.states(request)["orders-db/preserve"] == "waiting"
    assert Owed.REPROTECT in alone.run(request).owed


def test_given_up_where_nothing_can_be_seen_is_told_as_not_known(alone: Running) -> None:
    """A person may have stopped it: never said to be untouched."""
    request = alone.ready()
    alone.go(request)
    alone.target.pairs["orders-db"].stop("fra")
    alone.target.blind = True
    say(alone, request, STOP, LSN)
    assert go(alone, request) == "Held"
    for name in ("ian", "olga"):
        resolve(alone.world.gate, alone.world.actor(name), request.id, STOP, "give-up", note="enough")
    assert go(alone, request) == "Failed"
    assert alone.run(request).outcome is Outcome.INDETERMINATE
