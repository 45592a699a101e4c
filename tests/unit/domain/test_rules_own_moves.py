"""A move of our own journal is no surprise to the rules (decision 19)."""

from __future__ import annotations

from datetime import timedelta

from bc_lib.domain.memory import OwnMove
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import STEP, pair, primary, remembered, resource, standby


def test_a_move_of_our_own_journal_is_no_surprise() -> None:
    """Decision 19: a journal entry explains a change of the nodes it names, while it lasts, and of no others."""
    memory, at = remembered()
    before = at - STEP
    swapped = pair(at, standby(at, timeline=2), primary(at, timeline=2))

    def surprised(*moves: OwnMove) -> bool:
        return "UNREQUESTED_MOVE" in {reason.code for reason in assess(resource(), swapped, memory, moves)[0].reasons}

    both, soon = ("ams", "fra"), timedelta(seconds=5)
    assert not surprised(OwnMove(began_at=before + soon, ended_at=before + 2 * soon, nodes=both))
    assert not surprised(OwnMove(began_at=before + soon, ended_at=None, nodes=both)), "it still lasts"
    assert surprised(OwnMove(began_at=before - 2 * soon, ended_at=before - soon, nodes=both)), "it was over before"
    assert surprised(OwnMove(began_at=at + soon, ended_at=None, nodes=both)), "it began after"
    assert surprised(OwnMove(began_at=before + soon, ended_at=None, nodes=("ams",))), "fra is not explained"
