"""SQL by PostgreSQL's own `psql`, so that starting up needs no driver."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit


class SqlFailed(RuntimeError):
    """A statement failed; the message is the server's."""


def run(bin_folder: Path, url: str, sql: str, database: str | None = None, timeout: float = 60) -> list[str]:
    """Run `sql` (statements that stand alone); the output's lines. Raises SqlFailed.

    The SQL goes in by stdin and the password by the environment: neither shows in the process list.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    target = urlunsplit(
        ("postgresql", f"{parts.username}@{host}", f"/{database}" if database else parts.path, parts.query, "")
    )
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "PGPASSWORD": unquote(parts.password or ""),
        "PGCONNECT_TIMEOUT": "10",
    }
    done = subprocess.run(
        [str(bin_folder / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", target],
        input=sql,
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise SqlFailed(
            done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"psql ended with {done.returncode}"
        )
    return [line for line in done.stdout.splitlines() if line]


def literal(text: str) -> str:
    """`text` as an SQL string. Raises ValueError for a NUL, which PostgreSQL cannot hold."""
    if "\0" in text:
        raise ValueError("a NUL character cannot stand in SQL")
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def ensure_database(bin_folder: Path, superuser_url: str, role: str, password: str, database: str) -> None:
    """Make a login role with this password and a database it owns, or bring them up to date. Raises SqlFailed.

    `role` and `database` are names of ours (letters and underscore), never somebody's input.
    """
    run(
        bin_folder,
        superuser_url,
        f"""
DO $do$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal(role)}) THEN CREATE ROLE {role} LOGIN; END IF;
END $do$;
ALTER ROLE {role} LOGIN PASSWORD {literal(password)};
""",
        database="postgres",
    )
    known = run(bin_folder, superuser_url, "SELECT datname FROM pg_database;", database="postgres")
    if database not in known:
        run(bin_folder, superuser_url, f"CREATE DATABASE {database} OWNER {role};", database="postgres")
