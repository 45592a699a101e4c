"""What a host's word about the last start of a primary that was seen down does to the bound of the loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.loss import Certainty, Ended, EndKind, LossProof, outage_of, state, told
from bc_lib.domain.loss.revived import figure, lived_on, read, revised
from bc_lib.domain.loss.values import Basis
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Reach
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import CUT, T0, healthy, pair, resource, standby

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
SEEN = LossProof(
    resource="orders-db",
    source="fra",
    target="ams",
    held_until=AT,
    basis=Basis.COMMIT,
    ended=Ended(kind=EndKind.REFUSED, at=AT + timedelta(seconds=3)),
    ahead_s=1.5,
)


@pytest.mark.parametrize(("written", "lives"), [(0, False), (4.4, False), (4.6, True), (600, True)])
def test_written_after_the_end_by_its_own_clock_means_that_it_lived_on(written: float, lives: bool) -> None:
    """Its clock is at most 1.5 s ahead, and it was seen down 3 s after AT."""
    at = AT + timedelta(seconds=written)
    assert lived_on(SEEN, at) is lives
    found = state(revised(SEEN, at))
    if lives:
        assert found.certainty is Certainty.UNPROVEN
        assert "fra was started again after it had been seen down at 2026-11-24 05:00:03.000 UTC" in found.sentence
        assert found.gap == ""
    else:
        assert found.sentence == state(SEEN).sentence, "what a host confirms changes no word of the sentence"
        assert found.gap == "fra was not started again after that, by the word of its host."


@pytest.mark.parametrize("unknown", [{"ahead_s": None}, {"ended": None}])
def test_without_a_measured_clock_or_an_end_it_is_not_known(unknown: dict[str, None]) -> None:
    proof = replace(SEEN, **unknown)  # type: ignore[arg-type]
    assert lived_on(proof, AT) is None
    assert revised(proof, AT) == proof
    assert lived_on(SEEN, None) is None


def test_where_nobody_asked_its_host_that_is_said_beside_the_sentence() -> None:
    (line,) = told([state(SEEN)], [])
    assert line.startswith("At most 3 s of what fra acknowledged can be missing at ams")
    assert line.endswith(
        "Whether fra was up again between two looks after that is not known; what it acknowledged then is not counted."
    )
    stopped = replace(SEEN, ended=Ended(kind=EndKind.STOPPED, at=AT))
    assert state(stopped).gap == ""


@given(st.timedeltas(timedelta(), timedelta(days=9000)))
def test_the_figure_of_the_check_is_read_back_to_the_millisecond(after: timedelta) -> None:
    at = AT + after
    assert read(figure(at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert read("ready") is None


def test_the_outage_is_counted_from_the_last_write_and_says_how_exact_that_is() -> None:
    found = outage_of([SEEN])
    assert found is not None
    assert found.began_at == AT
    assert found.sentence == (
        "The outage is counted from the last write known to be acknowledged, at 2026-11-24 05:00:00.000 UTC; fra was "
        "first seen refusing connections at 05:00:03.000 UTC, so it may be up to 3 s shorter."
    )
    looked = outage_of([replace(SEEN, alive_at=AT + timedelta(seconds=2))])
    assert looked is not None
    assert "from the last look that saw fra take writes, at 2026-11-24 05:00:02.000 UTC" in looked.sentence
    unknown = outage_of([replace(SEEN, held_until=None)])
    assert unknown is not None
    assert unknown.sentence == (
        "When clients could write last is not known: the outage began before 2026-11-24 05:00:03.000 UTC, so it is "
        "longer than counted here."
    )
    assert outage_of([replace(SEEN, ended=None)]) is None
    assert outage_of([]) is None


@pytest.mark.parametrize(
    ("received", "replayed", "moved"),
    [(5000, 5000, False), (6000, 6000, True), (5000, 6000, False)],  # the last: applied from an archive
)
def test_what_arrives_after_the_end_is_a_sign_of_life(received: int, replayed: int, moved: bool) -> None:
    res, memory = resource(heartbeat=None), Memory()
    _, memory = assess(res, healthy(T0), memory)
    ends = []
    for seconds, (got, has) in ((15, (5000, 5000)), (30, (received, replayed)), (45, (received, replayed))):
        at = T0 + timedelta(seconds=seconds)
        found, memory = assess(res, pair(at, Reach.REFUSED, standby(at, got, has, upstream=CUT)), memory)
        assert found.loss is not None
        assert found.loss.ended is not None
        ends.append((found.loss.ended.at - T0).total_seconds())
    assert ends == [15, 30 if moved else 15, 30 if moved else 15]
