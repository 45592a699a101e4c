"""A pair that somebody else moves is not moved from here (decision 24)."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Reason
from bc_lib.domain.managed import managing_of
from bc_lib.domain.rules.scene import Scene


def judge(scene: Scene) -> Iterator[Reason]:
    """At most one reason."""
    found = managing_of(scene.resource, {node.name: node.facts for node in scene.seen})
    if found.code:
        yield Reason(code=found.code, text=found.sentence)
