"""F27: a poller killed with -9 is replaced within two minutes, and nobody is told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.domain.inventory import (
    Channel,
    ChannelKind,
    Endpoint,
    Environment,
    Inventory,
    Resource,
    Route,
    Thresholds,
    Tls,
)
from bc_lib.runtime.portpick import pick
from bc_lib.store.inventory import InventoryRepository
from bc_lib.testing.builders import administrator, inventory
from tests.fixtures.database import Database

ROOT = Path(__file__).resolve().parents[3]


def lost_estate() -> Inventory:
    """One resource whose both sites refuse, told about after a second."""
    sample = inventory()
    first: Resource = sample.resources[0]
    port = pick(43210, set())
    ends = tuple(
        Endpoint(site=site, node=site, host="127.0.0.1", port=port, database="x", secret="env:BC_T", tls=Tls.DISABLE)
        for site in (first.home_site, first.dr_site)
    )
    resource = replace(
        first,
        environment=Environment.DEMO,
        endpoints=ends,
        interval_s=1.0,
        depends_on=(),
        thresholds=Thresholds(alert_after_s=1.0),
    )
    channel = Channel(name="ops-mail", kind=ChannelKind.MAIL, url="env:BC_T")
    route = Route(tiers=(1, 2), environments=(Environment.DEMO,), channels=("ops-mail",))
    return Inventory(sites=sample.sites, resources=(resource,), channels=(channel,), routes=(route,))


@pytest.fixture
def start_poller(database: Database, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "BC_DATABASE_URL_POLLER": database.url("bc_poller"),
            "BC_DATA_DIR": str(tmp_path),
            "BC_ENV": "test",
            "BC_T": "user:password",
        }
        command = [sys.executable, "-m", "bc_lib.cli", "poll", "--seconds", "100"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(what: str, found: Callable[[], object], limit_s: float) -> float:
    begin = time.monotonic()
    while time.monotonic() - begin < limit_s:
        if found():
            return time.monotonic() - begin
        time.sleep(0.2)
    pytest.fail(f"{what}: not within {limit_s:.0f} s")


def test_another_poller_takes_over_and_no_notice_is_written_twice(
    database: Database, start_poller: Callable[[], subprocess.Popen[bytes]]
) -> None:
    InventoryRepository(database.engine("bc_ui")).replace(
        lost_estate(), expected_revision=0, actor=administrator("test"), summary="first"
    )
    first = start_poller()
    wait_for("first notice", lambda: database.sql("bc_reader", "SELECT 1 FROM bc.outbox"), 30)
    told = database.sql("postgres", "SELECT dedup_key FROM bc.outbox ORDER BY 1")
    start_poller()

    first.send_signal(signal.SIGKILL)
    first.wait()
    last = database.sql("bc_reader", "SELECT max(observed_at) FROM bc.current_status")[0][0]
    newer = "SELECT 1 FROM bc.current_status WHERE observed_at > :last AND epoch = 2"
    took = wait_for("take-over", lambda: database.sql("bc_reader", newer, last=last), 120)

    assert took < 30, f"the lease lasts 15 s, so {took:.0f} s is late"
    time.sleep(3)  # long enough for the new poller to judge the same breach several times
    assert database.sql("postgres", "SELECT dedup_key FROM bc.outbox ORDER BY 1") == told
