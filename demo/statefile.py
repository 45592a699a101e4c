"""What the agent must remember when it is killed: ports, what is broken, which servers stand still on purpose."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.refusal import CannotStart

SCHEMA = 1


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` in one step, readable by us only."""
    partial = path.with_name(f".{path.name}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


@dataclass
class State:
    """`broken`: resource -> mode -> {node, since}. `stopped`: node -> the mode or the run ("run r-12") that stopped it.

    Change it and save it under `guard`: orders to hosts come in threads of their own.
    """

    path: Path
    ports: dict[str, int] = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    broken: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    guard: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path) -> State:
        """The state on disk, or a fresh one. Raises CannotStart when the file is damaged."""
        if not path.exists():
            return cls(path)
        try:
            found = json.loads(path.read_text())
            if found.pop("schema_version") != SCHEMA:
                raise ValueError("another version")
            found.pop("active_site", None)  # the application now serves where its database is written
            return cls(path, **found)
        except (ValueError, TypeError, KeyError) as error:
            raise CannotStart(
                f"{path} is damaged or of another version ({error}); "
                f"remove the folder {path.parent} to build the demo anew."
            ) from error

    def run_that_stopped(self, node: str) -> str | None:
        """The run that stopped `node`, None where a fault did or nobody."""
        why = self.stopped.get(node, "")
        return why if why.startswith("run ") else None

    def save(self) -> None:
        """Write everything, in one step."""
        with self.guard:
            values = {"ports": self.ports, "built": self.built, "broken": self.broken, "stopped": self.stopped}
            write_private(self.path, json.dumps({"schema_version": SCHEMA, **values}, indent=2, sort_keys=True) + "\n")
