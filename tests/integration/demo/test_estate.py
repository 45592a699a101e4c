"""What stands after the start: real pairs under load, a heartbeat, an application, private files (FR-010, FR-014)."""

from __future__ import annotations

import json
import stat
import time
import urllib.request
from collections.abc import Callable

import psycopg
import pytest

PAIRS = ("orders-db", "billing-db", "reports-db")
TABLES = {"orders-db": "orders", "billing-db": "invoices", "reports-db": "report_rows"}


@pytest.mark.parametrize("name", PAIRS)
def test_each_pair_is_a_primary_and_a_streaming_standby(demo, name: str) -> None:
    """FR-010: both sites answer through the proxy, each with its own role."""
    assert demo.ask(name, "fra", "SELECT pg_is_in_recovery()") is False
    assert demo.ask(name, "ams", "SELECT pg_is_in_recovery()") is True
    assert demo.ask(name, "ams", "SELECT status FROM pg_stat_wal_receiver") == "streaming"
    assert demo.ask(name, "fra", "SELECT application_name FROM pg_stat_replication") == f"{name}-ams"


def test_load_and_heartbeat_reach_the_standby(demo, eventually: Callable[..., None]) -> None:
    """FR-014: the beat moves on at the primary and is seen at the DR site, with timeline and position."""
    row = "SELECT beat_at FROM public.bc_heartbeat"
    first = demo.ask("orders-db", "ams", row)
    eventually(lambda: demo.ask("orders-db", "ams", row) > first, "a newer beat at the standby")
    assert demo.ask("orders-db", "fra", "SELECT timeline FROM public.bc_heartbeat") == 1
    assert demo.ask("orders-db", "fra", "SELECT clock_timestamp() - beat_at < '3s' FROM public.bc_heartbeat")


def test_the_load_keeps_its_rate(demo) -> None:
    """Tier 1 writes about 20 rows a second, reports about 5."""
    before = {name: demo.report(name)["rows_written"] for name in PAIRS}
    time.sleep(2)
    gained = {name: (demo.report(name)["rows_written"] - before[name]) / 2 for name in PAIRS}
    assert 10 <= gained["orders-db"] <= 24
    assert 3 <= gained["reports-db"] <= 7


def test_the_reports_standby_is_late_on_purpose(demo) -> None:
    """It receives, and applies two minutes late: an honest reason not to be green."""
    assert demo.ask("reports-db", "ams", "SHOW recovery_min_apply_delay") == "2min"
    assert demo.ask("orders-db", "ams", "SHOW recovery_min_apply_delay") == "0"


@pytest.mark.parametrize("name", PAIRS)
def test_the_monitor_can_only_read_what_it_needs(demo, name: str) -> None:
    """SEC-002: no business table, no writing, no heartbeat function."""
    for statement in (
        f"SELECT * FROM public.{TABLES[name]}",
        "SELECT public.bc_beat()",
        "DELETE FROM public.bc_heartbeat",
        "SELECT pg_promote()",
    ):
        with demo.connect(name, "fra") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_heartbeat_writer_can_only_beat(demo) -> None:
    """Decision 17: its account executes one function without arguments and touches no table."""
    secrets = json.loads((demo.home / "secrets.json").read_text())
    port = demo.endpoint("orders-db", "fra")["port"]
    with psycopg.connect(
        host="127.0.0.1", port=port, dbname="orders", user="bc_beater", password=secrets["beater"], autocommit=True
    ) as connection:
        connection.execute("SELECT public.bc_beat()")
        for statement in ("UPDATE public.bc_heartbeat SET beat_at = now()", "SELECT * FROM public.orders"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(("site", "role"), [("fra", "active"), ("ams", "standby")])
def test_the_shop_answers_at_both_sites(demo, site: str, role: str) -> None:
    """The HTTP application lives on the orders database and says its version and role."""
    url = demo.endpoint("shop-web", site)["url"]
    with urllib.request.urlopen(url, timeout=5) as answer:
        body = json.load(answer)
    assert (body["status"], body["version"], body["role"], body["database"]) == ("ok", "2.3.1", role, "ok")


def test_secrets_stay_in_private_files(demo) -> None:
    """SEC-005: passwords stand in three files of mode 0600, not in the estate file, a log or a process list."""
    for name in ("secrets.json", "demo.env", "agent.json", "state.json"):
        assert stat.S_IMODE((demo.home / name).stat().st_mode) == 0o600
    passwords = json.loads((demo.home / "secrets.json").read_text()).values()
    servers = demo.data / "servers" / "estate"
    texts = [demo.log, (demo.home / "estate.yaml").read_text(), *(path.read_text() for path in servers.glob("*.log"))]
    texts += [" ".join(process.cmdline()) for process in demo.servers()]
    assert not [text for text in texts for word in passwords if word in text]


def test_the_api_wants_its_token(demo) -> None:
    """Nobody else on this machine breaks the demo."""
    status, answer = demo.call("POST", "/break", {"name": "orders-db", "mode": "slow"}, token="wrong")
    assert status == 401
    assert "token" in answer["error"]
    assert demo.report("orders-db")["broken"] == {}


@pytest.mark.parametrize(
    "body", [None, [], {"name": "orders-db"}, {"name": 1, "mode": "slow"}, {"name": "x\x00", "mode": "slow"}]
)
def test_bad_requests_get_one_sentence(demo, body: object) -> None:
    """A12: whatever comes in, the answer is one sentence and nothing breaks."""
    status, answer = demo.call("POST", "/break", body)
    assert status == 422
    assert answer["error"].endswith(".")
