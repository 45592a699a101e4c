"""Words for numbers and times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streamlit_app.presenters import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "not known"), (0, "0 s"), (0.4, "0.4 s"), (47, "47 s"), (125, "2 min 5 s"), (3900, "1 h 5 min")],
)
def test_durations(seconds: float | None, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, "never"), (0.2, "just now"), (6.4, "6 s ago"), (-30, "30 s in the future")]
)
def test_ages(seconds: float | None, said: str) -> None:
    assert words.age(seconds) == said


def test_none_is_never_zero() -> None:
    assert words.size(None) == words.latency(None) == words.moment(None) == words.UNKNOWN
    assert words.size(0) == "0 B"


def test_a_moment_carries_its_zone_and_its_date_unless_today() -> None:
    now = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert words.moment(now.replace(hour=4), now) == "04:00:00 UTC"
    assert words.moment(now.replace(day=22), now) == "2026-11-22 05:00:00 UTC"


def test_lists() -> None:
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
