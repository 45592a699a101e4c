"""What may be said about lost data: never more than the evidence (decision 15, TC-023)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.execution.loss import Certainty, LossStatement, statement

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
PLANNED = {"fence": "proven", "caught_up": "marker", "marker": "0/3000148"}
URGENT = {
    "fence": "proven",
    "caught_up": "received",
    "replayed_lsn": "0/3000000",
    "timeline_before": 1,
    "last_commit_at": AT.isoformat(),
}


def said(moved: dict[str, Any], *, checked: dict[str, Any] | None = None, fenced: float | None = 2.0) -> LossStatement:
    """Of a move that was fenced `fenced` seconds after AT."""
    at = None if fenced is None else AT + timedelta(seconds=fenced)
    return statement("orders-db", old="fra", new="ams", moved=moved, checked=checked or {}, fenced_at=at)


def offset(ahead: float, within: float) -> dict[str, Any]:
    """A check that measured fra's clock."""
    return {"nodes": {"fra": {"clock_ahead_s": ahead, "clock_within_s": within}}}


def test_stop_first_is_proven() -> None:
    found = said(PLANNED)
    assert found.certainty is Certainty.PROVEN
    assert "Nothing that fra acknowledged is missing" in found.sentence


def test_without_all_of_the_evidence_nothing_is_proven() -> None:
    for name in PLANNED:
        less = {key: value for key, value in PLANNED.items() if key != name}
        assert said(less).certainty is Certainty.UNPROVEN
    assert said({**PLANNED, "caught_up": "received"}).certainty is not Certainty.PROVEN
    assert said({**PLANNED, "replayed_lsn": "0/3000148"}).certainty is not Certainty.PROVEN  # not past it
    assert said({**PLANNED, "replayed_lsn": "0/30001C0"}).certainty is Certainty.PROVEN
    assert said({**PLANNED, "marker": "nonsense"}).certainty is Certainty.UNPROVEN


def test_a_window_with_a_measured_clock() -> None:
    """2 s by our clock; fra's is 1 s ahead, known to 0.25 s: its commit may be 1.25 s older by ours."""
    found = said(URGENT, checked=offset(1.0, 0.25))
    assert (found.certainty, found.seconds) == (Certainty.BOUNDED, 3.25)
    assert "a window of at most 3.3 s" in found.sentence
    assert "05:00:00.000 UTC" in found.sentence


def test_a_window_without_a_measured_clock_has_no_length() -> None:
    found = said(URGENT)
    assert (found.certainty, found.seconds) == (Certainty.BOUNDED, None)
    assert "cannot be said" in found.sentence


def test_an_open_fence_leaves_the_window_open() -> None:
    found = said({**URGENT, "fence": "owed"})
    assert found.certainty is Certainty.UNPROVEN
    assert "stays open" in found.sentence
    assert said(URGENT, fenced=None).certainty is Certainty.UNPROVEN
    assert said({**URGENT, "last_commit_at": None}).certainty is Certainty.UNPROVEN


def test_log_that_is_certainly_missing_is_said() -> None:
    seen = {"lsn": "0/3000400", "timeline": 1}
    found = said({**URGENT, "old_last_seen": seen})
    assert found.least_bytes == 1024
    assert "At least 1.0 kB of its log is missing." in found.sentence
    assert said({**URGENT, "old_last_seen": {**seen, "timeline": 2}}).least_bytes is None
    assert said({**URGENT, "old_last_seen": {"lsn": "0/2000000", "timeline": 1}}).least_bytes == 0


seconds = st.floats(0, 100, allow_nan=False)


@given(
    commits=st.lists(seconds, min_size=1, max_size=30),
    kept=st.integers(1, 30),
    ahead=st.floats(-5, 5),
    error=st.floats(-1, 1),
    within=st.floats(0, 1),
)
def test_every_lost_commit_lies_in_the_window(
    commits: list[float], kept: int, ahead: float, error: float, within: float
) -> None:
    """Truth against statement: fra commits by its own clock, `kept` of them arrived, it is fenced after the last.

    `error`: the true offset differs from the measured one by no more than what was said to be known.
    """
    ours = sorted(commits)
    true_ahead = ahead + max(-within, min(within, error))
    theirs = [AT + timedelta(seconds=each + true_ahead) for each in ours]
    kept = min(kept, len(ours))
    fenced = ours[-1] + 0.001
    found = said(
        {**URGENT, "last_commit_at": theirs[kept - 1].isoformat()}, checked=offset(ahead, within), fenced=fenced
    )
    assert found.certainty is not Certainty.PROVEN
    assert found.after is not None
    assert found.until is not None
    assert found.seconds is not None
    for place in range(kept, len(ours)):
        assert theirs[place] >= found.after
        assert AT + timedelta(seconds=ours[place]) <= found.until
        assert fenced - ours[place] <= found.seconds + 1e-3
