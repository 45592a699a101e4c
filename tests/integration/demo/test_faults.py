"""Each break mode does on the wire what it says, and healing undoes it (F16, TC-031)."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import psutil
import psycopg
import pytest

from bc_lib.runtime.pgserver import ServerFailed
from tests.fixtures.pgcluster import cluster

ORDERS, BILLING, SHOP = "orders-db", "billing-db", "shop-web"
RECEIVED = "SELECT pg_last_wal_receive_lsn()"
BEAT = "SELECT beat_at FROM public.bc_heartbeat"
REPLAYED = "SELECT pg_last_wal_replay_lsn()"


def test_replica_paused(demo, eventually: Callable[..., None]) -> None:
    """The standby goes on receiving and stops replaying."""
    demo.do_break(ORDERS, "replica-paused")
    assert demo.ask(ORDERS, "ams", "SELECT pg_get_wal_replay_pause_state()") == "paused"
    received, replayed = demo.ask(ORDERS, "ams", RECEIVED), demo.ask(ORDERS, "ams", REPLAYED)
    eventually(lambda: demo.ask(ORDERS, "ams", RECEIVED) != received, "more WAL received")
    assert demo.ask(ORDERS, "ams", REPLAYED) == replayed
    assert "already" in demo.do_break(ORDERS, "replica-paused")
    demo.heal(ORDERS)
    assert demo.ask(ORDERS, "ams", "SELECT pg_get_wal_replay_pause_state()") == "not paused"
    assert demo.ask(ORDERS, "ams", REPLAYED) != replayed


def test_dr_down(demo) -> None:
    """The standby refuses connections; the primary keeps its WAL in the slot."""
    demo.do_break(ORDERS, "dr-down")
    with pytest.raises(psycopg.OperationalError, match="refused"):
        demo.connect(ORDERS, "ams")
    assert demo.ask(ORDERS, "fra", "SELECT count(*) FROM pg_replication_slots WHERE NOT active") == 1
    status, answer = demo.call("POST", "/break", {"name": ORDERS, "mode": "replica-paused"})
    assert (status, "heal orders-db first" in answer["error"]) == (422, True)
    demo.heal(ORDERS)
    assert demo.ask(ORDERS, "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_another_server_cannot_take_the_ports_of_one_that_is_down(demo, how: str) -> None:
    """Else the monitor would ask a stranger, and the server could not come back."""
    before = next(node for node in demo.report(ORDERS)["nodes"] if node["role"] == "standby")
    if how == "stopped":
        demo.do_break(ORDERS, "dr-down")
    else:
        next(server for server in demo.servers() if server.pid == before["pid"]).kill()
        time.sleep(0.5)
    with cluster() as stranger:
        server = stranger.servers["fra"]
        server.stop()
        for server.port in (before["port"], before["server_port"]):
            with pytest.raises(ServerFailed, match="could not create any TCP/IP sockets"):
                server.start()
            with pytest.raises(psycopg.OperationalError, match="refused"):
                demo.connect(ORDERS, "ams")
    demo.heal(ORDERS)
    assert demo.ask(ORDERS, "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"


def test_primary_down(demo, eventually: Callable[..., None]) -> None:
    """An open connection breaks, new ones are refused, the shop is unavailable; healing brings the same primary."""
    with demo.connect(ORDERS, "fra") as held:
        demo.do_break(ORDERS, "primary-down")
        with pytest.raises(psycopg.OperationalError):
            held.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="refused"):
        demo.connect(ORDERS, "fra")
    assert demo.ask(ORDERS, "ams", "SELECT pg_is_in_recovery()") is True
    assert _health(demo, "fra")[0] == 503
    assert _health(demo, "ams") == (200, "standby")
    demo.heal(ORDERS)
    assert demo.ask(ORDERS, "fra", "SELECT pg_is_in_recovery()") is False
    eventually(lambda: _health(demo, "fra") == (200, "active"), "the shop is back")


def test_primary_unreachable_is_blindness_only(demo, eventually: Callable[..., None]) -> None:
    """F16: the monitor's open connection freezes, a new one is accepted and never answered; writing goes on."""
    with contextlib.closing(demo.connect(BILLING, "fra")) as held:
        held.execute("SELECT 1")
        demo.do_break(BILLING, "primary-unreachable")
        rows = demo.report(BILLING)["rows_written"]
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match="timeout"):
            demo.connect(BILLING, "fra", timeout=2)
        assert time.monotonic() - began >= 1.8
        held.pgconn.send_query(b"SELECT 1")
        time.sleep(0.5)
        held.pgconn.consume_input()
        assert held.pgconn.is_busy()
        beat = demo.ask(BILLING, "ams", BEAT)
        eventually(lambda: demo.ask(BILLING, "ams", BEAT) > beat, "beats at the standby")
        assert demo.report(BILLING)["rows_written"] > rows
        demo.heal(BILLING)
        with pytest.raises(psycopg.OperationalError):  # bytes were lost, so this one can only end
            held.pgconn.consume_input()
    assert demo.ask(BILLING, "fra", "SELECT 1") == 1


