"""F26: 5 % of the targets black-holed, 5 % dripping bytes: the others keep their freshness (NFR-003)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bc_lib.connectors.registry import LazyRegistry
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.observation import Reach
from bc_lib.services.collection.window import Poller, WindowSettings
from bc_lib.testing.bad_targets import drip, mute, serving
from bc_lib.testing.fake_monitoring import FakeInventory, FakeLeases, FakeMonitoringStore
from tests.fixtures.pgcluster import FixedSecrets, cluster, of
from tests.fixtures.pgcluster import resource as aimed

GOOD, BAD, INTERVAL_S, TIMEOUT_S, WINDOW_S = 36, 2, 1.0, 4.5, 16.0
# Whoever waits for a bad target waits for its time-out; a loaded machine stays far below that.
LIMIT_S = 3.5


async def watched(inventory: Inventory) -> FakeMonitoringStore:
    """What one real poller's window brought into the store."""
    store = FakeMonitoringStore(FakeLeases())
    poller = Poller(
        inventory=FakeInventory(inventory),
        store=store,
        leases=store.leases,
        registry=LazyRegistry(FixedSecrets(), timeout_s=TIMEOUT_S),
        holder="test",
        settings=WindowSettings(window_s=WINDOW_S, cold_every_s=3.0),
    )
    await asyncio.wait_for(poller.run(), 90)
    return store


def gaps(store: FakeMonitoringStore, kind: str) -> list[float]:
    """Seconds between two looks at one resource, of all resources of a kind, sorted."""
    times: dict[str, list[float]] = {}
    for item in store.rounds:
        seen = item.observation
        if seen.resource.startswith(kind):
            times.setdefault(seen.resource, []).append(seen.observed_at.timestamp())
    return sorted(b - a for each in times.values() for a, b in zip(sorted(each), sorted(each)[1:], strict=False))


async def test_the_others_stay_fresh() -> None:
    """p99 of the good ones' gaps stays at their cadence, warm and cold; no bad one is ever told as answering."""
    with cluster() as made:
        made.sql("fra", "ALTER ROLE bc_monitor CONNECTION LIMIT -1")
        async with serving(mute) as hole, serving(drip) as dripping:
            estate = [of(made, "fra", name=f"good-{n}", heartbeat=False) for n in range(GOOD)]
            for kind, port in (("hole", hole), ("drip", dripping)):
                estate += [aimed(("fra", port), name=f"{kind}-{n}", heartbeat=False) for n in range(BAD)]
            store = await watched(Inventory(resources=tuple(replace(one, interval_s=INTERVAL_S) for one in estate)))
    good, bad = gaps(store, "good"), gaps(store, "hole")
    assert len({one.observation.resource for one in store.rounds}) == GOOD + 2 * BAD
    assert bad and bad[0] > LIMIT_S, "the black hole costs its own rounds the time-out, or this test shows nothing"
    assert good[int(len(good) * 0.99)] < LIMIT_S
    answered = {
        item.observation.resource[:4]
        for item in store.rounds
        for node in item.observation.nodes
        if node.reach is Reach.OK
    }
    assert answered == {"good"}
    assert all(
        node.reach is Reach.OK
        for item in store.rounds
        if item.observation.resource.startswith("good")
        for node in item.observation.nodes
    )
