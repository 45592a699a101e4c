"""A poller's window over fakes: hand-over, take-over, failed writes, slow targets (F26, F27, decision 10)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bc_lib.domain.inventory import Endpoint, Environment, Inventory, Platform, Resource
from bc_lib.domain.observation import NodeObservation, Observation, Reach
from bc_lib.ports.monitoring import Lease, Round
from bc_lib.services.collection import judge as judging
from bc_lib.services.collection.window import Poller, WindowSettings
from bc_lib.testing.builders import administrator
from bc_lib.testing.fake_monitoring import FakeConnector, FakeInventory, FakeLeases, FakeMonitoringStore, FakeRegistry

FAST = WindowSettings(window_s=1.2, wait_s=5.0, lease_ttl_s=1.0, renew_s=0.1, try_lease_s=0.05)


def resource(name: str) -> Resource:
    ends = tuple(
        Endpoint(site=site, node=site, host="127.0.0.1", port=5432, database="x", secret="env:X")
        for site in ("fra", "ams")
    )
    return Resource(
        name=name,
        platform=Platform.POSTGRESQL,
        tier=1,
        environment=Environment.DEMO,
        owner="Team",
        home_site="fra",
        dr_site="ams",
        endpoints=ends,
        interval_s=0.2,
    )


def blind(item: Resource, cold: bool) -> Observation:
    now = datetime.now(UTC)
    nodes = tuple(
        NodeObservation(node=end.node, site=end.site, observed_at=now, reach=Reach.UNREACHABLE, error="no answer")
        for end in item.endpoints
    )
    return Observation(resource=item.name, observed_at=now, nodes=nodes, cold=cold)


class House:
    """A store, leases and an inventory that several pollers share."""

    def __init__(self, *names: str) -> None:
        self.leases = FakeLeases()
        self.store = FakeMonitoringStore(self.leases)
        self.inventory = FakeInventory(Inventory(resources=tuple(resource(name) for name in names)))

    def poller(self, holder: str, settings: WindowSettings = FAST, **delays: float) -> Poller:
        connector = FakeConnector(blind, delay_s={name.replace("_", "-"): value for name, value in delays.items()})
        return Poller(
            inventory=self.inventory,
            store=self.store,
            leases=self.leases,
            registry=FakeRegistry(connector),
            holder=holder,
            settings=settings,
        )

    def times(self, name: str) -> list[float]:
        return [
            item.observation.observed_at.timestamp() for item in self.store.rounds if item.observation.resource == name
        ]


def longest_gap(times: list[float]) -> float:
    return max(later - earlier for earlier, later in zip(times, times[1:], strict=False))


async def test_a_waiting_poller_takes_over_without_a_gap() -> None:
    house = House("orders-db")
    patient = replace(FAST, lease_ttl_s=60.0, wait_s=30.0)
    first, second = house.poller("one", patient), house.poller("two", patient)
    results = await asyncio.gather(first.run(), second.run())
    assert {result.ended for result in results} == {"window over"}
    assert house.leases.epochs["poller/0"] == 2
    assert longest_gap(house.times("orders-db")) < 10, "an expiry would have taken a minute"


async def test_only_the_holder_writes_and_the_loser_of_the_lease_stops(caplog: pytest.LogCaptureFixture) -> None:
    """F27, F02: a poller that was frozen past its lease finds another holder and writes nothing more."""
    house = House("orders-db")
    poller = house.poller("frozen", replace(FAST, window_s=10))
    running = asyncio.create_task(poller.run())
    while not house.store.rounds:
        await asyncio.sleep(0.02)
    house.leases.held.clear()
    taken = house.leases.acquire("poller/0", "other", 60)
    written = len(house.store.rounds)
    result = await asyncio.wait_for(running, 3)
    assert result.ended == "lease lost" and taken is not None
    assert len(house.store.rounds) == written
    house.leases.renew(taken)  # the loser did not release what is no longer its own


async def test_observations_are_kept_while_the_database_is_away() -> None:
    house = House("orders-db")
    poller = house.poller("one", replace(FAST, window_s=2.5))
    house.store.trouble = ConnectionError("server closed the connection")
    running = asyncio.create_task(poller.run())
    await asyncio.sleep(0.7)
    assert not house.store.rounds
    back = datetime.now(UTC).timestamp()
    house.store.trouble = None
    await running
    times = house.times("orders-db")
    assert times == sorted(times)
    assert times[0] < back, "what was seen meanwhile is stored afterwards, in order"


async def test_a_slow_target_delays_nobody_else() -> None:
    """F26 in small: one target answers late, the others keep their cadence."""
    house = House("orders-db", "slow-db")
    await house.poller("one", replace(FAST, window_s=2.5), slow_db=3600).run()
    assert len(house.times("orders-db")) >= 3
    assert not house.times("slow-db")


async def test_stop_hands_the_lease_over_at_once() -> None:
    house = House("orders-db")
    poller = house.poller("one", replace(FAST, window_s=60))
    running = asyncio.create_task(poller.run())
    while not house.store.rounds:
        await asyncio.sleep(0.02)
    poller.stop.set()
    assert (await asyncio.wait_for(running, 3)).ended == "stopped"
    assert house.leases.acquire("poller/0", "next", 1) is not None


async def test_a_changed_inventory_is_followed() -> None:
    house = House("orders-db")
    running = asyncio.create_task(house.poller("one").run())
    while not house.store.rounds:
        await asyncio.sleep(0.02)
    house.inventory.replace(
        Inventory(resources=(resource("billing-db"),)), expected_revision=1, actor=administrator("test"), summary=""
    )
    await running
    assert house.times("billing-db"), "a new resource is watched without a restart"
    assert max(house.times("orders-db")) < max(house.times("billing-db"))


async def test_what_cannot_be_judged_is_a_check_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One resource's figures break the rules: its looks are stored without them, and Health says which one it is."""
    house = House("orders-db", "poison-db")
    real = judging.assess

    def assess(item: Resource, seen: Observation, *more: object) -> object:
        if item.name == "poison-db" and any(node.error != judging.UNJUDGED for node in seen.nodes):
            raise TypeError("expected string or bytes-like object, got 'int'")
        return real(item, seen, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "assess", assess)
    await house.poller("one").run()
    assert len(house.times("orders-db")) >= 3
    assert len(house.times("poison-db")) >= 3
    stored = [each for each in house.store.rounds if each.observation.resource == "poison-db"]
    assert {reason.code for each in stored for reason in each.assessment.reasons} >= {"CHECK_FAILED"}
    details = house.store.beats["poller", "one"]
    assert str(details["last_error"]).startswith("what was seen of poison-db could not be judged or stored")


@pytest.mark.parametrize("where", ["rules", "store"])
async def test_a_resource_that_breaks_keeps_no_other_from_being_stored(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes stale, Health says which one it is, and every round of the others is stored."""
    house = House("orders-db", "poison-db", "billing-db")
    if where == "rules":
        real = judging.assess

        def assess(item: Resource, *more: object) -> object:
            if item.name == "poison-db":
                raise StopIteration
            return real(item, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(judging, "assess", assess)
    else:
        record = house.store.record

        def refuse(rounds: Sequence[Round], lease: Lease) -> None:
            if any(each.observation.resource == "poison-db" for each in rounds):
                raise ValueError("a NUL byte")
            record(rounds, lease)

        monkeypatch.setattr(house.store, "record", refuse)
    await house.poller("one").run()
    assert len(house.times("orders-db")) >= 3
    assert len(house.times("billing-db")) >= 3
    assert house.times("poison-db") == []
    details = house.store.beats["poller", "one"]
    assert str(details["last_error"]).startswith("what was seen of poison-db could not be judged or stored")
