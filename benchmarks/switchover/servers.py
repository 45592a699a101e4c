"""A plain PostgreSQL server of the benchmark: no manager, direct child of this process."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from bc_lib.runtime.descendants import die_with_parent
from bc_lib.runtime.pgserver import PgServer
from benchmarks.switchover.ground import SETTINGS, Ground


@dataclass
class Server(PgServer):
    """`libraries`: where Debian's libpq lies when it is not installed in the system, else None."""

    libraries: Path | None = None

    def _env(self) -> dict[str, str]:
        more = {"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {}
        return {**super()._env(), **more}


def plain_server(ground: Ground, name: str, programs: Path, libraries: Path | None = None) -> Server:
    """A server in `name` below the ground's folder, on a free port, not made yet."""
    return Server(
        programs,
        ground.folder(name) / "data",
        ground.port(),
        ground.account,
        dict(SETTINGS),
        preexec=die_with_parent(signal.SIGINT),
        libraries=libraries,
    )
