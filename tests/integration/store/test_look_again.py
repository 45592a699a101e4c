"""What a run began with or moved is looked at again at once, and until then nothing is said from before (FR-011)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import Observation
from bc_lib.services.collection.window import Poller, WindowSettings
from bc_lib.services.estate import Estate, read_estate
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from bc_lib.testing.builders import observation
from bc_lib.testing.fake_monitoring import FakeConnector, FakeRegistry
from tests.fixtures.requests import refused, world
from tests.fixtures.runs import Runs, runs

__all__ = ["runs", "world"]


def estate(runs: Runs) -> Estate:
    engine = runs.world.database.engine("bc_reader")
    return read_estate(InventoryRepository(engine), StatusReader(engine))


def said(runs: Runs, name: str = "orders-db") -> tuple[Status, str]:
    """Status and first reason as every page shows them now."""
    view = estate(runs).resource(name)
    assert view is not None
    return view.current.status, view.current.reasons[0].code if view.current.reasons else ""


def test_from_the_start_on_nothing_is_said_from_before(runs: Runs) -> None:
    """At the start, after each effect, at the end: the members of the plan, and nobody else."""
    assert said(runs) == (Status.GREEN, "")
    lease = runs.started("orders-db")
    assert said(runs) == (Status.STALE, "LOOKING_AGAIN")
    assert said(runs, "billing-db") == (Status.GREEN, "")
    runs.world.observe("orders-db")
    assert said(runs) == (Status.GREEN, "")
    runs.to(lease, "orders-db/check", StepState.CLAIMED, StepState.SEEN, StepState.VERIFIED)
    assert said(runs) == (Status.GREEN, ""), "a look has no effect"
    runs.to(lease, "orders-db/move", StepState.CLAIMED)
    assert said(runs) == (Status.GREEN, "")
    runs.to(lease, "orders-db/move", StepState.SEEN)
    assert said(runs) == (Status.STALE, "LOOKING_AGAIN")
    view = estate(runs).resource("orders-db")
    assert view is not None
    assert (view.current.could_fail_over.answer, view.current.could_switch_over.answer) == (Answer.UNKNOWN,) * 2
    assert view.current.reasons[0].text.startswith("Being looked at again since ")


def test_no_plan_rests_on_what_was_before(runs: Runs) -> None:
    """Refused for the moment it takes, then made from what is."""
    runs.world.let_rivals()
    runs.started("orders-db")
    assert refused(runs.world.ask) == "LOOKING_AGAIN"
    assert refused(runs.world.ask, scope="payments") == "LOOKING_AGAIN"
    runs.world.observe("orders-db")
    assert runs.world.ask().id


@pytest.fixture
async def watched(runs: Runs) -> AsyncIterator[FakeConnector]:
    """A poller over the real store that looks every 15 s, in a task of its own."""
    engine = runs.world.database.engine("bc_poller")

    def look(item: Resource, cold: bool) -> Observation:
        return replace(observation(item.name, datetime.now(UTC)), cold=cold)

    connector = FakeConnector(look)
    poller = Poller(
        inventory=InventoryRepository(engine),
        store=MonitoringStore(engine, lambda _: []),
        leases=Leases(engine),
        registry=FakeRegistry(connector),
        holder="looker",
        settings=WindowSettings(window_s=60.0),
    )
    runs.world.database.sql("postgres", "UPDATE bc.lease SET expires_at = bc.now()")
    task = asyncio.create_task(poller.run())
    await asyncio.sleep(1.0)
    yield connector
    poller.stop.set()
    await asyncio.wait_for(task, 20)


async def test_the_poller_looks_within_a_second(runs: Runs, watched: FakeConnector) -> None:
    """Not at the next round, which is up to 15 s away. Several moves, one look each, the neighbours left alone."""
    lease = await asyncio.to_thread(runs.started, "orders-db")
    took = [await seen_again(runs)]
    await asyncio.to_thread(runs.to, lease, "orders-db/check", StepState.CLAIMED, StepState.SEEN, StepState.VERIFIED)
    await asyncio.to_thread(runs.to, lease, "orders-db/move", StepState.CLAIMED, StepState.SEEN)
    took.append(await seen_again(runs))
    assert max(took) < 5.0, f"{took} (about 0.7 s alone on a machine)"
    mine = [name for name, _ in watched.asked if name == "orders-db"]
    assert 2 <= len(mine) <= 4, watched.asked


async def seen_again(runs: Runs) -> float:
    """Seconds until orders-db is no longer being looked at again."""
    began = time.monotonic()
    while (await asyncio.to_thread(said, runs))[1] == "LOOKING_AGAIN":
        assert time.monotonic() - began < 12, "it was left to the next ordinary round"
        await asyncio.sleep(0.05)
    return time.monotonic() - began
