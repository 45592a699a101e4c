"""Is it running? A recorded pid alone does not say so."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.runtime import secretsfile, state
from bc_lib.runtime.identity import start_mark
from bc_lib.runtime.jsonfile import BrokenFile


def own(**changes: object) -> state.RuntimeState:
    made = state.RuntimeState(
        pid=os.getpid(),
        mark=state.own_mark(),
        url="http://localhost:1",
        environment="dev",
        demo=False,
        started_at="2026-11-23T00:00:00+00:00",
        ports={"database": 1},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_living_process_is_running(tmp_path: Path) -> None:
    state.write(tmp_path, own())
    assert state.read_alive(tmp_path) == own()
    assert (tmp_path / state.FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_reused_pid_is_not_running(tmp_path: Path) -> None:
    state.write(tmp_path, own(mark="another-boot:1"))
    assert state.read(tmp_path) is not None
    assert state.read_alive(tmp_path) is None


def test_a_dead_process_is_not_running_even_as_a_zombie(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    mark = start_mark(child.pid)
    state.write(tmp_path, own(pid=child.pid, mark=mark))
    assert state.read_alive(tmp_path) is not None
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert state.read_alive(tmp_path) is None
    child.communicate()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"unknown": 1}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / state.FILE_NAME).write_text(text)
    assert state.read_alive(tmp_path) is None


def test_one_lock_holder_at_a_time_and_the_kernel_frees_it(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from bc_lib.runtime import state; "
        f"print(state.try_lock(Path({str(tmp_path)!r})), flush=True); input()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline().strip() != "None"
    assert state.try_lock(tmp_path) is None
    other.kill()
    other.communicate()
    handle = state.try_lock(tmp_path)
    assert handle is not None
    os.close(handle)


def test_passwords_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = secretsfile.ensure(tmp_path)
    assert set(first) == set(secretsfile.KEYS)
    assert len(set(first.values())) == len(first)
    assert (tmp_path / secretsfile.FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert secretsfile.ensure(tmp_path) == first


def test_broken_passwords_are_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / secretsfile.FILE_NAME).write_text("{")
    with pytest.raises(BrokenFile, match=r"Put back a copy of it, or move .* away"):
        secretsfile.ensure(tmp_path)
