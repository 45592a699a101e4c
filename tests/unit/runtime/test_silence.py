"""When a process that is alive counts as hung: the arithmetic of silence, and Airflow's own word about its parts."""

from __future__ import annotations

import json

import pytest

from bc_lib.runtime.probes import part_alive
from bc_lib.runtime.unit import Silence


def silent(*looks: tuple[float, bool | None]) -> float:
    """Seconds of silence after these looks, one planned every 10 s."""
    silence = Silence()
    found = [silence.after(alive, now, 10.0) for now, alive in looks]
    return found[-1]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0, True), (10, True)], 0),
        ([(0, False)], 0),
        ([(0, False), (10, False), (20, False)], 20),
        ([(0, False), (10, False), (20, True), (30, False), (40, False)], 10),
        # What nobody knows is no evidence of a hang.
        ([(0, False), (10, False), (20, None)], 0),
        ([(0, False), (10, None), (20, False)], 0),
        # The supervisor itself stood still for an hour: that says nothing about the other one.
        ([(0, False), (3600, False)], 20),
    ],
)
def test_silence(looks: list[tuple[float, bool | None]], expected: float) -> None:
    assert silent(*looks) == expected


def page(scheduler: object, database: object = "healthy") -> bytes:
    return json.dumps({"metadatabase": {"status": database}, "scheduler": {"status": scheduler}}).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (page("healthy"), True),
        (page("unhealthy"), False),
        (page(None), None),
        (page("unhealthy", "unhealthy"), None),
        (page("healthy", "unhealthy"), None),
        (b"{}", None),
        (b"<html>", None),
        (b"[]", None),
    ],
)
def test_airflows_word(body: bytes, expected: bool | None) -> None:
    """A database that is away makes every part look unhealthy; nobody is killed for that."""
    assert part_alive(body, "scheduler") is expected
