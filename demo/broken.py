"""The memory of what is broken, common to every kind of resource."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bc_lib.cli.demo_modes import Mode
from demo.statefile import State


class Broken:
    """What is broken at one resource, kept in the state file."""

    def __init__(self, state: State, resource: str) -> None:
        self._state = state
        self._resource = resource

    def modes(self) -> dict[str, dict[str, Any]]:
        """Modes in force, with the node each was done to and since when."""
        return dict(self._state.broken.get(self._resource, {}))

    def node_of(self, mode: Mode) -> str | None:
        """The node that `mode` was done to, None where it is not in force."""
        entry = self.modes().get(mode)
        return str(entry["node"]) if entry else None

    def note(self, mode: Mode, node: str, *, stops: bool = False) -> None:
        """Remember, before it is done: an agent killed in between does it after its restart."""
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._state.broken.setdefault(self._resource, {})[mode.value] = {"node": node, "since": since}
        if stops:
            self._state.stopped[node] = mode.value
        self._state.save()

    def forget(self, mode: Mode) -> None:
        """It could not be done after all."""
        entry = self._state.broken.get(self._resource, {}).pop(mode.value, None)
        if entry and self._state.stopped.get(entry["node"]) == mode.value:
            del self._state.stopped[entry["node"]]
        self._state.save()

    def stopped_otherwise(self) -> set[str]:
        """Nodes that stand still for another reason than a fault; healing leaves them alone."""
        return {node for node, why in self._state.stopped.items() if why not in set(Mode)}

    def release_stopped(self) -> None:
        """The servers that a fault stopped may run again."""
        mine = {str(entry["node"]) for entry in self.modes().values()}
        stopped = self._state.stopped.items()
        self._state.stopped = {node: why for node, why in stopped if node not in mine or why not in set(Mode)}

    def clear(self) -> None:
        """All is well."""
        self.release_stopped()
        self._state.broken.pop(self._resource, None)
        self._state.save()
