"""The memory of what is broken, common to every kind of resource."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bc_lib.cli.demo_modes import Mode
from demo.statefile import State

STOPPING = (Mode.PRIMARY_DOWN, Mode.DR_DOWN)


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
        with self._state.guard:
            self._state.broken.setdefault(self._resource, {})[mode.value] = {"node": node, "since": since}
            if stops:
                self._state.stopped.setdefault(node, mode.value)  # what a run stopped stays the run's
            self._state.save()

    def forget(self, mode: Mode) -> None:
        """It could not be done after all."""
        with self._state.guard:
            entry = self._state.broken.get(self._resource, {}).pop(mode.value, None)
            if entry and self._state.stopped.get(entry["node"]) == mode.value:
                del self._state.stopped[entry["node"]]
            self._state.save()

    def stopped_otherwise(self) -> set[str]:
        """Nodes that stand still for another reason than a fault; healing leaves them alone."""
        return {node for node, why in list(self._state.stopped.items()) if why not in set(Mode)}

    def why_stopped(self, node: str) -> str | None:
        """The mode or the run that stopped it."""
        return self._state.stopped.get(node)

    def hold(self, node: str, why: str) -> None:
        """It stands still for `why`, and no healing starts it."""
        with self._state.guard:
            self._state.stopped[node] = why
            self._state.save()

    def release(self, node: str) -> None:
        """It runs again by order of a run: what had stopped it is over."""
        with self._state.guard:
            self._state.stopped.pop(node, None)
            modes = self._state.broken.get(self._resource, {})
            for mode in [mode for mode in STOPPING if modes.get(mode, {}).get("node") == node]:
                del modes[mode]
            self._state.save()

    def clear(self, kept_stopped: Iterable[str] = ()) -> None:
        """All is well, but for the servers that stay stopped."""
        with self._state.guard:
            mine = {str(entry["node"]) for entry in self.modes().values()} - set(kept_stopped)
            stopped = self._state.stopped.items()
            self._state.stopped = {node: why for node, why in stopped if node not in mine or why not in set(Mode)}
            self._state.broken.pop(self._resource, None)
            self._state.save()
