"""Installs the peers through pip and apt-get into a folder of their own; nothing of the system or of .venv changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shutil import which

from bc_lib.runtime.account import Account, owned_folder, reachable_by
from bc_lib.runtime.folders import PROJECT
from benchmarks.switchover.result import Missing

PINS = PROJECT / "requirements" / "peers.txt"
ETCD = ("etcd-server",)
REPMGR = (
    "postgresql-15",
    "postgresql-client-15",
    "postgresql-15-repmgr",
    "repmgr-common",
    "libpq5",
    "openssh-server",
    "openssh-client",
    "libwrap0",
)


def python_peers(home: Path, account: Account | None) -> Path:
    """The bin folder of an environment that holds Patroni, made where it is not there. Raises Missing."""
    folder = home / "venv"
    stamp = folder / "installed.txt"
    usable = reachable_by((folder / "bin" / "python").resolve(), account)
    if not (usable and stamp.exists() and stamp.read_bytes() == PINS.read_bytes()):
        shutil.rmtree(folder, ignore_errors=True)
        make = [str(_python_for(account)), "-m", "venv", "--without-pip", str(folder)]
        _quiet(make, home, "patroni is missing: python -m venv failed")
        pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
        _quiet([*pip, "--require-hashes", "-r", str(PINS)], home, "patroni is missing: pip install failed")
        shutil.copyfile(PINS, stamp)
    return folder / "bin"


def _python_for(account: Account | None) -> Path:
    """A Python that the servers' account can run: ours may lie below a home folder that it cannot enter."""
    named = (which(f"python3.{minor}", path="/usr/local/bin:/usr/bin") for minor in (13, 12, 11))
    known = [Path(sys.executable).resolve(), *(Path(found).resolve() for found in named if found)]
    usable = next((python for python in known if reachable_by(python, account)), None)
    if usable is None:
        raise Missing("patroni is missing: no Python 3.11 or newer here that the account of the servers can run")
    return usable


def debian_peers(home: Path, what: str, packages: Sequence[str]) -> Path:
    """A folder with the unpacked Debian packages, fetched where they are not there: its usr/... Raises Missing.

    Unpacked, not installed: no service starts, no account is made, and no right of root is needed.
    """
    root = owned_folder(home / "debian", None, 0o755)
    stamps = owned_folder(home / "debian-have", None, 0o755)
    for package in packages:
        if (stamps / package).exists():
            continue
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise Missing(f"{what} is missing, and apt-get is not here to fetch {package}")
        with tempfile.TemporaryDirectory(dir=home) as name:
            failed = f"{what} is missing: apt-get download {package} failed (apt-get update may help)"
            _quiet(["apt-get", "download", "-q", package], home, failed, name)
            for archive in Path(name).glob("*.deb"):
                _quiet(["dpkg-deb", "-x", str(archive), str(root)], home, f"{what} is missing: {package} is no archive")
        root.chmod(0o755)
        (stamps / package).touch()
    return root


def libraries(root: Path) -> Path | None:
    """Where the unpacked shared libraries lie; None where there are none."""
    return next((path for path in sorted(root.glob("usr/lib/*-linux-gnu*")) if path.is_dir()), None)


def _quiet(command: list[str], home: Path, failed: str, folder: str | None = None) -> None:
    """Run; everything it says goes to `home`/install.log. Raises Missing with the sentence `failed`."""
    log = home / "install.log"
    print(f"installing: {Path(command[0]).name} {' '.join(Path(word).name for word in command[1:])}", flush=True)
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            cwd=folder or home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
        )
    if done.returncode:
        print(f"what it said: {log}", file=sys.stderr)
        raise Missing(failed)
