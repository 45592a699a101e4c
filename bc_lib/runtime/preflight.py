"""What must hold before anything starts; each refusal is one sentence that says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from bc_lib.config import Settings
from bc_lib.runtime import secretsfile
from bc_lib.runtime.account import Account
from bc_lib.runtime.folders import Folders

MB = 1_000_000
CGROUP = Path("/sys/fs/cgroup")


class NotReady(RuntimeError):
    """This machine or its data folder cannot start the tool as it is."""


def check_machine(settings: Settings) -> None:
    """Disk and memory. Raises NotReady."""
    disk = shutil.disk_usage(nearest_existing(settings.data_dir)).free // MB
    if disk < settings.min_disk_mb:
        raise NotReady(
            f"Only {disk} MB are free where {settings.data_dir} lives, {settings.min_disk_mb} MB are needed: "
            "free some, or let BC_DATA_DIR name a folder on a larger disk."
        )
    memory = available_memory_bytes() // MB
    if memory < settings.min_memory_mb:
        raise NotReady(
            f"Only {memory} MB of memory are available, {settings.min_memory_mb} MB are needed: "
            "end other programs, or give this machine more memory."
        )


def nearest_existing(path: Path) -> Path:
    """`path`, or the closest parent that exists."""
    return next(one for one in (path, *path.parents) if one.exists())


def available_memory_bytes() -> int:
    """Memory a new process can use: the machine's, or the container's limit where that is less."""
    lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    machine = int(lines["MemAvailable"].split()[0]) * 1024
    try:
        limit = (CGROUP / "memory.max").read_text(encoding="ascii").strip()
        used = int((CGROUP / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return machine
    return machine if limit == "max" else max(0, min(machine, int(limit) - used))


def make_data_folder(folders: Folders, account: Account | None) -> None:
    """Make the data folder; the servers' account may pass through it, nobody may list it. Raises NotReady."""
    try:
        folders.data.mkdir(parents=True, exist_ok=True)
        folders.data.chmod(0o711 if account else 0o700)
        folders.servers.mkdir(parents=True, exist_ok=True, mode=0o755)
        (folders.data / "logs").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotReady(
            f"The data folder {folders.data} cannot be used ({error.strerror}): "
            "run as the user who made it, or let BC_DATA_DIR name another folder."
        ) from error
    if not os.access(folders.data, os.W_OK | os.X_OK):
        raise NotReady(
            f"The data folder {folders.data} is not writable: run as its owner, or let BC_DATA_DIR name another folder."
        )


def check_database_folder(control: Path, data: Path, bin_folder: Path) -> None:
    """The database's folder fits the PostgreSQL that will open it, and its passwords are there. Raises NotReady."""
    if not control.exists():
        return
    version_file = control / "PG_VERSION"
    if not version_file.exists() or not (control / "global" / "pg_control").exists():
        raise NotReady(
            f"{control} is not a whole PostgreSQL data folder: put a copy of it back, or move {data} away to start "
            "afresh (that gives up its history)."
        )
    made_by, ours = version_file.read_text(encoding="ascii").strip(), major_version(bin_folder)
    if made_by != ours:
        raise NotReady(
            f"{control} was made by PostgreSQL {made_by}, and {bin_folder} is PostgreSQL {ours}: let BC_POSTGRES_BIN "
            f"name the bin folder of a PostgreSQL {made_by}, or move {data} away to start afresh "
            "(that gives up its history)."
        )
    if secretsfile.SUPERUSER not in secretsfile.load(data):
        raise NotReady(
            f"{data / secretsfile.FILE_NAME} is missing, and the database in {control} opens only with it: "
            "put a copy back, "
            f"or move {data} away to start afresh (that gives up its history)."
        )


def major_version(bin_folder: Path) -> str:
    """Major version of the PostgreSQL in `bin_folder`, like `18`. Raises NotReady where it does not run."""
    try:
        done = subprocess.run(
            [str(bin_folder / "postgres"), "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotReady(
            f"{bin_folder / 'postgres'} does not run ({error}): let BC_POSTGRES_BIN name another installation."
        ) from error
    return done.stdout.split()[2].partition(".")[0]
