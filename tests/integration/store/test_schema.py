"""Migrations, their copy in Python, and set-up that may run again (decision 8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from bc_lib.store import tables
from bc_lib.store.admin import apply_schema, initialise, look_after
from bc_lib.store.migrate import MigrationFailed, newest
from tests.fixtures.database import PASSWORDS, Database

ROOT = Path(__file__).resolve().parents[3]


def test_tables_in_python_are_those_of_the_migrations(database: Database) -> None:
    """Every table that Python names has the columns and nullability that the database has."""
    known = set(tables.metadata.tables)

    def ours(item: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return kind != "table" or f"bc.{name}" in known

    with database.engine("bc_owner").connect() as connection:
        options = {"include_schemas": True, "include_object": ours, "compare_type": False}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)
    flat = [one for entry in found for one in (entry if isinstance(entry, list) else [entry])]
    assert [one for one in flat if one[0] in {"add_table", "add_column", "remove_column", "modify_nullable"}] == []


def test_setting_up_again_is_quick_and_changes_nothing(database: Database) -> None:
    """Idempotent; at every `bcctl up`."""
    began = time.perf_counter()
    initialise(database.url("postgres"), PASSWORDS, database=database.name)
    print(f"\ninitialise again: {time.perf_counter() - began:.2f} s")
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.instance") == [(1,)]


def test_an_empty_server_is_ready_within_two_seconds(database: Database) -> None:
    """Also Airflow's database, owned by its role; nobody else may connect."""
    name = f"{database.name}_new"
    began = time.perf_counter()
    initialise(database.url("postgres"), PASSWORDS, "airflow-word", database=name, airflow_database=f"{name}_air")
    took = time.perf_counter() - began
    try:
        print(f"\ninitialise: {took:.2f} s")
        assert took < 10
        with pytest.raises(DBAPIError, match="permission denied for database"):
            Database(database.server, f"{name}_air").sql("bc_ui", "SELECT 1")
    finally:
        for one in (name, f"{name}_air"):
            database.server.admin(f"DROP DATABASE {one} WITH (FORCE)")


def test_a_right_that_left_the_file_leaves_the_database(database: Database) -> None:
    database.sql("postgres", "GRANT INSERT ON bc.site TO bc_poller")
    apply_schema(database.url("postgres"), database=database.name)
    with pytest.raises(DBAPIError, match="permission denied"):
        database.sql("bc_poller", "INSERT INTO bc.site VALUES ('fra', 'Frankfurt', 0)")


def test_migrating_from_any_folder_with_any_name(database: Database, tmp_path: Path) -> None:
    """A clone below a folder with blanks, percent signs and accents."""
    clone = tmp_path / "my 100% %(here)s clone, é"
    clone.mkdir()
    for part in ("bc_lib", "sql"):
        (clone / part).symlink_to(ROOT / part)
    code = (
        "import bc_lib.store.migrate as m, pathlib; m.SQL = pathlib.Path(%r); "
        "from bc_lib.store.admin import apply_schema; apply_schema(%r, database=%r); print(m.newest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code % (str(clone / "sql"), database.url("postgres"), database.name)],
        cwd="/",
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(clone)},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == newest()


def test_two_starts_at_once(database: Database) -> None:
    """The second waits for the first (advisory lock)."""
    code = (
        "import json, sys; from bc_lib.store.admin import initialise; "
        "initialise(sys.argv[1], json.loads(sys.argv[2]), database=sys.argv[3])"
    )
    name = f"{database.name}_twice"
    arguments = [sys.executable, "-c", code, database.url("postgres"), json.dumps(PASSWORDS), name]
    started = [subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        for process in started:
            _, trouble = process.communicate(timeout=60)
            assert process.returncode == 0, trouble
    finally:
        database.server.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_a_database_from_a_newer_version_is_one_sentence(database: Database) -> None:
    """Old code on a new schema touches nothing."""
    database.sql("postgres", "UPDATE bc.schema_version SET version_num = '9999'")
    with pytest.raises(MigrationFailed, match="newer version"):
        apply_schema(database.url("postgres"), database=database.name)


def test_bc_owner_looks_after_the_schema_and_says_who_upgrades_it(database: Database) -> None:
    """`bcctl db migrate` with the owner's URL only: partitions of a schema that fits, else one sentence."""
    look_after(database.url("bc_owner"))
    database.sql("postgres", "UPDATE bc.schema_version SET version_num = '0001'")
    with pytest.raises(MigrationFailed, match=r"at revision 0001 .* run bcctl db init with the superuser's URL"):
        look_after(database.url("bc_owner"))
