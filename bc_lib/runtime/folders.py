"""The project's data folder, and where it goes when the servers' account cannot reach it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from bc_lib.runtime.account import Account, reachable_by

PROJECT = Path(__file__).resolve().parents[2]
FALLBACK = Path("/var/lib/business-continuity")


@dataclass(frozen=True, slots=True)
class Folders:
    """`data` is ours alone (0700 files inside); `servers` holds what the servers' account owns."""

    data: Path
    servers: Path


def project_data() -> Path:
    """The data folder: `BC_DATA_DIR`, default `.data` in the project."""
    return Path(os.environ.get("BC_DATA_DIR") or PROJECT / ".data").absolute()


def choose(account: Account | None) -> Folders:
    """Data folder from `BC_DATA_DIR`, default `.data` in the project.

    As root, when the account cannot pass a parent (a clone below a 0700 home folder), only the
    servers' part moves to /var/lib/business-continuity/<hash of the project's path>.
    """
    data = project_data()
    servers = data / "servers"
    if not reachable_by(servers / "x", account) and not _can_open(data, account):
        tag = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        servers = FALLBACK / tag
    return Folders(data, servers)


def _can_open(data: Path, account: Account | None) -> bool:
    """True where only `data` itself (which we make, and may open) stands in the way."""
    return reachable_by(data, account)
