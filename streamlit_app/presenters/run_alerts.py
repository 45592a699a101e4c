"""The trouble that a run brings about itself, tied to it: told here, and not sent as trouble while the run lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.ports.reading import StatusChange
from streamlit_app.presenters.marks import STATUS, Mark
from streamlit_app.presenters.words import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """A resource became this, by the run's doing."""

    at: str
    resource: str
    mark: Mark
    text: str


def alert_lines(changes: Sequence[StatusChange], now: datetime) -> tuple[AlertLine, ...]:
    """In words, in the given order."""
    return tuple(
        AlertLine(at=moment(each.at, now), resource=each.resource, mark=STATUS[each.after], text=each.text)
        for each in changes
    )
