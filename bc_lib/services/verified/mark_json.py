"""A mark as JSON values, for `bcctl status --json`."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.verified.values import Mark


def mark_json(mark: Mark) -> dict[str, Any]:
    """`holds` is the only field that says that one may rely on it."""
    return {
        "state": mark.state.value,
        "holds": mark.holds,
        "overdue": mark.overdue,
        "period_s": mark.period_s,
        "last_live_drill": mark.drill,
        "age_s": None if mark.age_s is None else round(mark.age_s, 1),
        "sentence": mark.sentence,
        "changes": list(mark.changes),
    }
