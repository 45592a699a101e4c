"""The supervisor with real processes: order, restart, failure in words, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

PROJECT = Path(__file__).resolve().parents[3]
PRELUDE = """
import os, signal, sys, time
from pathlib import Path
from bc_lib.runtime import descendants
from bc_lib.runtime.supervisor import Supervisor, UnitFailed
from bc_lib.runtime.unit import Unit, command_spawner
here = Path({here!r})
def program(name, code, **more):
    log = here / (name + ".log")
    env = {{"PATH": os.environ["PATH"], "MARK": str(here)}}
    return Unit(name=name, spawn=command_spawner([sys.executable, "-c", code], env, log, here), log=log, **more)
def until(supervisor, condition, limit=20):
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "too late"
        supervisor.step()
        time.sleep(0.02)
descendants.become_subreaper()
"""


def script(tmp_path: Path, body: str) -> subprocess.Popen[str]:
    """Run `body` in a process of its own: being a subreaper is for the whole process."""
    source = PRELUDE.format(here=str(tmp_path)) + textwrap.dedent(body)
    return subprocess.Popen(
        [sys.executable, "-c", source], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def output(process: subprocess.Popen[str]) -> str:
    text, _ = process.communicate(timeout=60)
    assert process.returncode == 0, text
    return text


def marked(tmp_path: Path) -> list[psutil.Process]:
    """Processes that were started below `tmp_path`."""
    found = []
    for one in psutil.process_iter():
        try:
            if one.environ().get("MARK") == str(tmp_path) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except psutil.Error:
            continue
    return found


def eventually(condition: Callable[[], bool], limit: float = 10) -> bool:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def test_a_unit_waits_for_what_it_needs(tmp_path: Path) -> None:
    text = output(
        script(
            tmp_path,
            """
        first = program("first", "import time; time.sleep(0.4)", oneshot=True)
        second = program("second", "import time; time.sleep(60)", after=("first",))
        s = Supervisor([second, first], print, 20)
        s.step()
        assert "second" not in s.pids()
        until(s, lambda: s.all_ready)
        s.stop()
    """,
        )
    )
    assert text.index("first ready") < text.index("second ready")


def test_what_dies_is_started_again_and_said(tmp_path: Path) -> None:
    text = output(
        script(
            tmp_path,
            """
        s = Supervisor([program("worker", "import time; time.sleep(60)")], print, 20)
        until(s, lambda: s.all_ready)
        before = s.pids()["worker"]
        os.kill(before, signal.SIGKILL)
        until(s, lambda: s.pids().get("worker", before) != before)
        s.stop()
    """,
        )
    )
    assert "worker ended by SIGKILL; starting it again in 0.5 s" in text
    assert marked(tmp_path) == []


def test_what_hangs_alive_is_killed_and_started_again(tmp_path: Path) -> None:
    """A frozen process never ends by itself; its missing sign of life tells, and it is said. The second one lives."""
    text = output(
        script(
            tmp_path,
            """
        import psutil
        once = here / "once"
        code = f"import os, signal, time; from pathlib import Path; here = Path({str(once)!r})\\n"
        code += "if not here.exists(): here.touch(); os.kill(os.getpid(), signal.SIGSTOP)\\n"
        code += "time.sleep(60)"
        def alive():
            return psutil.Process(s.pids()["worker"]).status() != psutil.STATUS_STOPPED
        unknown = program("unknown", "import time; time.sleep(60)", pulse=lambda: None, pulse_every_s=0, hung_after_s=0.1)
        s = Supervisor([program("worker", code, pulse=alive, pulse_every_s=0.05, hung_after_s=0.3), unknown], print, 20)
        until(s, lambda: s.all_ready)
        first, kept = s.pids()["worker"], s.pids()["unknown"]
        until(s, lambda: s.pids().get("worker", first) != first)
        assert once.exists()
        for _ in range(20):
            s.step()
            time.sleep(0.05)
        assert s.pids()["unknown"] == kept
        s.stop()
    """,
        )
    )
    assert "worker runs and has shown no sign of life for 0 s; killing it" in text
    assert "worker ended by SIGKILL; starting it again in 0.5 s" in text
    assert text.count("killing it") == 1
    assert marked(tmp_path) == []


def test_what_never_comes_up_is_a_sentence_with_its_log(tmp_path: Path) -> None:
    text = output(
        script(
            tmp_path,
            """
        s = Supervisor([program("broken", "print('no licence found'); raise SystemExit(3)", ready=lambda _: False)],
                       print, 20)
        try:
            until(s, lambda: False)
        except UnitFailed as error:
            print(error)
        s.stop()
    """,
        )
    )
    assert f"broken ended with code 3. Its log is {tmp_path / 'broken.log'}" in text
    assert "no licence found" in text


def test_a_unit_that_does_not_answer_in_time_is_a_sentence(tmp_path: Path) -> None:
    text = output(
        script(
            tmp_path,
            """
        s = Supervisor([program("deaf", "import time; time.sleep(60)", ready=lambda _: False)], print, 0.5)
        try:
            until(s, lambda: False)
        except UnitFailed as error:
            print(error)
        s.stop()
    """,
        )
    )
    assert "deaf did not answer within 0 s" in text or "deaf did not answer within 1 s" in text
    assert marked(tmp_path) == []


STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
GRANDCHILD = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}], start_new_session=True)
time.sleep(60)
"""


def test_a_grandchild_in_its_own_session_is_ended_too(tmp_path: Path) -> None:
    """Airflow's task processes have groups of their own and may ignore SIGTERM."""
    output(
        script(
            tmp_path,
            f"""
        s = Supervisor([program("parent", {GRANDCHILD!r})], print, 20)
        until(s, lambda: len(descendants.all_below()) == 2)
        os.kill(s.pids()["parent"], signal.SIGKILL)   # the grandchild is an orphan now, and ours
        until(s, lambda: len(descendants.all_below()) >= 2 and "parent" in s.pids())
        s.stop()
        assert descendants.all_below() == []
    """,
        )
    )
    assert marked(tmp_path) == []


def test_units_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """kill -9 of bcctl itself: the kernel tells every unit."""
    process = script(
        tmp_path,
        """
        s = Supervisor([program("worker", "import time; time.sleep(60)")], print, 20)
        until(s, lambda: s.all_ready)
        print("up", flush=True)
        time.sleep(60)
    """,
    )
    assert process.stdout is not None
    while process.stdout.readline().strip() != "up":
        pass
    assert marked(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert eventually(lambda: marked(tmp_path) == [])


@pytest.mark.parametrize(("code", "words"), [(3, "with code 3"), (-9, "by SIGKILL"), (-200, "by signal 200")])
def test_exit_codes_in_words(code: int, words: str) -> None:
    from bc_lib.runtime.supervisor import how

    assert how(code) == words
