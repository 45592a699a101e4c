"""Decision 9: a signer that falls silent is told to security, once, and not while it keeps up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.ports.audit import SealState
from bc_lib.services.audit.silence import tell_silence
from tests.fixtures.requests import World, world

__all__ = ["world"]
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def state(unsealed_s: float | None, refused: str | None = None) -> SealState:
    since = None if unsealed_s is None else NOW - timedelta(seconds=unsealed_s)
    return SealState(
        now=NOW, written_to=12, signed_to=10, unsealed_since=since, beat_at=NOW - timedelta(minutes=5), refused=refused
    )


@pytest.mark.parametrize("unsealed_s", [None, 20.0])
def test_nothing_is_told_while_records_are_sealed_in_time(world: World, unsealed_s: float | None) -> None:
    assert tell_silence(world.runner, state(unsealed_s)) == 0
    assert world.outbox() == []


def test_both_security_channels_are_told_once(world: World) -> None:
    first = tell_silence(world.runner, state(120))
    tell_silence(world.runner, state(120))
    keys = world.outbox()
    assert first == len(keys) == 2
    assert len(set(keys)) == 1
    told = world.database.sql("postgres", "SELECT notification->>'body' FROM bc.outbox")[0][0]
    assert "Audit records 11 to 12 have not been sealed for 120 s" in str(told)


def test_a_refusal_with_nothing_unsealed_is_told_once(world: World) -> None:
    """Not again at each look, about every 15 s."""
    first = state(None, refused="some checkpoints were removed")
    assert tell_silence(world.runner, first) == 2
    tell_silence(world.runner, replace(first, now=NOW + timedelta(minutes=1)))
    assert len(world.outbox()) == 2


def test_a_place_that_is_away_is_told_once(world: World) -> None:
    """The log is signed, but not every place has it: as urgent as silence, and no sooner."""
    missed = "syslog+tls://log.example:6514 does not take checkpoints: Connection refused."
    assert tell_silence(world.runner, replace(state(20), missed=missed)) == 0
    assert tell_silence(world.runner, replace(state(120), missed=missed)) == 2
    tell_silence(world.runner, replace(state(120), missed=missed))
    assert len(world.outbox()) == 2
    told = world.database.sql("postgres", "SELECT notification->>'body' FROM bc.outbox")[0][0]
    assert "at every place for 120 s: syslog+tls://log.example:6514" in str(told)


def test_a_refused_seal_is_told_whatever_the_age(world: World) -> None:
    assert tell_silence(world.runner, state(1, refused="record 7 is not what was signed")) == 2
