"""The operating-system account that PostgreSQL servers run under.

PostgreSQL refuses to run as root. As root we run it as an existing unprivileged account;
as an ordinary user we run it as that user.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """The account to run servers as, or None where we are an ordinary user already.

    Raises RuntimeError where we are root and no unprivileged account exists.
    """
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise RuntimeError(
        f"Running as root, but none of the accounts {', '.join(CANDIDATES)} exists. "
        "Create one (useradd --system postgres) or run as an ordinary user."
    )


def popen_identity(account: Account | None) -> dict[str, Any]:
    """Keyword arguments for subprocess that start a process as `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def owned_folder(path: Path, account: Account | None, mode: int = 0o700) -> Path:
    """Make `path` (and parents) and give it to `account`."""
    path.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)
    return path


def reachable_by(path: Path, account: Account | None) -> bool:
    """True where `account` may pass through every parent folder of `path`."""
    if account is None:
        return True
    for folder in path.absolute().parents:
        if not folder.exists():
            continue
        info = folder.stat()
        bit = 0o100 if info.st_uid == account.uid else 0o010 if info.st_gid == account.gid else 0o001
        if not info.st_mode & bit:
            return False
    return True
