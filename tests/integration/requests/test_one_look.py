"""A look at everything that waits reads once what all share, so that its cost does not grow with the inventory."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Engine, event

from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.inbox import open_waits
from bc_lib.services.requests.listing import list_requests, standing_against
from tests.fixtures.requests import World, world

__all__ = ["world"]
SHARED = ("FROM bc.endpoint", "FROM bc.current_status", "FROM bc.policy_rule")
A_REQUEST = 12
"""Statements about one request: plan, votes, run, checks, decisions and their keys."""


def test_inventory_rules_and_observations_are_read_once(world: World) -> None:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(" ".join(statement.split()))

    def shared() -> Counter[str]:
        return Counter(part for part in SHARED for each in said if part in each)

    world.ask()
    event.listen(Engine, "before_cursor_execute", note)
    try:
        open_waits(world.gate)
        one = len(said)
        assert shared() == dict.fromkeys(SHARED, 1)
        world.approved(scope="billing-db", kind=RequestType.FAILOVER)
        world.ask(scope="reports-db")
        said.clear()
        assert len(open_waits(world.gate).items) == 3
        assert shared() == dict.fromkeys(SHARED, 1)
        assert len(said) <= one + 2 * A_REQUEST, f"{len(said)} statements for three, {one} for one"
        said.clear()
        assert len(standing_against(world.gate, list_requests(world.gate).requests)) == 1
        assert shared() == dict.fromkeys(SHARED, 1)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
