"""One server that runs may act on: what its host knows of it besides the server itself."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bc_lib.domain.standby_limits import of_control
from bc_lib.ports.host_control import HostState
from bc_lib.runtime.pgserver import ServerFailed
from demo.host.journal import Journal
from demo.hostnode import HostNode

STANDBY_SIGNAL = "standby.signal"


def nothing(*_: str) -> None:
    """Nobody else needs to know."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """`source` gives a libpq connection string to the server on a port; `peers` translates the ports that orders name
    (a proxy's, perhaps) to servers of this pair. `on_hold`, `on_release` tell whoever supervises the server;
    `after_start` does what it needs then besides running.
    """

    node: HostNode
    slot: str
    source: Callable[[int], str]
    peers: Mapping[int, int]
    on_hold: Callable[[str, str], None] = field(default=nothing)
    on_release: Callable[[str], None] = field(default=nothing)
    after_start: Callable[[], None] = field(default=nothing)

    @property
    def name(self) -> str:
        """What orders call it."""
        return self.node.name

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.node.server.data

    def hold(self, why: str) -> None:
        """Nobody else may start it from now on, and that survives us."""
        self.node.hold(why)
        self.on_hold(self.name, why)

    def release(self) -> None:
        """It may run again."""
        self.on_release(self.name)
        self.node.release()

    def preserved(self) -> tuple[str, ...]:
        """Copies of earlier data folders that are complete."""
        found = self.data.parent.glob(f"{self.data.name}.diverged-*")
        return tuple(sorted(path.name for path in found if not path.name.endswith(".partial")))

    def state(self, journal: Journal) -> HostState:
        """What can be seen now, without a connection."""
        control = self.control()
        timeline = control.get("Latest checkpoint's TimeLineID")
        return HostState(
            node=self.name,
            running=self.node.is_running(),
            ready=self.node.is_ready(),
            standby_on_disk=self.node.is_standby() if self.data.exists() else None,
            cluster_state=control.get("Database cluster state"),
            checkpoint_lsn=control.get("Latest checkpoint location"),
            timeline=int(timeline) if timeline else None,
            system_identifier=control.get("Database system identifier"),
            highest_epoch=journal.highest_epoch,
            clock=datetime.now(UTC),
            preserved=self.preserved(),
            effects=journal.effects(),
            slot=self.slot or None,
            limits=of_control(control),
            changed=control.get("pg_control last modified"),
            changed_at=self._changed_at(),
        )

    def _changed_at(self) -> datetime | None:
        """When the control file was last written."""
        try:
            return datetime.fromtimestamp((self.data / "global" / "pg_control").stat().st_mtime, UTC)
        except OSError:
            return None

    def control(self) -> dict[str, str]:
        """pg_controldata's lines; empty where there is no whole data folder."""
        try:
            return self.node.control_data()
        except (ServerFailed, OSError, subprocess.SubprocessError):
            return {}
