"""The benchmark on real servers: its baseline round, its small init, and what a signal leaves behind (issue 4)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from bc_lib.runtime.folders import PROJECT


def bench(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.switchover", *words]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def below(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def wait_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return alive


def test_one_bare_switchover_loses_no_row_and_the_others_are_listed(tmp_path: Path) -> None:
    running = bench("--only", "raw", "--rounds", "1", "--json", str(tmp_path / "out.json"))
    output, trouble = running.communicate(timeout=120)
    assert running.returncode == 0, trouble
    results = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["results"]
    (measured,) = (one for one in results if one["rounds"])
    assert measured["key"] == "raw"
    assert measured["to_raw"] == 1.0
    assert measured["rounds"][0]["lost"] == 0
    assert 0 < measured["rounds"][0]["outage_ms"] < 30_000
    assert output.count("not measured: left out by --only") == len(results) - 1


def test_a_signal_in_the_middle_ends_every_process_and_the_run_says_so() -> None:
    running = bench("--only", "raw", "--rounds", "50")
    assert running.stdout is not None
    assert "raw switchover 1:" in running.stdout.readline()
    children = below(running.pid)
    assert [one for one in children if one.name() == "postgres"]
    running.send_signal(signal.SIGTERM)
    output, _ = running.communicate(timeout=60)
    assert "not measured: the run was stopped" in output
    assert running.returncode == 130
    assert wait_gone(children) == []


def test_kill_9_of_the_benchmark_takes_the_servers_along() -> None:
    running = bench("--only", "raw", "--rounds", "50")
    assert running.stdout is not None
    running.stdout.readline()
    children = below(running.pid)
    running.kill()
    running.wait()
    running.communicate()
    assert wait_gone(children) == []


def test_the_small_init_collects_orphans_and_ends_what_the_command_left(tmp_path: Path) -> None:
    """Patroni and pg_ctl leave daemons; they must be collected at once and end with the benchmark."""
    shell = f"setsid sleep 300 & echo $! > {tmp_path}/orphan; setsid sh -c 'exit 0' & sleep 0.2"
    command = [sys.executable, "-m", "benchmarks.switchover.reaper", "-1", "-1", "sh", "-c", shell]
    init = subprocess.Popen(command, cwd=PROJECT)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and [one.name() for one in below(init.pid)] != ["sleep"]:
        time.sleep(0.05)
    orphan = int((tmp_path / "orphan").read_text())
    assert [one.pid for one in below(init.pid)] == [orphan]
    os.kill(init.pid, signal.SIGTERM)
    assert init.wait(20) == 0
    assert not psutil.pid_exists(orphan)
