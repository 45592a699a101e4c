"""Approvals that become void again and again: one notice a state, then one for all the rest; none is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.telling import STILL_TOLD, TOGETHER, Voided, due_together, told_at_once, windows

T0 = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)


def voided(seconds: float, was: State = State.PENDING_APPROVAL, why: str = "the lag grew") -> Voided:
    return Voided(T0 + timedelta(seconds=seconds), was, why)


def test_four_in_fifty_seconds_are_two_notices() -> None:
    """What was approved is told at once, and so is the first one after that; the others together, each reason once."""
    happened = [voided(0, State.APPROVED), voided(12), voided(30, why="it would move back"), voided(50)]
    assert [told_at_once(happened[: number + 1]) for number in range(4)] == [True, True, False, False]
    first, second = windows(happened)
    assert (first.more, len(second.more)) == ((), 2)
    assert second.text == (
        "2 more times (2026-11-29 06:00:30 UTC to 2026-11-29 06:00:50 UTC), because it would move back; the lag grew"
    )
    assert due_together(happened, second.due - timedelta(seconds=1)) == []
    assert due_together(happened, second.due) == [second]
    assert due_together(happened, second.due + STILL_TOLD) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 1800), st.sampled_from([State.PENDING_APPROVAL, State.APPROVED, State.READY_TO_START])),
        min_size=1,
        max_size=40,
    )
)
def test_every_one_is_told_once_and_soon(raw: list[tuple[float, State]]) -> None:
    """By itself or together with others, at most TOGETHER late; and a state is told of at most once in that time."""
    happened = sorted((voided(at, was, str(number)) for number, (at, was) in enumerate(raw)), key=lambda each: each.at)
    found = windows(happened)
    assert sorted(each.why for window in found for each in (window.first, *window.more)) == sorted(
        each.why for each in happened
    )
    late = [window.due - each.at for window in found for each in window.more]
    assert all(timedelta(0) <= each <= TOGETHER for each in late)
    alone = [happened[number] for number in range(len(happened)) if told_at_once(happened[: number + 1])]
    assert alone == [window.first for window in found]
    for state in {each.was for each in happened}:
        times = [each.at for each in alone if each.was is state]
        assert times
        assert all(after - before >= TOGETHER for before, after in zip(times, times[1:], strict=False))
