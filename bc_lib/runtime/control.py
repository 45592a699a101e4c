"""The embedded PostgreSQL server `control`: the shared database and Airflow's."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from bc_lib.runtime.account import Account, owned_folder
from bc_lib.runtime.descendants import die_with_parent
from bc_lib.runtime.folders import Folders
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.unit import Unit, rotate

NAME = "database"
SETTINGS = {
    "max_connections": "120",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "idle_in_transaction_session_timeout": "5min",
    "max_wal_size": "512MB",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %u@%d ",
}


def data_folder(folders: Folders) -> Path:
    """Where the control server's data is."""
    return folders.servers / "control" / "data"


def server(folders: Folders, bin_folder: Path, port: int, account: Account | None) -> PgServer:
    """The control server; it ends (fast stop) with this process, even after kill -9."""
    owned_folder(folders.servers / "control", account, 0o700)
    return PgServer(bin_folder, data_folder(folders), port, account, SETTINGS, preexec=die_with_parent(signal.SIGINT))


def initialise(folders: Folders, bin_folder: Path, account: Account | None, password: str) -> bool:
    """initdb where there is none yet; True where one was made. An interrupted one leaves nothing that counts."""
    final = data_folder(folders)
    if final.exists():
        return False
    owned_folder(final.parent, account, 0o700)
    partial = final.with_name("new")
    shutil.rmtree(partial, ignore_errors=True)
    PgServer(bin_folder, partial, 0, account).init(password)
    partial.rename(final)
    return True


def unit(pg: PgServer) -> Unit:
    """The control server as a unit: started first, stopped last."""

    def spawn() -> subprocess.Popen[bytes]:
        rotate(pg.log)
        pg.spawn()
        if pg.process is None:
            raise RuntimeError("postgres was not started")
        return pg.process

    return Unit(
        name=NAME,
        spawn=spawn,
        log=pg.log,
        ready=lambda _started: pg.ready(),
        stop_stage=2,
        stop_signal=signal.SIGINT,
        grace_s=20.0,
    )
