"""Differences between the sites that would matter after a move; findings with a hint each."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Reason
from bc_lib.domain.rules.scene import Scene, Seen

NOT_LOWER = (
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "max_prepared_transactions",
    "max_locks_per_transaction",
)
"""PostgreSQL wants these at a standby to be at least as high as at its primary."""

SHOWN = 5


def judge(scene: Scene) -> Iterator[Reason]:
    """Each standby against the one primary."""
    if scene.source is None:
        return
    for standby in scene.standbys:
        yield from _versions(scene.source, standby)
        yield from _settings(scene.source, standby)
        yield from _extensions(scene.source, standby)


def _versions(source: Seen, standby: Seen) -> Iterator[Reason]:
    here, there = source.facts, standby.facts
    if here.version and there.version and here.version != there.version:
        yield _finding(
            "PARITY_VERSION",
            standby,
            f"{source.name} runs {_safe(here.version)}, {standby.name} runs {_safe(there.version)}.",
        )
    if here.collation_version and there.collation_version and here.collation_version != there.collation_version:
        yield _finding(
            "PARITY_COLLATION",
            standby,
            f"Collation version {_safe(here.collation_version)} at {source.name}, "
            f"{_safe(there.collation_version)} at {standby.name}: text may sort differently after a move.",
        )


def _settings(source: Seen, standby: Seen) -> Iterator[Reason]:
    here, there = source.facts.settings, standby.facts.settings
    different = sorted(name for name in here.keys() & there.keys() if here[name] != there[name])
    lower = [name for name in different if name in NOT_LOWER and _lower(there[name], here[name])]
    if lower:
        yield _finding(
            "PARITY_LIMITS", standby, f"Lower at the standby than at its primary: {_pairs(lower, here, there)}."
        )
    rest = [name for name in different if name not in lower]
    if rest:
        yield _finding(
            "PARITY_SETTINGS",
            standby,
            f"Settings differ between {source.name} and {standby.name}: {_pairs(rest, here, there)}.",
        )


def _lower(value: str, than: str) -> bool:
    return value.isdecimal() and than.isdecimal() and int(value[:18]) < int(than[:18])


def _pairs(names: list[str], here: dict[str, str], there: dict[str, str]) -> str:
    shown = [f"{_safe(name)} {_safe(here[name])} / {_safe(there[name])}" for name in names[:SHOWN]]
    more = len(names) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _extensions(source: Seen, standby: Seen) -> Iterator[Reason]:
    here, there = source.facts.extensions, standby.facts.extensions
    wrong = sorted(name for name in here if there and here[name] != there.get(name))
    if wrong:
        names = ", ".join(f"{_safe(name)} {_safe(here[name])}" for name in wrong[:SHOWN])
        yield _finding("PARITY_EXTENSIONS", standby, f"Not the same at {standby.name}: {names}.")


def _finding(code: str, standby: Seen, text: str) -> Reason:
    return Reason(code=code, node=standby.name, text=text)


def _safe(text: str) -> str:
    """Text from a target, as one short printable line."""
    return ascii(text[:60])[1:-1]
