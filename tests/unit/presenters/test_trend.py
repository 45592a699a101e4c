"""The trend keeps peaks, leaves gaps open and says the same in words (TC-022)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import Bucket, Metric
from bc_lib.testing.fake_estate import INVENTORY
from bc_lib.testing.fake_history import day
from streamlit_app.components.chart import DARK, LIGHT, figure
from streamlit_app.presenters.trend import HOURS, trend

END = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
START = END - timedelta(hours=HOURS)
RESOURCE = INVENTORY.resource_map()["billing-db"]
LAG = Metric.LAG_REPLAYED_S


def bucket(minute: float, high: float | None, width_s: int = 60) -> Bucket:
    low = None if high is None else high / 2
    return Bucket(
        start=START + timedelta(minutes=minute), width_s=width_s, low=low, high=high, count=4, worst=Status.GREEN
    )


def test_a_gap_of_up_to_two_intervals_is_drawn_through_and_a_longer_one_stays_open() -> None:
    assert len(trend(RESOURCE, LAG, [bucket(0, 1), bucket(1.5, 1)], END).stretches) == 1  # 30 s = 2 intervals
    assert len(trend(RESOURCE, LAG, [bucket(0, 1), bucket(1.51, 1)], END).stretches) == 2


def test_what_was_seen_but_not_known_is_a_gap_and_no_zero() -> None:
    made = trend(RESOURCE, LAG, [bucket(0, 1), bucket(1, None), bucket(2, 1)], END)
    assert [len(stretch) for stretch in made.stretches] == [1, 1]


def test_breaches_are_bands_neighbours_are_one_and_the_target_itself_is_kept() -> None:
    values = [5, 31, 40, 30, 31]
    made = trend(RESOURCE, LAG, [bucket(n, value) for n, value in enumerate(values)], END)
    minutes = [((a - START).seconds // 60, (b - START).seconds // 60) for a, b in made.bands]
    assert minutes == [(1, 3), (4, 5)]
    assert "over the RPO 30 s target 2 times, 3 min in all" in made.alt


def test_the_peak_stays() -> None:
    buckets = day("billing-db", LAG, START, END)
    made = trend(RESOURCE, LAG, buckets, END)
    assert made.peak == max(b.high for b in buckets if b.high is not None)
    drawn = [value for trace in figure(made, LIGHT, log=False).data if trace.fill == "tonexty" for value in trace.y]
    assert max(drawn) == made.peak


def test_both_axes_carry_the_labelled_target_and_the_log_axis_has_no_zero() -> None:
    made = trend(RESOURCE, LAG, [bucket(0, 0.0), bucket(1, 50.0)], END)
    for log in (False, True):
        shown = figure(made, DARK, log=log)
        assert "RPO 30 s" in [trace.text[0] for trace in shown.data if trace.text]
        assert shown.layout.yaxis.type == ("log" if log else None)
        if log:
            assert all(value > 0 for trace in shown.data for value in trace.y)


def test_without_a_target_there_is_no_band_unless_a_critical_limit_is_set() -> None:
    buckets = [bucket(0, 500)]
    bare = replace(RESOURCE, rpo_s=None, thresholds=replace(RESOURCE.thresholds, lag_critical_s=None))
    assert trend(bare, LAG, buckets, END).bands == ()
    assert len(trend(replace(RESOURCE, rpo_s=None), LAG, buckets, END).bands) == 1


def test_nothing_recorded_is_said() -> None:
    assert "nothing recorded" in trend(RESOURCE, LAG, [], END).alt