def test_heartbeat_stopped(demo) -> None:
    """The load goes on; only the beat stands still."""
    demo.do_break(BILLING, "heartbeat-stopped")
    beat, rows = demo.ask(BILLING, "fra", BEAT), demo.report(BILLING)["rows_written"]
    time.sleep(1.5)
    assert demo.ask(BILLING, "fra", BEAT) == beat
    assert demo.report(BILLING)["rows_written"] > rows
    demo.heal(BILLING)
    assert demo.ask(BILLING, "fra", BEAT) > beat


@pytest.mark.parametrize("site", ["fra", "ams"])
def test_slow(demo, site: str) -> None:
    """Every chunk comes late, in both directions: a query takes two delays (0.4 s each in the tests)."""
    with demo.connect(BILLING, site) as held:
        demo.do_break(BILLING, "slow")
        began = time.monotonic()
        held.execute("SELECT 1")
        assert 0.8 <= time.monotonic() - began < 2
        demo.heal(BILLING)
        began = time.monotonic()
        held.execute("SELECT 1")  # a slow wire loses nothing, so the connection lives on
        assert time.monotonic() - began < 0.3


def test_several_faults_heal_at_once(demo) -> None:
    """One heal undoes everything of a resource, the delayed standby's too."""
    for mode in ("replica-paused", "dr-down", "primary-down", "primary-unreachable", "heartbeat-stopped", "slow"):
        demo.do_break("reports-db", mode)
    began = time.monotonic()
    demo.heal("reports-db")
    assert time.monotonic() - began < 20
    report = demo.report("reports-db")
    assert report["broken"] == {}
    assert [(node["running"], node["wire"]) for node in report["nodes"]] == [(True, "pass")] * 2
    assert demo.ask("reports-db", "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"
    assert demo.ask("reports-db", "ams", "SHOW recovery_min_apply_delay") == "2min"


@pytest.mark.parametrize(("mode", "site"), [("primary-down", "fra"), ("dr-down", "ams")])
def test_shop_stopped(demo, mode: str, site: str) -> None:
    """The site's web server is gone; the other one answers."""
    demo.do_break(SHOP, mode)
    with pytest.raises(urllib.error.URLError, match="refused"):
        _health(demo, site)
    assert _health(demo, "ams" if site == "fra" else "fra")[0] == 200
    demo.heal(SHOP)
    assert _health(demo, site)[0] == 200


def test_shop_unreachable_and_slow(demo) -> None:
    """Unreachable: connected, never answered. Slow: answered late."""
    demo.do_break(SHOP, "primary-unreachable")
    with pytest.raises(TimeoutError):
        _health(demo, "fra", timeout=1)
    demo.heal(SHOP)
    demo.do_break(SHOP, "slow")
    began = time.monotonic()
    assert _health(demo, "ams")[0] == 200
    assert time.monotonic() - began >= 0.8
    demo.heal(SHOP)


@pytest.mark.parametrize("mode", ["replica-paused", "heartbeat-stopped"])
def test_modes_that_the_shop_does_not_have(demo, mode: str) -> None:
    """Refused with a sentence that names what there is."""
    status, answer = demo.call("POST", "/break", {"name": SHOP, "mode": mode})
    assert status == 422
    assert "primary-down" in answer["error"]
    assert demo.report(SHOP)["broken"] == {}


def test_heal_of_what_is_whole_changes_nothing(demo) -> None:
    """Healing twice is harmless."""
    pids = [node["pid"] for node in demo.report(ORDERS)["nodes"]]
    assert "nothing was broken" in demo.heal(ORDERS)
    assert [node["pid"] for node in demo.report(ORDERS)["nodes"]] == pids


@pytest.mark.parametrize("name", [ORDERS, "reports-db"])
def test_a_standby_that_lost_its_place_is_cloned_anew(demo, name: str) -> None:
    """Its WAL is gone at the primary (slot lost): heal makes the standby again instead of waiting for ever."""
    demo.do_break(name, "dr-down")
    password = json.loads((demo.home / "secrets.json").read_text())["superuser"]
    port = next(node["server_port"] for node in demo.report(name)["nodes"] if node["role"] == "primary")
    superuser = {"host": "127.0.0.1", "port": port, "user": "postgres", "password": password}
    with psycopg.connect(**superuser, autocommit=True) as connection:
        connection.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
    demo.heal(name)
    assert demo.ask(name, "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"
    assert demo.ask(name, "fra", "SELECT active FROM pg_replication_slots") is True


def test_a_server_killed_by_hand_is_brought_back_by_heal(demo) -> None:
    """The agent never restarts a database by itself; heal does."""
    killed = next(node for node in demo.report(ORDERS)["nodes"] if node["role"] == "standby")
    next(server for server in demo.servers() if server.pid == killed["pid"]).kill()
    time.sleep(4)
    children = psutil.Process(demo.process.pid).children()
    assert not [child for child in children if child.status() == psutil.STATUS_ZOMBIE]
    assert [node["running"] for node in demo.report(ORDERS)["nodes"]] == [True, False]
    demo.heal(ORDERS)
    assert [node["running"] for node in demo.report(ORDERS)["nodes"]] == [True, True]


def _health(demo, site: str, timeout: float = 5) -> tuple[int, str]:
    url = demo.endpoint(SHOP, site)["url"]
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, json.load(answer)["role"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["role"]
