"""Preparations that `bcctl up` runs as processes of their own: `shared` and `airflow`.

Both may run any number of times. The superuser's URL comes in BC_SUPERUSER_URL, passwords from secrets.json.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bc_lib.config import TASK_URLS, ConfigError, DbRole, task_file
from bc_lib.runtime import airflow_env, pg_binaries, psql, secretsfile
from bc_lib.runtime.folders import project_data
from bc_lib.runtime.jsonfile import BrokenFile, read_object, write_private

STAMP = "schema.json"
TASK_ROLES = (DbRole.POLLER, DbRole.KEEPER, DbRole.RUNNER)


def shared(url: str) -> None:
    """Roles, database, migrations and guards of the shared database."""
    from sqlalchemy.exc import SQLAlchemyError

    from bc_lib.store.admin import initialise
    from bc_lib.store.migrate import MigrationFailed

    known = secretsfile.load(project_data())
    passwords = {role.login: _password(os.environ.get(role.variable), known, role.login) for role in DbRole}
    try:
        initialise(url, passwords)
    except (MigrationFailed, SQLAlchemyError) as error:
        raise ConfigError(f"{str(error).splitlines()[0]} Its server's log has more.") from error
    folder = os.environ.pop(TASK_URLS, None)
    for role in TASK_ROLES if folder else ():
        write_private(task_file(Path(str(folder)), role), {"url": os.environ[role.variable]})
    # Whoever may sign in is known before the first page is shown.
    from bc_lib.bootstrap import bring_people

    bring_people()


def airflow(url: str, bin_folder: Path) -> None:
    """Airflow's database and its schema; the migration (8 s) is left out where it has been done already."""
    data = project_data()
    known = secretsfile.ensure(data)
    airflow_env.write_sign_in(data, known)
    connection = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    if urlsplit(connection).netloc.rpartition("@")[2] == urlsplit(url).netloc.rpartition("@")[2]:
        password = _password(connection, known, secretsfile.AIRFLOW_ROLE)
        psql.ensure_database(bin_folder, url, secretsfile.AIRFLOW_ROLE, password, "airflow")
    stamp = data / "airflow" / STAMP
    version = importlib.metadata.version("apache-airflow")
    revision = _revision(bin_folder)
    if revision is not None and _stamped(stamp) == {"airflow": version, "revision": revision}:
        print(f"Airflow's schema is current ({version}, {revision}).")
        return
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, stdin=subprocess.DEVNULL)
    write_private(stamp, {"airflow": version, "revision": _revision(bin_folder)})


def _password(url: str | None, known: Mapping[str, str], login: str) -> str:
    """The password that a given URL holds for `login`, else the one of secrets.json. Raises ConfigError."""
    if url and (parts := urlsplit(url)).username == login and parts.password:
        return unquote(parts.password)
    if login not in known:
        raise ConfigError(f"No password for {login}: give its URL, or let bcctl up make one.")
    return known[login]


def _revision(bin_folder: Path) -> str | None:
    """The schema revision that Airflow's database itself names, None where there is none."""
    try:
        found = psql.run(
            bin_folder, os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"], "SELECT version_num FROM alembic_version;"
        )
    except psql.SqlFailed:
        return None
    return found[0] if found else None


def _stamped(stamp: Path) -> dict[str, str] | None:
    try:
        return read_object(stamp)
    except BrokenFile:
        return None


def main(what: str) -> int:
    """Run one preparation; 0 or 1 with a sentence."""
    url = os.environ["BC_SUPERUSER_URL"]
    bin_folder = Path(os.environ.get("BC_POSTGRES_BIN") or pg_binaries.wheel_bin())
    try:
        if what == "shared":
            shared(url)
        else:
            airflow(url, bin_folder)
    except (psql.SqlFailed, BrokenFile, subprocess.CalledProcessError, ConfigError) as error:
        print(f"Preparing the {what} database failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
