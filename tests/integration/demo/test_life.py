"""Life and death of the agent: nothing is left behind, nothing is forgotten."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import psutil
import psycopg
import pytest

from bc_lib.runtime.portpick import is_free


def test_a_killed_agent_is_followed_by_one_that_adopts(demo, eventually: Callable[..., None]) -> None:
    """kill -9: the databases live on and keep their process; what was broken is still broken."""
    demo.do_break("orders-db", "primary-down")
    demo.do_break("billing-db", "replica-paused")
    demo.do_break("billing-db", "primary-unreachable")
    demo.do_break("shop-web", "dr-down")
    before = {server.pid for server in demo.servers() if _is_postmaster(server)}
    assert len(before) == 5
    demo.end(signal.SIGKILL)
    assert demo.start() < 6
    assert {server.pid for server in demo.servers() if _is_postmaster(server)} == before
    assert list(demo.report("orders-db")["broken"]) == ["primary-down"]
    with pytest.raises(psycopg.OperationalError, match="refused"):
        demo.connect("orders-db", "fra")
    assert demo.ask("billing-db", "ams", "SELECT pg_get_wal_replay_pause_state()") == "paused"
    with pytest.raises(psycopg.OperationalError, match="timeout"):
        demo.connect("billing-db", "fra", timeout=2)
    assert [node["running"] for node in demo.report("shop-web")["nodes"]] == [True, False]
    for name in ("orders-db", "billing-db", "shop-web"):
        demo.heal(name)
    assert demo.ask("orders-db", "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"
    demo.do_break("billing-db", "primary-down")  # after a black hole that was there from the start
    for _ in range(5):
        with pytest.raises(psycopg.OperationalError, match="refused"):
            demo.connect("billing-db", "fra")
    demo.heal("billing-db")


def test_a_stopped_server_stays_stopped_over_an_orderly_restart(demo) -> None:
    """A server that a fault stopped is not started by a restart; roles are what is on disk."""
    demo.do_break("orders-db", "dr-down")
    assert demo.end() < 15
    assert demo.left_over() == []
    assert demo.start() < 6
    assert [node["running"] for node in demo.report("orders-db")["nodes"]] == [True, False]
    demo.heal("orders-db")


def test_a_second_agent_says_that_one_runs(demo) -> None:
    """Started twice it says so, and harms nothing."""
    second = _agent(demo, timeout=20)
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert demo.ask("orders-db", "fra", "SELECT 1") == 1


def test_sigterm_leaves_nothing_and_a_taken_port_is_said(demo) -> None:
    """All gone by itself, in seconds; a port that somebody took meanwhile is replaced, and the estate file follows."""
    demo.do_break("billing-db", "replica-paused")
    assert demo.end() < 15
    assert demo.left_over() == []
    assert not (demo.home / "agent.json").exists()
    was = demo.endpoint("orders-db", "fra")["port"]
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", was))
        squatter.listen()
        demo.start()
        assert demo.endpoint("orders-db", "fra")["port"] != was
        assert f"Port {was} is taken" in demo.log
        assert demo.ask("orders-db", "fra", "SELECT pg_is_in_recovery()") is False
    assert demo.ask("billing-db", "ams", "SELECT pg_get_wal_replay_pause_state()") == "paused"
    demo.heal("billing-db")


def test_interrupted_while_building_it_leaves_nothing_and_builds_anew(demo, eventually: Callable[..., None]) -> None:
    """Ended in the middle of the first start: no process, and the next start is whole."""
    demo.end()
    (demo.home / "state.json").unlink()
    demo.process = subprocess.Popen(
        [sys.executable, "-m", "demo.agent"], cwd=os.getcwd(), env={**os.environ, "BC_DATA_DIR": str(demo.data)}
    )
    built = demo.data / "servers" / "estate" / "orders-db-fra"
    eventually(lambda: not (built / "PG_VERSION").exists(), "the old one is erased")
    eventually((built / "PG_VERSION").exists, "the first initdb writes")
    assert demo.end() < 15
    assert demo.left_over() == []
    demo.start()
    assert demo.ask("reports-db", "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"


def test_a_damaged_state_file_says_what_to_do(demo) -> None:
    """A broken old data folder: one sentence, exit code 1, no half start."""
    demo.end()
    state = demo.home / "state.json"
    kept = state.read_text()
    try:
        state.write_text("{broken")
        refused = _agent(demo, timeout=20)
        assert refused.returncode == 1
        assert "remove the folder" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        assert demo.servers() == set()
    finally:
        state.write_text(kept)


def test_ports_are_free_after_the_end(demo) -> None:
    """Nobody listens any more, and nothing of ours holds them."""
    if demo.process.poll() is None:
        demo.end()
    assert is_free(demo.endpoint("orders-db", "fra")["port"])


def _agent(demo, timeout: float) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BC_DATA_DIR": str(demo.data)}
    command = [sys.executable, "-m", "demo.agent"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout)


def _is_postmaster(process: psutil.Process) -> bool:
    return process.cmdline()[1:2] == ["-D"]
