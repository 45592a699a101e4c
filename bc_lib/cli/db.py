"""`bcctl db`: the shared database's roles, schema and guards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bc_lib.cli.exits import fail

if TYPE_CHECKING:
    from bc_lib.runtime.pgserver import PgServer

app = typer.Typer(no_args_is_help=True, help="The shared database: roles, schema, guards.")
ROLES_FILE = Path(__file__).parents[2] / "docs" / "roles.md"
SCHEMA_FILE = Path(__file__).resolve().parents[2] / "sql" / "schema.sql"


@app.command()
def init(airflow: Annotated[bool, typer.Option(help="Also make Airflow's role and database.")] = True) -> None:
    """Make or bring up to date roles, databases, schema and guards. The superuser's URL comes in BC_DATABASE_URL."""
    from bc_lib import config
    from bc_lib.runtime import secretsfile
    from bc_lib.store.admin import initialise

    with _sentences():
        settings = config.load()
        url = os.environ.get("BC_SUPERUSER_URL") or settings.database_url
        if not url:
            fail(
                "Set BC_DATABASE_URL to your server's superuser URL; for the embedded server bcctl up does all of this."
            )
        passwords = secretsfile.ensure(settings.data_dir)
        initialise(url, passwords, passwords[secretsfile.AIRFLOW_ROLE] if airflow else None)
    typer.echo(f"Ready. The roles' passwords are in {settings.data_dir / secretsfile.FILE_NAME}.", err=True)


@app.command()
def migrate() -> None:
    """With the superuser's URL in BC_SUPERUSER_URL: bring schema, guards and grants to this version's.

    Roles and passwords stay as they are.
    Without it, as bc_owner: see that they are, and make the next days' partitions.
    """
    from bc_lib import config
    from bc_lib.store.admin import apply_schema, look_after

    with _sentences():
        if url := os.environ.get("BC_SUPERUSER_URL"):
            apply_schema(url)
        else:
            look_after(config.database_url(config.DbRole.OWNER))
    typer.echo("The schema is current.", err=True)


@app.command()
def restored(
    reason: Annotated[str, typer.Option("--reason", help="What it was restored from, or why it was promoted.")],
) -> None:
    """After a restore or a promotion of the shared database itself, before anything else of Business Continuity starts.

    A new incarnation begins: votes and other signed words of before count no more, requests of before do not start, and
    numbers of requests and of rights to act go on far above what the restore may have forgotten. Needs the superuser's
    URL in BC_SUPERUSER_URL.
    """
    from bc_lib.store.admin import begin_incarnation

    with _sentences():
        url = os.environ.get("BC_SUPERUSER_URL")
        if not url:
            fail("Set BC_SUPERUSER_URL to your server's superuser URL.")
        number = begin_incarnation(url, reason)
    typer.echo(f"Incarnation {number} of the shared database has begun.", err=True)


@app.command()
def check() -> None:
    """Say what is not as it should be: revision, roles, guards, partitions. Exit 1 where something is not."""
    from bc_lib.bootstrap import engine
    from bc_lib.config import DbRole
    from bc_lib.store.check import check_database

    with _sentences():
        troubles = check_database(engine(DbRole.READER))
    for trouble in troubles:
        typer.echo(trouble)
    if troubles:
        raise typer.Exit(1)
    typer.echo("The shared database is as it should be.")


@app.command()
def schema(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where the file is not current.")
    ] = False,
    output: Annotated[Path, typer.Option(help="Where to write it.")] = SCHEMA_FILE,
) -> None:
    """Write sql/schema.sql from the migrations, by means of a temporary server."""
    with _sentences():
        made = schema_text()
    if check_only:
        if not output.exists() or output.read_text(encoding="utf-8") != made:
            fail(f"{output.name} is not what the migrations make: run bcctl db schema.")
        return
    output.write_text(made, encoding="utf-8")
    typer.echo(f"Wrote {output}.", err=True)


@app.command()
def roles(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where the file is not current.")
    ] = False,
) -> None:
    """Write docs/roles.md (who may do what in the shared database), by means of a temporary server."""
    with _sentences():
        made = roles_text()
    if check_only:
        if not ROLES_FILE.exists() or ROLES_FILE.read_text(encoding="utf-8") != made:
            fail(f"{ROLES_FILE.name} is not what the database says: run bcctl db roles.")
        return
    ROLES_FILE.write_text(made, encoding="utf-8")
    typer.echo(f"Wrote {ROLES_FILE}.", err=True)


def roles_text() -> str:
    """The page about rights, from a fresh database. Raises KeyError for a right without a note."""
    from sqlalchemy import create_engine

    from bc_lib.store.admin import LOGIN_ROLES, initialise
    from bc_lib.store.role_table import page, rights

    with _temporary_server() as server:
        url = f"postgresql+psycopg://postgres:temporary@127.0.0.1:{server.port}/postgres"
        initialise(url, dict.fromkeys(LOGIN_ROLES, "temporary"))
        engine = create_engine(url.removesuffix("postgres") + "bc")
        try:
            with engine.connect() as connection:
                return page(rights(connection))
        finally:
            engine.dispose()


def schema_text() -> str:
    """The schema as pg_dump writes it, without what differs from one run or version to the next."""
    from bc_lib.store.admin import LOGIN_ROLES, initialise

    with _temporary_server() as server:
        url = f"postgresql+psycopg://postgres:temporary@127.0.0.1:{server.port}/postgres"
        initialise(url, dict.fromkeys(LOGIN_ROLES, "temporary"))
        dump = server.run(
            "pg_dump",
            "-h",
            "127.0.0.1",
            "-p",
            str(server.port),
            "-U",
            "postgres",
            "-d",
            "bc",
            "--schema-only",
            "--schema=bc",
            "--exclude-table=bc.*_2*",
            env={"PGPASSWORD": "temporary"},
        )
    kept = [
        line
        for line in dump.splitlines()
        if not line.startswith(("\\", "-- Dumped", "SET ", "SELECT pg_catalog.set_config"))
    ]
    text = "-- Made by `bcctl db schema` from sql/migrations, sql/guards and sql/grants; do not edit.\n" + "\n".join(
        kept
    )
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.rstrip() + "\n"


@contextmanager
def _temporary_server() -> Iterator[PgServer]:
    from bc_lib.runtime.account import server_account
    from bc_lib.runtime.pg_binaries import find_bin
    from bc_lib.runtime.pgserver import PgServer
    from bc_lib.runtime.portpick import pick

    account = server_account()
    root = Path(tempfile.mkdtemp(prefix="bc-schema-"))
    root.chmod(0o755)
    server = PgServer(
        find_bin(account, root / "bin"), root / "server" / "data", pick(56400, set()), account, {"fsync": "off"}
    )
    try:
        server.init("temporary")
        server.start()
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _sentences() -> Iterator[None]:
    """Expected trouble as one sentence and exit 1."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.runtime.jsonfile import BrokenFile
    from bc_lib.runtime.pgserver import ServerFailed
    from bc_lib.store.migrate import MigrationFailed

    troubles: tuple[type[Exception], ...] = (*database_trouble(), BrokenFile, ServerFailed, MigrationFailed)
    try:
        yield
    except troubles as error:
        what = str(getattr(error, "orig", None) or error).strip().splitlines()
        fail(what[0] if what else type(error).__name__)
