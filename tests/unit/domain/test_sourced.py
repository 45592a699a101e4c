"""A fact is used only for whom, and from when, it was told (decision 22)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bc_lib.domain.sourced import Sourced
from tests.unit.domain.rounds import T0

EARLIER, LATER = T0 - timedelta(seconds=1), T0 + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("about", "since", "asked", "counts"),
    [
        ("ams", T0, None, True),
        ("ams", T0, T0, True),
        ("ams", T0, LATER, True),
        ("ams", T0, EARLIER, False),
        ("ams", None, None, True),
        ("ams", None, LATER, False),
        ("lon", T0, LATER, False),
        (None, T0, LATER, False),
        (None, None, None, False),
    ],
)
def test_counts_for_whom_and_from_when(about, since, asked, counts) -> None:
    told = Sourced(value=5.0, source="fra", about=about, since=since)
    assert told.counts(about="ams", since=asked) is counts
