"""Differences between the sites that would matter after a move; findings with a hint each."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Reason
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.standby_limits import judge_limits, limits_of

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
            f"{source.place} runs {_safe(here.version)}, {standby.place} runs {_safe(there.version)}.",
        )
    if here.collation_version and there.collation_version and here.collation_version != there.collation_version:
        yield _finding(
            "PARITY_COLLATION",
            standby,
            f"Collation version {_safe(here.collation_version)} at {source.place}, "
            f"{_safe(there.collation_version)} at {standby.place}: text may sort differently after a move.",
        )


def _settings(source: Seen, standby: Seen) -> Iterator[Reason]:
    here, there = source.facts.settings, standby.facts.settings
    different = sorted(name for name in here.keys() & there.keys() if here[name] != there[name])
    lower = {each.setting for each in judge_limits(standby.facts, limits_of(source.facts)).short}  # said by limits.py
    rest = [name for name in different if name not in lower]
    if rest:
        yield _finding(
            "PARITY_SETTINGS",
            standby,
            f"Settings differ between {source.place} and {standby.place}: {_pairs(rest, here, there)}.",
        )


def _pairs(names: list[str], here: dict[str, str], there: dict[str, str]) -> str:
    shown = [f"{_safe(name)} {_safe(here[name])} / {_safe(there[name])}" for name in names[:SHOWN]]
    more = len(names) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _extensions(source: Seen, standby: Seen) -> Iterator[Reason]:
    here, there = source.facts.extensions, standby.facts.extensions
    wrong = sorted(name for name in here if there and here[name] != there.get(name))
    if wrong:
        names = ", ".join(f"{_safe(name)} {_safe(here[name])}" for name in wrong[:SHOWN])
        yield _finding("PARITY_EXTENSIONS", standby, f"Not the same at {standby.place}: {names}.")


def _finding(code: str, standby: Seen, text: str) -> Reason:
    return Reason(code=code, node=standby.name, text=text)


def _safe(text: str) -> str:
    """Text from a target, as one short printable line."""
    return ascii(text[:60])[1:-1]
