"""The thinnest way through: asked for, approved by two persons, confirmed; the requester's own approval is refused."""

from __future__ import annotations

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import State
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.verify import verify_ready
from tests.fixtures.requests import BUSINESS, IT, World


def test_two_persons_and_the_phrase(world: World) -> None:
    """FR-030, FR-031, FR-032, TC-003, TC-004, S2: PendingApproval, Approved by two, ReadyToStart by the phrase."""
    request = world.ask("sam")
    assert (request.state, request.phrase) == (State.PENDING_APPROVAL, "FAILOVER orders-db TO ams")
    with pytest.raises(Denial) as refused:
        approve(world.gate, world.actor("sam"), request.id, IT)
    assert refused.value.code == "REQUESTER_EXCLUDED"
    assert approve(world.gate, world.actor("ian"), request.id, IT).state is State.PENDING_APPROVAL
    request = approve(world.gate, world.actor("bea"), request.id, BUSINESS)
    assert request.state is State.APPROVED
    with pytest.raises(Denial, match="FAILOVER orders-db TO ams"):
        confirm(world.gate, world.actor("olga"), request.id, "failover orders-db to ams")
    request = confirm(world.gate, world.actor("olga"), request.id, " FAILOVER orders-db TO ams\n")
    assert request.state is State.READY_TO_START
    assert (request.confirmed_by, request.version) == ("Olga", 3)
    assert verify_ready(world.runner, request.id).id == request.id
    assert world.audit.verbs() == [
        ("completed", "request.create", None),
        ("denied", "request.approve", "REQUESTER_EXCLUDED"),
        ("completed", "request.approve", None),
        ("completed", "request.approve", None),
        ("denied", "request.confirm", "PHRASE_WRONG"),
        ("completed", "request.confirm", None),
    ]
    assert world.outbox() == [f"request/{request.id}/1/created", f"request/{request.id}/2/approved"]
    assert [each.event for each in world.gate.store.read.history(request.id)] == [
        "draft",
        "submit",
        "approve",
        "confirm",
    ]
