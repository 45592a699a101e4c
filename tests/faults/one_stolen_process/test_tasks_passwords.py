"""P: what a task of Airflow, and any other DAG there, finds in its own process."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from bc_lib import config, jobs
from bc_lib.config import ConfigError, DbRole
from bc_lib.runtime import plan as planning
from bc_lib.runtime import prepare, secretsfile
from bc_lib.runtime.folders import PROJECT
from bc_lib.store import admin

TASKS = (DbRole.POLLER, DbRole.KEEPER, DbRole.RUNNER)


@pytest.fixture
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Mapping[str, str]]:
    """What `bcctl up` gives each process that it starts, by its log's name."""
    found: dict[str, Mapping[str, str]] = {}

    def spawner(_command: object, env: Mapping[str, str], log: Path, _cwd: Path) -> object:
        found[log.stem] = dict(env)
        return lambda: None

    monkeypatch.setattr(planning, "command_spawner", spawner)
    monkeypatch.setenv("BC_DATABASE_URL_RUNNER", "postgresql://bc_runner:x@127.0.0.1:1/bc")  # as a caller may have set
    monkeypatch.delenv("BC_DATABASE_URL", raising=False)
    settings = config.Settings(data_dir=tmp_path)
    planning.units(
        planning.Plan(
            settings=settings,
            environment="test",
            demo=True,
            ports={"database": 1, "pages": 2, "airflow": 3},
            secrets=secretsfile.ensure(tmp_path),
            bin_folder=tmp_path,
            run_id="x",
        )
    )
    return found


def test_the_scheduler_hands_no_role_to_its_tasks(environments: dict[str, Mapping[str, str]], tmp_path: Path) -> None:
    """Tasks are forked from it, ours and other DAGs': neither a URL nor a password of any role is there."""
    mine = environments["airflow-scheduler"]
    assert not [name for name in mine if name.startswith("BC_DATABASE_URL")]
    known = secretsfile.load(tmp_path)
    passwords = [known[role.login] for role in DbRole]
    assert len(set(passwords)) == len(DbRole)
    assert not [name for name, value in mine.items() if any(password in value for password in passwords)]


def test_each_process_has_its_own_roles_only(environments: dict[str, Mapping[str, str]]) -> None:
    given = {
        unit: {name.removeprefix("BC_DATABASE_URL_") for name in env if name.startswith("BC_DATABASE_URL")}
        for unit, env in environments.items()
    }
    assert given == {
        "shared-database": {role.name for role in DbRole},
        "airflow-schema": {role.name for role in DbRole},
        "demo-estate": set(),
        "demo-inventory": set(),
        "audit-signer": {"SIGNER"},
        "sign-on": {"SIGN_ON"},
        "pages": {"UI", "READER"},
        "airflow-api-server": {"READER"},
        "airflow-scheduler": set(),
        "airflow-dag-processor": {"READER"},
        "airflow-triggerer": {"READER", "KEEPER"},
    }


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a task, and the files that the preparation left for it."""
    for role in DbRole:
        monkeypatch.setenv(role.variable, f"postgresql://{role.login}:of-{role.value}@127.0.0.1:1/bc")
    monkeypatch.setenv(config.TASK_URLS, str(tmp_path / "roles"))
    monkeypatch.setenv("BC_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(admin, "initialise", lambda *_: None)
    monkeypatch.setattr("bc_lib.bootstrap.bring_people", lambda: 7)
    prepare.shared("postgresql://postgres@127.0.0.1:1/postgres")
    for role in DbRole:
        monkeypatch.delenv(role.variable)
    monkeypatch.setenv(config.TASK_URLS, str(tmp_path / "roles"))
    monkeypatch.setenv(config.SUPERVISED, "1")
    return tmp_path / "roles"


def test_a_file_a_role_and_nobody_else_reads_it(inside: Path) -> None:
    assert {path.name for path in inside.iterdir()} == {f"{role.login}.json" for role in TASKS}
    assert {stat.S_IMODE(path.stat().st_mode) for path in inside.iterdir()} == {0o600}
    for role in TASKS:
        assert json.loads(config.task_file(inside, role).read_text())["url"] in config.database_url(role).replace(
            "+psycopg", ""
        )
    for role in set(DbRole) - set(TASKS):
        with pytest.raises(ConfigError, match="was not given"):
            config.database_url(role)


def test_the_poll_task_opens_no_other_role(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the task itself: its environment, and what it gets when it asks."""
    seen: dict[str, object] = {}

    async def polls(_settings: object) -> str:
        seen["environment"] = [name for name in os.environ if "RUNNER" in name or "KEEPER" in name]
        seen["own"] = config.database_url(DbRole.POLLER)
        for role in set(DbRole) - {DbRole.POLLER}:
            with pytest.raises(ConfigError, match="works as bc_poller only"):
                config.database_url(role)
        seen["given"] = [role for role in DbRole if config.has_url(role)]
        return "polled"

    monkeypatch.setattr(jobs, "_poll", polls)
    assert jobs.poll_window(0, 1) == "polled"
    assert seen["environment"] == []
    assert "of-poller" in str(seen["own"])
    assert seen["given"] == [DbRole.POLLER]
    assert inside.is_dir()


def test_containers_are_apart_by_queue() -> None:
    """In compose the poller's worker holds its role alone, ours another, and no worker of ours takes other DAGs."""
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    workers = {
        one["command"][one["command"].index("--queues") + 1]: {
            name.removeprefix("BC_DATABASE_URL_") for name in one["environment"] if name.startswith("BC_DATABASE_URL")
        }
        for one in services.values()
        if "worker" in one.get("command", [])
    }
    assert workers == {"bc-poller": {"POLLER"}, "bc": {"KEEPER", "RUNNER"}}
