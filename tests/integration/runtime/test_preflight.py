"""Refusals before anything starts, against a real PostgreSQL data folder."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bc_lib.config import Settings
from bc_lib.runtime import control, pg_binaries, portpick, preflight, psql, secretsfile
from bc_lib.runtime.account import server_account
from bc_lib.runtime.folders import Folders, choose
from bc_lib.runtime.preflight import NotReady

ACCOUNT = server_account()


@pytest.fixture
def folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folders]:
    monkeypatch.setenv("BC_DATA_DIR", str(tmp_path_factory.mktemp("a folder with 'quotes'")))
    chosen = choose(ACCOUNT)
    preflight.make_data_folder(chosen, ACCOUNT)
    yield chosen
    shutil.rmtree(chosen.servers)


@pytest.fixture
def bin_folder(folders: Folders) -> Path:
    return pg_binaries.find_bin(ACCOUNT, folders.servers / "postgresql")


def made(folders: Folders, bin_folder: Path) -> Path:
    password = secretsfile.ensure(folders.data)[secretsfile.SUPERUSER]
    assert control.initialise(folders, bin_folder, ACCOUNT, password)
    return control.data_folder(folders)


def refusal(folders: Folders, bin_folder: Path) -> str:
    with pytest.raises(NotReady) as caught:
        preflight.check_database_folder(control.data_folder(folders), folders.data, bin_folder)
    return str(caught.value)


def test_a_whole_folder_is_accepted_and_made_once(folders: Folders, bin_folder: Path) -> None:
    made(folders, bin_folder)
    preflight.check_database_folder(control.data_folder(folders), folders.data, bin_folder)
    assert not control.initialise(folders, bin_folder, ACCOUNT, "other")


def test_an_interrupted_initdb_counts_as_nothing(folders: Folders, bin_folder: Path) -> None:
    half = control.data_folder(folders).with_name("new")
    (half / "base").mkdir(parents=True)
    preflight.check_database_folder(control.data_folder(folders), folders.data, bin_folder)
    made(folders, bin_folder)
    assert not half.exists()


def test_another_major_version_names_both_and_the_way_out(folders: Folders, bin_folder: Path) -> None:
    (made(folders, bin_folder) / "PG_VERSION").write_text("15\n")
    text = refusal(folders, bin_folder)
    assert "was made by PostgreSQL 15" in text
    assert "BC_POSTGRES_BIN" in text


def test_a_broken_folder_says_what_to_do(folders: Folders, bin_folder: Path) -> None:
    (made(folders, bin_folder) / "global" / "pg_control").unlink()
    assert "put a copy of it back, or move" in refusal(folders, bin_folder)


def test_lost_passwords_say_what_to_do(folders: Folders, bin_folder: Path) -> None:
    made(folders, bin_folder)
    (folders.data / secretsfile.FILE_NAME).unlink()
    assert "secrets.json is missing" in refusal(folders, bin_folder)


@pytest.mark.parametrize(
    ("limits", "words"),
    [({"min_disk_mb": 10**9}, "MB are free where"), ({"min_memory_mb": 10**9}, "MB of memory are available")],
)
def test_too_small_a_machine_says_how_much_is_needed(tmp_path: Path, limits: dict[str, int], words: str) -> None:
    settings = Settings(data_dir=tmp_path / "not" / "there" / "yet", **limits)
    with pytest.raises(NotReady, match=words) as caught:
        preflight.check_machine(settings)
    assert "1000000000 MB are needed" in str(caught.value)


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReady, match="let BC_DATA_DIR name another folder"):
        preflight.make_data_folder(Folders(tmp_path / "file" / "data", tmp_path / "file" / "data" / "servers"), None)


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((portpick.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert portpick.pick(port, {port + 1}) not in {port, port + 1}


def test_a_real_server_takes_roles_and_databases_again_and_again(folders: Folders, bin_folder: Path) -> None:
    made(folders, bin_folder)
    port = portpick.pick(56500, set())
    server = control.server(folders, bin_folder, port, ACCOUNT)
    password = secretsfile.load(folders.data)[secretsfile.SUPERUSER]
    url = f"postgresql+psycopg://postgres:{password}@127.0.0.1:{port}/postgres"
    server.start()
    try:
        for secret in ("it's", 'new"\\one'):
            psql.ensure_database(bin_folder, url, "airflow", secret, "airflow")
        assert psql.run(
            bin_folder, f"postgresql://airflow:new%22%5Cone@127.0.0.1:{port}/airflow", "SELECT current_user"
        ) == ["airflow"]
        with pytest.raises(psql.SqlFailed, match="password authentication failed"):
            psql.run(bin_folder, f"postgresql://airflow:wrong@127.0.0.1:{port}/airflow", "SELECT 1")
    finally:
        server.stop()
