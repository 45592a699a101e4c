"""Marks of an axis of time, the same on paper and on a page."""

from __future__ import annotations

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 604800)


def marks(end: float, most: int = 6) -> list[tuple[float, str]]:
    """Second and text of each mark from 0 to `end` seconds, at most `most` beside the first."""
    step = next((step for step in STEPS if end / step <= most), end)
    return [(step * n, seconds(step * n)) for n in range(int(end / step) + 1)]


def seconds(value: float) -> str:
    """One mark: "90 s", "5 min", "2 h"."""
    if value >= 7200 and value % 3600 == 0:
        return f"{value / 3600:g} h"
    return f"{value / 60:g} min" if value >= 120 and value % 60 == 0 else f"{round(value, 1):g} s"
