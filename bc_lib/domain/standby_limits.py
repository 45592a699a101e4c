"""Whether a standby's limits are as high as its primary's: one rule for the watch and for the check before a move.

PostgreSQL pauses replay by itself when it reaches a change that raised one of these at the primary above the
standby's own value. `pg_wal_replay_resume()` then ends the server, a promotion waits for ever, and only a higher value
and a restart help. From outside such a pause looks like one that a person asked for; the limits tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.lsn import behind
from bc_lib.domain.observation import NodeFacts

LIMITS = (
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "max_prepared_transactions",
    "max_locks_per_transaction",
)
"""PostgreSQL wants these at a standby to be at least as high as at its primary."""

CONTROL_LABELS = {
    "max_connections": "max_connections setting",
    "max_worker_processes": "max_worker_processes setting",
    "max_wal_senders": "max_wal_senders setting",
    "max_prepared_transactions": "max_prepared_xacts setting",
    "max_locks_per_transaction": "max_locks_per_xact setting",
}
"""What pg_controldata calls them. At a standby they are its primary's, as far as that was replayed."""


class Fit(StrEnum):
    """What the limits of a standby mean for its replay."""

    ENOUGH = "enough"  # none is lower; a pause is somebody's wish
    PAUSED = "paused"  # one is lower and replay is paused: it cannot be promoted, and resuming ends it
    AHEAD = "ahead"  # one is lower; WAL that is received or on its way may hold the change that pauses it
    LOWER = "lower"  # one is lower; everything received is replayed and nothing more arrives
    UNKNOWN = "unknown"  # a limit of either side is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A limit that is lower than needed."""

    setting: str
    has: int
    needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandbyLimits:
    """The judgement. `hidden`: limits of which one side is not known."""

    fit: Fit
    short: tuple[Shortfall, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def may_resume(self) -> bool:
        """Whether resuming a paused replay cannot end the server."""
        return self.fit is Fit.ENOUGH

    def remedy(self, place: str) -> str:
        """`raise max_worker_processes to 16 at ams and restart it`; empty where nothing is lower."""
        wanted = " and ".join(f"{each.setting} to {each.needs}" for each in self.short)
        return f"raise {wanted} at {place} and restart it" if wanted else ""

    def figures(self) -> str:
        """`max_worker_processes 8, needs 16`."""
        return ", ".join(f"{each.setting} {each.has}, needs {each.needs}" for each in self.short)


def limits_of(facts: NodeFacts) -> dict[str, str]:
    """The limits of a server, of those that could be read."""
    return {name: facts.settings[name] for name in LIMITS if _number(facts.settings.get(name)) is not None}


def of_control(lines: Mapping[str, str]) -> dict[str, str]:
    """The limits in what pg_controldata printed, by setting."""
    return {name: lines[label] for name, label in CONTROL_LABELS.items() if _number(lines.get(label)) is not None}


def highest(*limits: Mapping[str, str]) -> dict[str, str]:
    """Of each limit the highest value."""
    found: dict[str, int] = {}
    for values in limits:
        for name, text in values.items():
            value = _number(text)
            if name in LIMITS and value is not None:
                found[name] = max(value, found.get(name, value))
    return {name: str(value) for name, value in found.items()}


def judge_limits(standby: NodeFacts, needed: Mapping[str, str]) -> StandbyLimits:
    """`needed`: the limits of the primary whose WAL this standby replays, as last known; empty: never known."""
    pairs = {name: (_number(standby.settings.get(name)), _number(needed.get(name))) for name in LIMITS}
    short = tuple(
        Shortfall(setting=name, has=has, needs=needs)
        for name, (has, needs) in pairs.items()
        if has is not None and needs is not None and has < needs
    )
    hidden = tuple(name for name, pair in pairs.items() if None in pair)
    return StandbyLimits(fit=_fit(standby, bool(short), bool(hidden)), short=short, hidden=hidden)


def _fit(standby: NodeFacts, short: bool, hidden: bool) -> Fit:
    if not short:
        return Fit.UNKNOWN if hidden else Fit.ENOUGH
    if standby.replay_paused:
        return Fit.PAUSED
    arrives = standby.upstream is None or standby.upstream.status is not None
    waits = behind(standby.received_lsn, standby.replayed_lsn) != 0
    return Fit.AHEAD if arrives or waits or standby.replay_paused is None else Fit.LOWER


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) <= 18 else None
