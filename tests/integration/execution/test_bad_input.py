"""What may not start, does not: each refusal has its code, is audited, and touches nothing (TC-040)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.runner import drive
from bc_lib.services.execution.start import start
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.show import show
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused


def denial_of(moving: Moving, request: str) -> Denial:
    """What the runner says."""
    with pytest.raises(Denial) as found:
        moving.run_id(request)
    return found.value


def test_start_without_the_phrase(moving: Moving) -> None:
    """TC-040: says where it stands and what is missing."""
    request, effects = moving.approved(), moving.effects()
    found = denial_of(moving, request.id)
    assert found.code == "WRONG_STATE"
    assert "is approved" in found.sentence
    assert "ready to start" in found.sentence
    assert moving.audited(request)[-1] == ("request.start", "denied", "WRONG_STATE")
    assert (moving.effects(), moving.world.state(request)) == (effects, State.APPROVED)
    assert moving.read.run(request.id) is None


def test_three_wrong_phrases(moving: Moving) -> None:
    """Each says the phrase; none starts anything; the right one still counts."""
    request, olga = moving.approved(), moving.world.actor("olga")
    for wrong in ("", request.phrase.lower(), f"{request.phrase}!"):
        with pytest.raises(Denial) as found:
            confirm(moving.world.gate, olga, request.id, wrong)
        assert (found.value.code, request.phrase in found.value.sentence) == ("PHRASE_WRONG", True)
        assert moving.world.state(request) is State.APPROVED
    assert ("request.confirm", "denied", "PHRASE_WRONG") in moving.audited(request)
    assert confirm(moving.world.gate, olga, request.id, request.phrase).state is State.READY_TO_START


def test_unknown_request(moving: Moving) -> None:
    """Whatever is typed: the same refusal, and a record that somebody tried."""
    for name in ("r-999999", "", "r-1; DROP TABLE bc.run", "R-1", "r-1\u202e"):
        assert denial_of(moving, name).code == "UNKNOWN_REQUEST"
        assert moving.world.audit.verbs()[-1] == ("denied", "request.start", "UNKNOWN_REQUEST")


def test_other_environment(moving: Moving) -> None:
    """F19: this deployment is no production, so it starts nothing of production."""
    moving.changes["orders-db"] = {"environment": Environment.PROD}
    moving.apply()
    moving.observe()
    request, effects = moving.ready(), moving.effects()
    assert denial_of(moving, request.id).code == "WRONG_ENVIRONMENT"
    assert moving.audited(request)[-1] == ("request.start", "denied", "WRONG_ENVIRONMENT")
    assert moving.effects() == effects


def test_expired_phrase(moving: Moving) -> None:
    """A confirmation counts for its time, by the database's clock, to the limit."""
    request, effects = moving.ready(), moving.effects()
    assert request.expires_at is not None
    moving.world.freeze_clock(request.expires_at + timedelta(microseconds=1))
    moving.observe()
    assert denial_of(moving, request.id).code == "REQUEST_EXPIRED"
    assert moving.effects() == effects
    assert moving.read.run(request.id) is None


def test_second_start(moving: Moving) -> None:
    """F04, F08: while it runs, its driver is named; once it is over, its outcome is told and nothing is done."""
    request, effects = moving.ready(), moving.effects()
    ex = moving.execution("first")
    started = start(ex, request.id, "first")
    assert started.lease is not None
    alive = denial_of(moving, request.id)
    assert (alive.code, "first" in alive.sentence) == ("RUN_ALIVE", True)
    assert drive(ex, started.lease, started.taken_at).state == State.SUCCEEDED
    once = moving.effects_since(effects)
    again = moving.run(request)
    assert (again.acted, again.state) == (False, State.SUCCEEDED)
    assert "orders-db is done" in again.text
    assert moving.effects_since(effects) == once
    assert sum(count.get("stop", 0) for count in once.values()) == 1
    assert moving.audited(request)[-1] == ("request.start", "denied", "WRONG_STATE")


def test_resource_busy_in_another_run(moving: Moving) -> None:
    """F10: told by which run; free again once that is over."""
    moving.world.let_rivals()
    first = moving.ready()
    second = moving.ready(RequestType.DRILL)
    ex = moving.execution("first")
    started = start(ex, first.id, "first")
    moving.settled()
    found = denial_of(moving, second.id)
    assert (found.code, f"the run of {first.id}" in found.sentence) == ("RESOURCE_BUSY", True)
    shown = show(moving.world.gate, second.id).against
    assert shown is not None
    assert (shown.code, shown.sentence) == (found.code, found.sentence), "the command and the page say the same"
    assert moving.world.state(second) is State.READY_TO_START
    assert started.lease is not None
    assert drive(ex, started.lease, started.taken_at).state == State.SUCCEEDED
    assert moving.read.busy(["orders-db"]) == {}


def test_a_stranger_starts_nothing(moving: Moving) -> None:
    """Who may not confirm cannot start either: nothing but the confirmation makes a run."""
    request = moving.approved()
    assert refused(confirm, moving.world.gate, moving.world.actor("vera"), request.id, request.phrase) == "ROLE_MISSING"
    assert moving.read.waiting_runs() == []
