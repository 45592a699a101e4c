"""A server that is not ours at a known address is told as that, and what it says counts for nothing."""

from __future__ import annotations

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.observation import Reach
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import CUT, STEP, codes, pair, primary, remembered, resource, standby


@pytest.mark.parametrize("site", ["fra", "ams"])
def test_another_cluster_at_a_known_address_stays_another_server(site: str) -> None:
    """Not two primaries, nobody moved anything, and it does not become ours by staying."""
    memory, at = remembered()
    for _ in range(3):
        stranger = primary(at, system_identifier="999", downstreams=())
        there = (stranger, standby(at, upstream=CUT)) if site == "fra" else (primary(at, downstreams=()), stranger)
        found, memory = assess(resource(), pair(at, *there), memory)
        assert "ANOTHER_SERVER" in codes(found)
        assert not {"TWO_PRIMARIES", "UNREQUESTED_MOVE", "DIFFERENT_SYSTEM", "CREDENTIAL_UNAVAILABLE"} & codes(found)
        assert found.status is Status.RED
        assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.NO, Answer.NO)
        assert found.active_site == ("fra" if site == "ams" else None)
        known = memory.node(site)
        assert known is not None
        assert known.system_identifier == "7"
        at += STEP


def test_a_pair_that_was_built_anew_is_ours() -> None:
    memory, at = remembered()
    new = {"system_identifier": "999"}
    found, memory = assess(resource(), pair(at, primary(at, **new), standby(at, **new)), memory)
    assert "ANOTHER_SERVER" not in codes(found)
    known = memory.node("fra")
    assert known is not None
    assert known.system_identifier == "999"


def test_a_hidden_identifier_makes_nobody_a_stranger() -> None:
    memory, at = remembered()
    found, _ = assess(resource(), pair(at, primary(at, system_identifier=None), standby(at)), memory)
    assert "ANOTHER_SERVER" not in codes(found)


def test_a_refused_password_names_both_causes() -> None:
    memory, at = remembered()
    found, _ = assess(resource(), pair(at, Reach.CREDENTIAL, standby(at)), memory)
    assert "CREDENTIAL_UNAVAILABLE" in codes(found)
