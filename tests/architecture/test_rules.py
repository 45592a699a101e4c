"""The house rules that a reader could break without noticing: imports, plugin files, file sizes."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bc_lib.config import Settings

PROJECT = Path(__file__).resolve().parents[2]
CODE = ("bc_lib", "streamlit_app", "demo", "dags", "plugins", "scripts", "benchmarks", "tests")
MAX_LINES = 400
DRIVERS = {"psycopg", "psycopg2", "asyncpg", "sqlalchemy", "httpx", "apprise", "hvac", "pymysql", "pymongo", "redis"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Absolute names of every module that `path` imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return names


def strangers(path: Path) -> set[str]:
    """Imports of `path` that the domain may not have."""
    return {
        name
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("bc_lib.domain")
    }


def test_domain_imports_the_standard_library_and_itself_only() -> None:
    found = {str(path.relative_to(PROJECT)): strangers(path) for path in python_files("bc_lib/domain")}
    assert found
    assert {path: names for path, names in found.items() if names} == {}


CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic"}
WORLD = {"os", "socket", "subprocess", "time", "random", "secrets", "urllib.request", "logging"}


def test_domain_has_no_clock_and_no_input_or_output() -> None:
    paths = python_files("bc_lib/domain")
    assert paths
    for path in paths:
        assert not imported(path) & WORLD, path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not called & (CLOCKS | ({"open", "print", "input"} - own)), path


def test_parsing_the_dags_loads_no_driver() -> None:
    """Everything that the scheduler's parser loads from us, in a fresh process; Airflow's own imports don't count."""
    code = """
import sys, airflow.exceptions, airflow.sdk.bases.operator, airflow.triggers.base
sys.path.insert(0, "plugins")  # as Airflow does
before = set(sys.modules)
import importlib.util, pathlib
for path in sorted(pathlib.Path("dags").glob("*.py")):
    spec = importlib.util.spec_from_file_location("dag_" + path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & DRIVERS
    assert not [
        name
        for name in done.stdout.split()
        if name.startswith(("bc_lib.store", "bc_lib.connectors", "bc_lib.bootstrap"))
    ]


def test_dags_import_bc_lib_inside_their_tasks_only() -> None:
    paths = python_files("dags")
    assert paths
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.name for node in top for alias in node.names} | {
            getattr(node, "module", "") or "" for node in top
        }
        assert not [name for name in names if name.startswith("bc_lib")], path


def test_plugin_files_are_flat_and_prefixed() -> None:
    """Airflow registers each plugin file under its bare stem: plugins/x/secrets.py would hide the standard one."""
    paths = python_files("plugins")
    assert paths
    for path in paths:
        assert path.parent == PROJECT / "plugins", path
        assert path.name.startswith("bc_"), path


@pytest.mark.parametrize("folder", CODE)
def test_no_file_is_longer_than_anybody_reads(folder: str) -> None:
    long = {
        str(path.relative_to(PROJECT)): count
        for path in python_files(folder)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_nothing_leaves_a_note_to_finish_later() -> None:
    note = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|XX" + "X)\\b|NotImplemented" + "Error")
    assert [
        str(path)
        for path in python_files("bc_lib", "streamlit_app", "demo", "dags", "plugins")
        if note.search(path.read_text(encoding="utf-8"))
    ] == []


def copy(tmp_path: Path) -> Path:
    target = tmp_path / "copy"
    for name in ("bc_lib", "streamlit_app", "demo"):
        shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", target)
    return target


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / "lint_imports.py"), str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_import_directions_hold(tmp_path: Path) -> None:
    done = lint(copy(tmp_path))
    assert done.returncode == 0, done.stdout


PLANTS = [
    ("bc_lib/domain/names.py", "import bc_lib.ports"),
    ("bc_lib/services/__init__.py", "import bc_lib.store"),
    ("bc_lib/services/__init__.py", "import psycopg"),
    ("bc_lib/ports/__init__.py", "import bc_lib.services"),
    ("bc_lib/connectors/__init__.py", "import bc_lib.store"),
    ("bc_lib/store/__init__.py", "import bc_lib.services"),
    ("bc_lib/jobs.py", "import airflow"),
    ("bc_lib/config.py", "import streamlit"),
    ("bc_lib/config.py", "import demo"),
    ("bc_lib/runtime/boot.py", "import psycopg"),
    ("streamlit_app/presenters/__init__.py", "import bc_lib.bootstrap"),
    ("streamlit_app/app_pages/health.py", "import bc_lib.bootstrap_audit"),
    ("streamlit_app/acts.py", "from bc_lib.bootstrap_execution import execution"),
    ("streamlit_app/web/taking.py", "import bc_lib.jobs_requests"),
    ("bc_lib/services/__init__.py", "import bc_lib.bootstrap_policy"),
    ("bc_lib/store/__init__.py", "import bc_lib.bootstrap_runbooks"),
    ("bc_lib/domain/names.py", "import bc_lib.jobs"),
]


@pytest.mark.parametrize(("file", "line"), PLANTS)
def test_a_planted_import_is_caught(tmp_path: Path, file: str, line: str) -> None:
    folder = copy(tmp_path)
    path = folder / file
    path.touch()
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = lint(folder)
    assert done.returncode != 0, done.stdout
    assert "BROKEN" in done.stdout


def test_a_planted_third_party_import_in_the_domain_is_caught(tmp_path: Path) -> None:
    plant = tmp_path / "planted.py"
    plant.write_text("import json\nimport bc_lib.domain.names\nimport pydantic\n", encoding="utf-8")
    assert strangers(plant) == {"pydantic"}


def test_the_contract_of_the_pages_names_everything_that_composes() -> None:
    """A new bootstrap_* or jobs_* must be named in pyproject.toml: its contracts know no patterns."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    named = next(set(each["forbidden_modules"]) for each in contracts if each["id"] == "one-door-to-bootstrap")
    there = {
        f"bc_lib.{path.stem}" for kind in ("bootstrap", "jobs") for path in (PROJECT / "bc_lib").glob(f"{kind}*.py")
    }
    assert len(there) > 5
    assert there - named == set()


def test_every_setting_is_read_by_somebody() -> None:
    """A setting that nothing reads promises what does not happen."""
    names = set(Settings.model_fields)
    assert names
    config = PROJECT / "bc_lib" / "config.py"
    read: set[str] = set()
    for path in python_files("bc_lib", "streamlit_app", "demo", "dags", "plugins"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                mine = path == config and ast.unparse(node.value) not in {"self", "settings", "chosen"}
                read |= set() if mine else {node.attr}
    assert names - read == set()


def test_migrations_are_one_line() -> None:
    """Each number once, in its file's name too, and each follows the one before: two branches may take the same."""
    found: list[tuple[str, str, str | None]] = []
    for path in sorted((PROJECT / "sql" / "migrations" / "versions").glob("*.py")):
        said = dict(re.findall(r'^(revision|down_revision)[^=\n]*= "?(\w+)"?$', path.read_text(encoding="utf-8"), re.M))
        found.append((path.name.partition("_")[0], said["revision"], said.get("down_revision")))
    assert [name for name, revision, _ in found if name != revision] == []
    before = {revision: down for _, revision, down in found}
    assert len(before) == len(found)
    line, current = [], next(iter(set(before) - set(before.values())))
    while current in before:
        line.append(current)
        current = str(before[current])
    assert len(line) == len(found)
