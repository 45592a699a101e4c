"""`bcctl inventory` and `bcctl db` as people type them."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bc_lib.domain.actor import Role
from bc_lib.ports.people import SeenPerson
from bc_lib.store.people import PeopleDirectory
from tests.fixtures.database import Database

ROOT = Path(__file__).resolve().parents[3]
ADA = ("--as", "ada")


class Bcctl:
    """Runs bcctl against one test's database, from another folder than the project's."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("BC_")},
            "PYTHONPATH": str(ROOT),
            "BC_DATA_DIR": str(folder / "data"),
            "BC_DATABASE_URL_UI": database.url("bc_ui"),
            "BC_DATABASE_URL_READER": database.url("bc_reader"),
            "BC_DATABASE_URL_OWNER": database.url("bc_owner"),
            "BC_ENV": "demo",
            "BC_DEMO_MONITOR": "monitor:word",
            "BC_DEMO_MAIL_URL": "mailto://localhost",
            "BC_DEMO_SECURITY_DESK_URL": "mailto://localhost",
            "BC_DEMO_SECURITY_LEAD_URL": "mailto://localhost",
        }

    def __call__(self, *arguments: str, code: int = 0, stdin: str = "") -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "bc_lib.cli", *arguments],
            capture_output=True,
            text=True,
            input=stdin,
            cwd=self.folder,
            env=self.environment,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done.stdout, done.stderr


@pytest.fixture
def bcctl(database: Database, tmp_path: Path) -> Bcctl:
    """ada is an administrator here, olga an operator."""
    roles = {"ada": Role.ADMIN, "olga": Role.OPERATOR}
    PeopleDirectory(database.engine("bc_sign_on")).bring(
        [
            SeenPerson(issuer="demo", subject=name, name=name, roles=frozenset({role}), public_key=f"{number:064x}")
            for number, (name, role) in enumerate(roles.items())
        ]
    )
    return Bcctl(database, tmp_path)


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The demo's estate file, only watched, so that one administrator may apply it; at its ports nobody listens."""
    text = (ROOT / "demo" / "estate.yaml").read_text(encoding="utf-8")
    text = re.sub(r"    execution:.*\n(?:      .*\n)*", "", text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = free.getsockname()[1]
    path = tmp_path / "estate.yaml"
    path.write_text(text.replace("port: 25431", f"port: {dead}"), encoding="utf-8")
    return path


def test_plan_apply_show(bcctl: Bcctl, estate: Path) -> None:
    """FR-001: the difference first, all or nothing, idempotent; unreachable hosts and an unknown key change nothing."""
    out, _ = bcctl("inventory", "plan", str(estate))
    assert "+ resource orders-db added" in out
    out, err = bcctl("inventory", "apply", str(estate), "--yes", *ADA, code=1)
    assert "+ resource orders-db added" in out
    assert "resource orders-db, node fra: nobody listens at 127.0.0.1" in err
    assert err.endswith("Nothing was applied.\n")
    assert json.loads(bcctl("inventory", "show", "--json")[0])["revision"] == 0
    _, err = bcctl("inventory", "apply", str(estate), "--allow-unreachable", "--no-input", *ADA, code=2)
    assert "Give --yes" in err
    bcctl("inventory", "apply", str(estate), "--allow-unreachable", "--yes", *ADA)
    assert bcctl("inventory", "plan", str(estate))[0] == "No change.\n"
    assert bcctl("inventory", "apply", str(estate))[0] == "No change.\n"
    shown = json.loads(bcctl("inventory", "show", "--json")[0])
    assert (shown["schema_version"], shown["revision"], len(shown["resources"])) == (1, 1, 4)
    assert "orders-db" in bcctl("inventory", "show")[0]

    estate.write_text(estate.read_text().replace("rpo: 30s", "rpoo: 30s", 1))
    _, err = bcctl("inventory", "apply", str(estate), "--yes", *ADA, code=1)
    assert "estate.yaml:27: resource orders-db: unknown key 'rpoo'; did you mean 'rpo'?" in err
    assert json.loads(bcctl("inventory", "show", "--json")[0])["revision"] == 1
    bcctl("inventory", "plan", "no-such-file.yaml", code=2)


def test_only_an_administrator_changes_the_inventory_and_never_by_bcctl_in_prod(bcctl: Bcctl, estate: Path) -> None:
    """SEC-002: refused with one sentence and exit 3, audited; plan stays open to everybody."""
    apply = ("inventory", "apply", str(estate), "--yes", "--allow-unreachable")
    _, err = bcctl(*apply, "--as", "olga", code=3)
    assert "ROLE_MISSING" in err
    bcctl(*apply, code=3)
    bcctl.environment["BC_ENV"] = "prod"
    bcctl(*apply, *ADA, code=3)
    assert json.loads(bcctl("inventory", "show", "--json")[0])["revision"] == 0
    bcctl("inventory", "plan", str(estate))


def test_missing_secret_reference(bcctl: Bcctl, estate: Path) -> None:
    del bcctl.environment["BC_DEMO_MONITOR"]
    _, err = bcctl("inventory", "apply", str(estate), "--yes", "--allow-unreachable", *ADA, code=1)
    assert err.count("is not set") == 1
    assert json.loads(bcctl("inventory", "show", "--json")[0])["revision"] == 0


def test_a_database_that_is_away_is_one_sentence(bcctl: Bcctl, estate: Path) -> None:
    bcctl.environment["BC_DATABASE_URL_UI"] = "postgresql+psycopg://bc_ui:x@127.0.0.1:1/bc"
    _, err = bcctl("inventory", "plan", str(estate), code=1)
    assert "does not answer" in err
    del bcctl.environment["BC_DATABASE_URL_UI"]
    _, err = bcctl("inventory", "plan", str(estate), code=1)
    assert "bcctl up" in err


def test_db_commands(bcctl: Bcctl) -> None:
    assert "as it should be" in bcctl("db", "check")[0]
    bcctl("db", "migrate")
    bcctl("db", "schema", "--check")
