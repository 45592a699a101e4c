"""What people attest of a manual step: done, not done, or done with the marker that they read at the target."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bc_lib.domain.execution.actions import Action

DONE, NOT_DONE = "done", "not-done"
MARKER_FORM = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}\Z", re.ASCII)
# Facts of a step that people did; the mechanism reads them.
BY, MARKER, WAIVED = "attested_by", "marker", "waived"
# A person acts there, and a mechanism can see whether it is so.
BY_HAND = frozenset({Action.STOP, Action.REJOIN})


@dataclass(frozen=True, slots=True)
class Attested:
    """`marker`: the shutdown checkpoint of a stopped server, as pg_controldata prints it; None: not given."""

    done: bool
    marker: str | None = None


def attested(value: str, action: str) -> Attested | None:
    """What the value of an attestation says about a step of that action; None: nothing that is known."""
    if value in {DONE, NOT_DONE}:
        return Attested(value == DONE)
    said, _, marker = value.partition("@")
    fits = said == DONE and takes_marker(action) and MARKER_FORM.match(marker)
    return Attested(True, marker) if fits else None


def takes_marker(action: str) -> bool:
    """Whether a step of that action is attested with the position at which its server stopped."""
    return action == Action.STOP


def done_at(marker: str) -> str | None:
    """What to say for `done` with a marker as a person typed it; None: it is no position."""
    read = marker.strip().upper()
    return f"{DONE}@{read}" if MARKER_FORM.match(read) else None
