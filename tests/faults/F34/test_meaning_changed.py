"""F34: endpoint, system identifier, tier, TLS or secret reference changed after approval: votes void."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bc_lib.domain.inventory import Resource, Tls
from bc_lib.domain.requests.states import State
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.show import show
from bc_lib.services.requests.verify import verify_ready
from bc_lib.testing.builders import resource
from tests.fixtures.requests import World, refused

BASE = resource("orders-db")
OTHERS = (resource("billing-db"), resource("reports-db", tier=2))


def ends(**change: object) -> Resource:
    """orders-db with every endpoint changed."""
    return replace(BASE, endpoints=tuple(replace(each, **change) for each in BASE.endpoints))  # type: ignore[arg-type]


CHANGES: dict[str, Resource] = {
    "the tier changed from 1 to 2": replace(BASE, tier=2),
    "the endpoints of orders-db changed": ends(host="127.0.0.2"),
    "endpoints of orders-db changed": ends(secret="env:BC_OTHER"),
    "endpoints of orders-db": ends(tls=Tls.VERIFY_CA, ca_file="/etc/ca.pem"),
    "of orders-db changed": ends(database="other"),
}


@pytest.mark.parametrize("words", CHANGES)
def test_inventory(world: World, words: str) -> None:
    """At the confirmation and at the start, with the reason on screen."""
    world.let_rivals()
    approved, ready = world.approved(), world.ready()
    world.apply(CHANGES[words], *OTHERS)
    for call in (
        lambda: confirm(world.gate, world.actor("olga"), approved.id, approved.phrase),
        lambda: verify_ready(world.runner, ready.id),
    ):
        assert refused(call) == "PLAN_CHANGED"
    for request in (approved, ready):
        assert words in (show(world.gate, request.id).plan.because or "")
        assert world.state(request) is State.PENDING_APPROVAL


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [("system_identifier", "7300000000000000001", "7300000000000000009"), ("version", "18.6", "19.1")],
)
def test_what_was_seen(world: World, column: str, old: str, new: str) -> None:
    """Another cluster, or another version, behind the same address."""
    ready: Callable[[], object] = lambda: verify_ready(world.runner, request.id)  # noqa: E731
    request = world.ready()
    world.database.sql(
        "bc_poller",
        "UPDATE bc.current_status SET observation = CAST(replace(CAST(observation AS text), :old, :new) AS jsonb)",
        old=old,
        new=new,
    )
    assert refused(ready) == "PLAN_CHANGED"
    assert f"changed from {old} to {new}" in (show(world.gate, request.id).plan.because or "")
