"""`bcctl up` as a person uses it, with everything real but the demo's estate: start, twice, crash, stop, Ctrl-C."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bc_lib.runtime import leftovers, state
from bc_lib.runtime.account import server_account
from bc_lib.runtime.folders import Folders, choose

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folders]:
    """A data folder with a space and a quote in its name; nothing runs in it afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BC_DATA_DIR", str(tmp_path_factory.mktemp("it's a folder") / "data"))
        folders = choose(server_account())
    yield folders
    bcctl(folders, "down")
    shutil.rmtree(folders.servers, ignore_errors=True)


def environment(place: Folders) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith(("BC_", "AIRFLOW"))}
    ports = {"BC_UI_PORT": "18501", "BC_AIRFLOW_PORT": "18580", "BC_DATABASE_PORT": "58430"}
    return own | ports | {"BC_DATA_DIR": str(place.data)}


def bcctl(place: Folders, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bc_lib.cli", *args],
        cwd=PROJECT,
        env=environment(place) | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def start(place: Folders) -> subprocess.Popen[bytes]:
    with (place.data.parent / "up.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bc_lib.cli", "up"],
            cwd=PROJECT,
            env=environment(place),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def ended(process: subprocess.Popen[bytes], place: Folders) -> None:
    """Wait until it is gone. Every stage of an orderly stop has a grace of its own, so on a busy machine it takes a while."""
    try:
        process.wait(150)
    except subprocess.TimeoutExpired:
        pytest.fail(f"bcctl up did not end:\n{(place.data.parent / 'up.log').read_text(errors='replace')[-4000:]}")


def remaining(place: Folders) -> list[str]:
    return [f"{one.pid} {' '.join(one.cmdline())}" for one in leftovers.find(place.data, place.servers)]


def running(place: Folders) -> state.RuntimeState:
    found = state.read_alive(place.data)
    assert found is not None
    return found


def child(place: Folders, *words: str) -> int:
    for one in psutil.Process(running(place).pid).children():
        if all(word in " ".join(one.cmdline()) for word in words):
            return one.pid
    raise AssertionError(f"no process {words}")


def restarted(place: Folders, url: str, before: int) -> bool:
    """True once another process than `before` serves the pages."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as page:
            return page.status == 200 and child(place, "streamlit") != before
    except (OSError, AssertionError):
        return False


def test_up_twice_crash_and_down(place: Folders) -> None:
    """One URL; a second start says so; what dies comes back; down leaves nothing."""
    first = bcctl(place, "up", "--detach")
    assert first.returncode == 0, first.stderr
    url = first.stdout.strip()
    assert url.startswith("http://localhost:")
    with urllib.request.urlopen(url, timeout=10) as page:
        assert page.status == 200

    second = bcctl(place, "up")
    assert second.returncode == 1
    assert url in second.stderr
    assert "Already running" in second.stderr

    before = child(place, "streamlit")
    os.kill(before, signal.SIGKILL)
    end = time.monotonic() + 60
    while not restarted(place, url, before):
        assert time.monotonic() < end, (place.data.parent / "data" / "logs" / "bcctl.log").read_text()
        time.sleep(0.2)

    down = bcctl(place, "down")
    assert down.returncode == 0
    assert "nothing is left running" in down.stderr
    assert remaining(place) == []
    assert state.read(place.data) is None


def test_no_password_in_any_command_line_or_log(place: Folders) -> None:
    """A15: passwords travel in private environments only; looked for while everything starts."""
    process = start(place)
    secrets: list[str] = []
    seen = 0
    try:
        end = time.monotonic() + 15
        while time.monotonic() < end and process.poll() is None:
            if not secrets and (place.data / "secrets.json").exists():
                secrets = list(json.loads((place.data / "secrets.json").read_text()).values())
            for one in psutil.Process(process.pid).children(recursive=True):
                try:
                    line = " ".join(one.cmdline())
                except psutil.Error:
                    continue
                seen += 1
                assert not [secret for secret in secrets if secret in line]
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGINT)
        ended(process, place)
    assert secrets
    assert seen > 100
    for log in place.data.glob("logs/**/*.log"):
        text = log.read_text(errors="replace")
        assert not [secret for secret in secrets if secret in text], log


@pytest.mark.parametrize("round_", range(6))
def test_ctrl_c_at_any_moment_leaves_nothing(place: Folders, round_: int) -> None:
    """Early moments more often than late ones: that is where most is being started."""
    moment = random.uniform(0.05, 12.0) ** 2 / 12.0
    process = start(place)
    time.sleep(moment)
    process.send_signal(random.choice([signal.SIGINT, signal.SIGTERM]))
    ended(process, place)
    assert remaining(place) == [], f"left behind after {moment:.2f} s"
    assert state.read_alive(place.data) is None


def test_a_killed_up_is_cleaned_up_by_the_next(place: Folders) -> None:
    """kill -9 of bcctl: nothing of it survives the next start or `down`."""
    process = start(place)
    time.sleep(6)
    process.kill()
    process.wait()
    down = bcctl(place, "down")
    assert down.returncode == 0, down.stderr
    assert remaining(place) == []


def test_a_process_that_cannot_start_is_a_sentence(place: Folders) -> None:
    """The log's path and its end; everything else is stopped."""
    failed = bcctl(place, "up", BC_DATABASE_URL="postgresql://postgres:x@127.0.0.1:9/postgres")
    assert failed.returncode == 1
    assert "ended with code 1. Its log is" in failed.stderr
    assert "Everything that had been started is stopped again." in failed.stderr
    assert remaining(place) == []


def test_wrong_settings_are_usage_errors(place: Folders) -> None:
    wrong = bcctl(place, "up", BC_UI_PORT="99999")
    assert wrong.returncode == 2
    assert "BC_UI_PORT is wrong" in wrong.stderr
    refused = bcctl(place, "up", "--demo", BC_ENV="prod")
    assert refused.returncode == 2
    assert "--demo does not go with BC_ENV=prod" in refused.stderr
