"""Asking for a move while the primary is dead, at 390 px: what AppTest cannot see (touch, reach, both themes)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.domain.observation import Observation
from bc_lib.ports.monitoring import Remembered
from bc_lib.services.collection.judge import judge
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from tests.absences import chromium
from tests.e2e.server import PRODUCT, serving
from tests.e2e.test_requests import enter
from tests.e2e.test_screens import OVERFLOW
from tests.fixtures.requests import World, estate, world
from tests.unit.requests.test_which_moves_make_sense import well, without

__all__ = ["world"]
pytestmark = pytest.mark.needs("browser")


@pytest.fixture(scope="module")
def browser():  # type: ignore[no-untyped-def]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


class Monitor:
    """Judges what it is given as the poller does, and stores it."""

    def __init__(self, world: World) -> None:
        engine = world.database.engine("bc_poller")
        self.store, self.leases = MonitoringStore(engine, lambda _: []), Leases(engine)
        self.known = {each.name: each for each in estate().resources}
        self.remembered: dict[str, Remembered] = {}

    def see(self, name: str, looked: Observation) -> None:
        """One round."""
        lease = self.leases.acquire("poller/0", "test", 60)
        assert lease is not None
        judged = judge([replace(looked, resource=name)], self.known, self.remembered)
        self.store.record(judged.rounds, lease)
        self.remembered |= judged.remembered


@contextmanager
def orders_db_dies(world: World, every_s: float = 4.0) -> Iterator[None]:
    """orders-db loses its primary at fra for good; billing-db is well."""
    monitor, ended = Monitor(world), threading.Event()
    for name in ("orders-db", "billing-db"):
        monitor.see(name, well(monitor.store.now()))

    def rounds() -> None:
        while not ended.is_set():
            now = monitor.store.now()
            monitor.see("orders-db", without(well(now), "fra"))
            monitor.see("billing-db", well(now))
            ended.wait(every_s)

    thread = threading.Thread(target=rounds, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)


@pytest.fixture
def base(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    variables = {
        "BC_ENV": "test",
        "BC_DATA_DIR": str(world.data),
        "BC_DATABASE_URL_UI": world.database.url("bc_ui"),
        "BC_DATABASE_URL_READER": world.database.url("bc_reader"),
    }
    log: Path = tmp_path_factory.mktemp("screens") / "log.txt"
    with orders_db_dies(world), serving(log, app=PRODUCT, environment=variables) as address:
        yield address


def test_with_a_dead_primary_two_taps_ask_for_the_right_failover(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    """From the resource's page: the failover to the living site is chosen already; touching that changes nothing."""
    page = enter(browser, base, "/resource?name=orders-db", "Olga", 390)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="Raise a request").click()
    page.wait_for_selector("h2:has-text('What this would do')", timeout=30_000)
    for name in ("Failover", "Amsterdam"):
        choice = page.get_by_role("radio", name=name)
        assert choice.get_attribute("aria-checked") == "true", name
        choice.click()
        page.wait_for_timeout(1500)
        assert page.get_by_role("radio", name=name).get_attribute("aria-checked") == "true", f"{name} was unselected"
    assert page.get_by_role("radio").count() == 2, "nothing else is offered"
    said = page.inner_text("[data-testid=stMain]")
    for words in (
        "Frankfurt, was active, down, last seen ",
        "its primary is down, so orders-db cannot be moved there; choose Amsterdam",
        "a switchover of orders-db needs a running one",
        "orders-db is part of payments",
    ):
        assert words in said
    assert page.evaluate(OVERFLOW) == []
    page.get_by_label("Reason").fill("Frankfurt is dark")
    page.get_by_role("button", name="Raise the request").click()
    page.wait_for_selector("h1:has-text('of orders-db to Amsterdam')", timeout=30_000)
    assert world.gate.store.read.get("r-1").target_site == "ams"
    page.context.close()


def test_the_second_who_asks_lands_on_the_first(browser, base: str, world: World) -> None:  # type: ignore[no-untyped-def]
    """The refusal leads to the request that is open."""
    first = world.ask("sam")
    page = enter(browser, base, "/ask?resource=orders-db", "Olga", 390)
    page.wait_for_selector(".bc-trouble", timeout=30_000)
    assert page.get_by_role("button", name="Raise the request").count() == 0
    page.locator(".bc-trouble").get_by_role("link", name=first.id).click()
    page.wait_for_url(f"**/requests?id={first.id}", timeout=30_000)
    page.context.close()
