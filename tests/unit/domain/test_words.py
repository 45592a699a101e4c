"""Durations and sizes as people say them; positions as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.lsn import behind, furthest, position
from bc_lib.domain.words import duration, size


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "under 0.1 s"),
        (0.4, "0.4 s"),
        (5.0, "5 s"),
        (42.0, "42 s"),
        (59.2, "1 min"),
        (60.0, "1 min"),
        (125.0, "2 min 5 s"),
        (3600.0, "1 h"),
        (11_400.0, "3 h 10 min"),
        (187_200.0, "2 d 4 h"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (812, "812 B"), (2001, "2.0 kB"), (12_288, "12 kB"), (1 << 30, "1.0 GB"), (1 << 42, "4096 GB")],
)
def test_size(count: int, said: str) -> None:
    assert size(count) == said


def test_positions() -> None:
    assert position("16/B374D848") == 0x16B374D848
    assert [position(text) for text in ("", "x", "1/", "1/123456789", "١/1", None)] == [None] * 6
    assert behind("0/10", "0/8") == 8
    assert behind("0/8", "0/10") == 0
    assert behind("0/8", None) is None
    assert furthest("0/8", None, "1/0") == "1/0"
    assert furthest(None) is None


@given(st.text())
def test_any_text_is_a_position_or_not(text: str) -> None:
    assert position(text) is None or position(text) >= 0
