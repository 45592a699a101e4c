"""F19: production and anything else never share a plan or an endpoint, at the submission and at the start."""

from __future__ import annotations

from dataclasses import replace

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Environment, Group, Member
from bc_lib.domain.requests.states import RequestType, State
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused


def test_drill_that_names_a_production_endpoint(moving: Moving) -> None:
    """The same server stands in the inventory as production too: neither a rehearsal nor a live drill is planned."""
    approved, effects = moving.ready(RequestType.DRILL, drill=DrillKind.LIVE), moving.effects()
    mine = moving.resources()[0]
    production = replace(mine, name="orders-prod", environment=Environment.PROD, execution=None)
    moving.world.apply(mine, production)
    for kind in (DrillKind.LIVE, DrillKind.REHEARSAL):
        assert refused(moving.asked, RequestType.DRILL, drill=kind) == "WRONG_ENVIRONMENT"
    assert refused(moving.run, approved) == "WRONG_ENVIRONMENT"
    assert moving.audited(approved)[-1] == ("request.start", "denied", "WRONG_ENVIRONMENT")
    assert moving.world.state(approved) is State.READY_TO_START
    assert moving.effects() == effects


def test_group_of_both_kinds(moving: Moving) -> None:
    """A group whose members became of both kinds."""
    mine = moving.resources()[0]
    other = replace(mine, name="billing-db", environment=Environment.PROD, execution=None)
    ends = tuple(replace(end, port=(end.port or 0) + 1) for end in other.endpoints)
    moving.world.apply(mine, replace(other, endpoints=ends), groups=(_group(),))
    assert refused(moving.asked, RequestType.DRILL, scope="payments") == "WRONG_ENVIRONMENT"


def _group() -> Group:
    members = (Member(resource="orders-db"), Member(resource="billing-db", after=("orders-db",)))
    return Group(name="payments", tier=1, owner="Payments", members=members)
