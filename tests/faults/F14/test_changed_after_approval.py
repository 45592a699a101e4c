"""F14: plan or topology changed after approval: approvals are void, or it makes no sense any more; nothing is touched."""

from __future__ import annotations

from dataclasses import replace

from bc_lib.domain.requests.states import State
from tests.fixtures.moving import Moving
from tests.fixtures.requests import TITLES, refused


def test_execution_changed(moving: Moving) -> None:
    """Somebody changes how it would be acted on: the difference is shown, both must agree again."""
    request, effects = moving.ready(), moving.effects()
    endpoints = moving.resources()[0].endpoints
    moving.changes["orders-db"] = {"endpoints": (endpoints[0], replace(endpoints[1], secret="env:EXECUTION"))}
    moving.apply()
    assert refused(moving.run, request) == "PLAN_CHANGED"
    assert moving.world.state(request) is State.PENDING_APPROVAL
    plan = moving.read.plan(request.id)
    assert (plan.revision, "the endpoints of orders-db changed" in str(plan.because)) == (2, True)
    kind, text = moving.messages(request)[-1]
    assert (kind, "the endpoints of orders-db changed" in text) == ("approvals void", True)
    assert refused(moving.run, request) == "WRONG_STATE"
    assert moving.effects() == effects
    assert moving.read.run(request.id) is None


def test_moved_meanwhile_by_another_request(moving: Moving) -> None:
    """The same wish twice: the second start finds that it is there already."""
    moving.world.let_rivals()
    first, second = moving.ready(), moving.ready()
    assert moving.run(first).state == State.SUCCEEDED
    moving.settled()
    effects = moving.effects()
    assert refused(moving.run, second) == "ALREADY_THERE"
    assert moving.audited(second)[-1] == ("request.start", "denied", "ALREADY_THERE")
    assert moving.effects() == effects


def test_primary_changed_behind_our_back(moving: Moving) -> None:
    """Not seen by the monitor yet: the start looks for itself."""
    request, pair, site, other = moving.ready(), moving.pair, moving.site, moving.other
    pair.hosts[site].node.stop("fast")
    pair.sql(other, "SELECT pg_promote(true)")
    report = moving.run(request)
    assert report.state == State.FAILED
    assert f"The primary is {TITLES[other]}, not {TITLES[site]} as planned." in report.text
    assert pair.roles() == {site: "down", other: "primary"}
