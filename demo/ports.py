"""TCP ports on loopback: the wanted one where it is free, else another that is remembered and said."""

from __future__ import annotations

from bc_lib.runtime.portpick import is_free, pick
from demo.statefile import State


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
        port = wanted if free else pick(wanted + 1, self._given | set(self._state.ports.values()))
        if port != wanted:
            self.said.append(f"Port {wanted} is taken; {key} uses {port} instead.")
        self._given.add(port)
        self._state.ports[key] = port
        return port
