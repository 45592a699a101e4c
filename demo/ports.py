"""TCP ports on loopback: the wanted one where it is free, else another that is remembered and said."""

from __future__ import annotations

import random

from bc_lib.runtime.portpick import is_free, pick
from demo.statefile import State

OTHERS = (20_000, 32_000)


class Ports:
    """Gives out ports by key and keeps them in the state file, so that they stay the same."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._given: set[int] = set()
        self.said: list[str] = []

    def take(self, key: str, default: int, *, ours: bool = False) -> int:
        """The port of `key`. `ours`: a server of ours that already runs holds it."""
        wanted = self._state.ports.get(key, default)
        free = wanted not in self._given and (ours or is_free(wanted))
        port = wanted if free else self._another()
        if port != wanted:
            self.said.append(f"Port {wanted} is taken; {key} uses {port} instead.")
        self._given.add(port)
        self._state.ports[key] = port
        return port

    def _another(self) -> int:
        # Anywhere below the range that outgoing connections use, so that two demos that start at once do not meet.
        return pick(random.randrange(*OTHERS), self._given | set(self._state.ports.values()))
