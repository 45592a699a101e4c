"""Warm and cold lane: which kind of connection the next check of a resource uses.

Warm connections are cheap and hide a broken listener or a changed password. So every few minutes a
check uses fresh connections; once such a check failed where the warm ones work, every check is cold
until one succeeds, or the resource would flip between green and red.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bc_lib.domain.observation import Observation, Reach


@dataclass
class Lanes:
    """Remembers per resource when it was last checked cold (seconds, any steady clock)."""

    cold_every_s: float
    _last_cold: dict[str, float] = field(default_factory=dict)
    _failing: set[str] = field(default_factory=set)

    def cold_next(self, resource: str, now: float) -> bool:
        """True where the next check must use fresh connections."""
        if resource in self._failing:
            return True
        # A poller's first connections are fresh anyway.
        return now - self._last_cold.setdefault(resource, now) >= self.cold_every_s

    def seen(self, observation: Observation, now: float) -> None:
        """Learn from a check that was made."""
        if not observation.cold:
            return
        self._last_cold[observation.resource] = now
        if all(node.reach is Reach.OK for node in observation.nodes):
            self._failing.discard(observation.resource)
        else:
            self._failing.add(observation.resource)

    def forget(self, resource: str) -> None:
        """The resource is no longer watched."""
        self._last_cold.pop(resource, None)
        self._failing.discard(resource)
