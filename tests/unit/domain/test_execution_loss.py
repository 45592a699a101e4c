"""What may be said about lost data: never more than the evidence (decision 15, TC-023)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.execution.loss import fence, proof
from bc_lib.domain.loss import Certainty, Ended, EndKind, FenceKind, LossProof, LossStatement, state, writers_sentence

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
PLANNED = {"fence": "proven", "caught_up": "marker", "marker": "0/3000148"}
URGENT = {
    "fence": "proven",
    "caught_up": "received",
    "replayed_lsn": "0/3000000",
    "timeline_before": 1,
    "last_commit_at": AT.isoformat(),
}


def said(
    moved: dict[str, Any],
    *,
    checked: dict[str, Any] | None = None,
    fenced: float | None = 2.0,
    before: LossProof | None = None,
) -> LossStatement:
    """Of a move that was fenced `fenced` seconds after AT."""
    at = None if fenced is None else AT + timedelta(seconds=fenced)
    return state(
        proof("orders-db", old="fra", new="ams", moved=moved, checked=checked or {}, fenced_at=at, before=before)
    )


def watched(*, held: float, end: float, kind: EndKind = EndKind.REFUSED) -> LossProof:
    """What the monitor knew at the start, in seconds after AT."""
    return LossProof(
        resource="orders-db",
        source="fra",
        target="ams",
        held_until=AT + timedelta(seconds=held),
        ended=Ended(kind=kind, at=AT + timedelta(seconds=end)),
    )


DOWN = {"nodes": {"fra": {"reach": "refused", "running": False}}}


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
    assert "At most 3.3 s of what fra acknowledged can be missing at ams" in found.sentence
    assert "04:59:58.750 UTC is there" in found.sentence, "by our clock, where both ends stand"


def test_a_window_without_a_measured_clock_has_no_length() -> None:
    found = said(URGENT)
    assert (found.certainty, found.seconds) == (Certainty.UNPROVEN, None)
    assert "05:00:00.000 UTC by the clock of fra, which was not measured" in found.sentence


def test_an_open_fence_leaves_the_window_open() -> None:
    found = said({**URGENT, "fence": "owed"})
    assert found.certainty is Certainty.UNPROVEN
    assert "stays open" in found.sentence
    assert said(URGENT, fenced=None).certainty is Certainty.UNPROVEN
    assert said({**URGENT, "last_commit_at": None}).certainty is Certainty.UNPROVEN


def test_waiting_for_approvers_is_no_loss() -> None:
    """Refused 2 s after the last commit that arrived, fenced 10 min later, and its host had found it down."""
    found = said(URGENT, checked=DOWN, fenced=602, before=watched(held=0, end=2))
    assert (found.certainty, found.seconds) == (Certainty.BOUNDED, 2.0)
    assert "first seen refusing connections at 05:00:02.000 UTC" in found.sentence
    revived = {"nodes": {"fra": {"reach": "refused", "running": True}}}
    assert said(URGENT, checked=revived, fenced=602, before=watched(held=0, end=2)).seconds == 602
    unseen = watched(held=0, end=2, kind=EndKind.OUT_OF_REACH)
    assert said(URGENT, checked=DOWN, fenced=602, before=unseen).seconds == 602, "it may have gone on until then"


def test_two_writers_are_a_statement_of_their_own() -> None:
    """Without a proven fence the seconds end where the old primary went out of reach; the rest is a risk, in words."""
    unseen = watched(held=0, end=2, kind=EndKind.OUT_OF_REACH)
    found = said({**URGENT, "fence": "owed"}, fenced=None, before=unseen)
    assert (found.certainty, found.seconds) == (Certainty.BOUNDED, 2.0)
    assert "before it was out of reach" in found.sentence
    risk = fence("orders-db", "fra", "Frankfurt", {"fence": "owed"}, None, unseen.ended)
    assert risk.kind is FenceKind.NOT_PROVABLE
    assert "nothing proves that Frankfurt takes no writes since 2026-11-24 05:00:02.000 UTC" in writers_sentence(risk)
    word = fence(
        "orders-db",
        "fra",
        "Frankfurt",
        {"fence": "attested", "fence_sentence": "that fra is off is attested by Otto."},
        None,
        None,
    )
    assert "attested by Otto, which is no proof" in writers_sentence(word)
    proven = fence("orders-db", "fra", "Frankfurt", {"fence": "proven"}, AT, None)
    assert writers_sentence(proven) == "No second writer: Frankfurt is stopped (proven at 2026-11-24 05:00:00.000 UTC)."


def test_what_is_not_replicated_is_excepted_by_name() -> None:
    moved = {**PLANNED, "not_carried": [{"name": "app.cache", "size_bytes": 12 << 20}, {"name": "app.jobs"}]}
    found = said(moved)
    assert (found.certainty, found.seconds) == (Certainty.EXCEPTED, 0.0)
    assert "Nothing of the replicated data" in found.sentence
    assert found.sentence.endswith("Not replicated at all, and so missing there: app.cache (12 MB), app.jobs.")


def test_what_the_monitor_knew_of_other_servers_does_not_count() -> None:
    other = replace(watched(held=1, end=2), target="lon")
    assert said({**URGENT, "last_commit_at": None}, checked=DOWN, fenced=602, before=other).seconds is None
    assert said(URGENT, checked=DOWN, fenced=602, before=watched(held=1, end=2)).seconds == 1.0


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
        assert AT + timedelta(seconds=ours[place]) >= found.after
        assert AT + timedelta(seconds=ours[place]) <= found.until
        assert fenced - ours[place] <= found.seconds + 1e-3
