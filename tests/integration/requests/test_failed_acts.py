"""FR-040: an act that fails for a reason nobody foresaw is audited as failed, and nothing of it is stored."""

from __future__ import annotations

import pytest

from bc_lib.domain.audit import Kind
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import InvalidName
from bc_lib.services.guard import Subject, acting
from tests.fixtures.requests import World


def test_a_failed_act_is_audited_and_raised_as_it_was(world: World) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        acting(world.gate, world.actor("olga"), Verb.CREATE, Subject(system="orders-db")) as act,
    ):
        act.record("request.create", "stored too early")
        raise ZeroDivisionError
    told = [(entry.kind, entry.verb, entry.reason_code, entry.system) for entry in world.audit.entries]
    assert told == [(Kind.FAILED, "request.create", "ZeroDivisionError", "orders-db")]


def test_a_slip_of_the_pen_is_not_an_act(world: World) -> None:
    with pytest.raises(InvalidName), acting(world.gate, world.actor("olga"), Verb.CREATE, Subject()):
        raise InvalidName("not a name")
    assert world.audit.entries == []
