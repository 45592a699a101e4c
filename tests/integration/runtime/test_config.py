"""Which database URL a process gets, and from where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib import config
from bc_lib.runtime import secretsfile, state


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for role in config.DbRole:
        monkeypatch.delenv(role.variable, raising=False)
    for name in ("BC_DATABASE_URL", "BC_SUPERVISED", "BC_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BC_DATA_DIR", str(tmp_path))
    return tmp_path


def record(data: Path, environment: str = "demo") -> None:
    import os

    state.write(
        data,
        state.RuntimeState(
            pid=os.getpid(),
            mark=state.own_mark(),
            url="http://localhost:1",
            environment=environment,
            demo=True,
            started_at="2026-11-23T00:00:00+00:00",
            ports={"database": 5999},
        ),
    )


@pytest.mark.parametrize("name", ["poller", "bc_poller"])
def test_a_given_url_wins_and_names_the_driver(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("BC_DATABASE_URL_POLLER", "postgresql://a:b@db.example/bc?sslmode=verify-full")
    assert config.database_url(name) == "postgresql+psycopg://a:b@db.example/bc?sslmode=verify-full"


def test_the_embedded_servers_port_and_password_are_found(data: Path) -> None:
    password = secretsfile.ensure(data)["bc_ui"]
    record(data)
    assert config.database_url("ui") == f"postgresql+psycopg://bc_ui:{password}@127.0.0.1:5999/bc"
    assert config.load().env is config.DeploymentEnv.DEMO


def test_a_server_of_ones_own_keeps_its_address(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secretsfile.ensure(data)
    monkeypatch.setenv("BC_DATABASE_URL", "postgresql://postgres:x@db.example:5433/postgres")
    assert config.database_url("reader").endswith("@db.example:5433/bc")


def test_a_supervised_process_gets_no_other_role(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secretsfile.ensure(data)
    record(data)
    monkeypatch.setenv("BC_SUPERVISED", "1")
    with pytest.raises(config.ConfigError, match="was not given the database role bc_owner"):
        config.database_url("owner")


def test_nothing_running_says_what_to_do(data: Path) -> None:
    secretsfile.ensure(data)
    with pytest.raises(config.ConfigError, match="bcctl up"):
        config.database_url("ui")


def test_another_dialect_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BC_DATABASE_URL_UI", "sqlite:///x.db")
    with pytest.raises(config.ConfigError, match="postgresql"):
        config.database_url("ui")
