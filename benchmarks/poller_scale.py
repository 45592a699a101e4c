"""Does one poller keep the 15 s cadence for 500 resources (NFR-003)? Real PostgreSQL store, real rules, real poller.

`python -m benchmarks.poller_scale [RESOURCES] [SECONDS]`. The targets are answered in this process after 3 ms each:
no machine here holds 500 database pairs, and the connector's own rate is measured apart. Prints the ages that a
page would have shown, sampled every second after the first full round; exit 1 where one reached STALE (20 s).
"""

from __future__ import annotations

import asyncio
import resource as usage
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bc_lib.domain.freshness import stale_after_s
from bc_lib.domain.inventory import Inventory, Resource
from bc_lib.domain.observation import Observation
from bc_lib.runtime.account import server_account
from bc_lib.runtime.pg_binaries import find_bin
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.portpick import pick
from bc_lib.services.collection.window import Poller, WindowSettings
from bc_lib.store.admin import LOGIN_ROLES, initialise
from bc_lib.store.engine import make_engine
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from bc_lib.testing.builders import administrator, inventory, observation, resource
from bc_lib.testing.fake_monitoring import FakeConnector, FakeRegistry

INTERVAL_S, ANSWER_S = 15.0, 0.003


def url(port: int, role: str, database: str = "bc") -> str:
    return f"postgresql+psycopg://{role}:x@127.0.0.1:{port}/{database}"


def look(item: Resource, cold: bool) -> Observation:
    return replace(observation(item.name, datetime.now(UTC)), cold=cold)


async def measure(port: int, names: list[str], seconds: float) -> tuple[list[float], int]:
    engine = make_engine(url(port, "bc_poller"))
    connector = FakeConnector(look, delay_s=dict.fromkeys(names, ANSWER_S))
    poller = Poller(
        inventory=InventoryRepository(engine),
        store=MonitoringStore(engine, lambda notice: []),
        leases=Leases(engine),
        registry=FakeRegistry(connector),
        holder="benchmark",
        settings=WindowSettings(window_s=seconds + INTERVAL_S + 5),
    )
    running = asyncio.create_task(poller.run())
    await asyncio.sleep(INTERVAL_S + 4)
    reader, ages = StatusReader(make_engine(url(port, "bc_reader"))), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = await asyncio.to_thread(reader.snapshot)
        ages += [(seen.now - row.observation.observed_at).total_seconds() for row in seen.statuses]
        await asyncio.sleep(1)
    return sorted(ages), (await running).rounds


def main(count: int, seconds: float) -> int:
    account, root = server_account(), Path(tempfile.mkdtemp(prefix="bc-bench-"))
    root.chmod(0o755)
    server = PgServer(find_bin(account, root / "bin"), root / "server" / "data", pick(43111, set()), account)
    server.init("x")
    server.start()
    try:
        initialise(url(server.port, "postgres", "postgres"), dict.fromkeys(LOGIN_ROLES, "x"))
        names = [f"db-{number}" for number in range(count)]
        sample = inventory()
        estate = Inventory(
            sites=sample.sites, resources=tuple(replace(resource(name), depends_on=()) for name in names)
        )
        InventoryRepository(make_engine(url(server.port, "bc_ui"))).replace(
            estate, expected_revision=0, actor=administrator(), summary="benchmark"
        )
        before = usage.getrusage(usage.RUSAGE_SELF)
        ages, rounds = asyncio.run(measure(server.port, names, seconds))
        after = usage.getrusage(usage.RUSAGE_SELF)
    finally:
        server.stop("fast")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    p50, p99, worst = ages[len(ages) // 2], ages[int(len(ages) * 0.99)], ages[-1]
    print(f"{count} resources, {rounds} rounds: age p50 {p50:.1f} s, p99 {p99:.1f} s, worst {worst:.1f} s")
    print(f"limit {stale_after_s(INTERVAL_S):.0f} s; CPU of poller and reader {cpu / (seconds + 20):.2f} of a core")
    return int(worst > stale_after_s(INTERVAL_S))


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]] + [500.0, 60.0][len(sys.argv) - 1 :]
    sys.exit(main(int(given[0]), given[1]))
