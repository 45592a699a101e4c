"""A run in a real browser: the clock counts without a reload, a safe stop is asked once more, nothing overflows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.run import RunActKind, RunLease
from bc_lib.ports.runs import RunChange
from bc_lib.testing.fake_runs import finding
from tests.e2e.real import product
from tests.e2e.test_requests import browser, enter
from tests.e2e.test_screens import LOOKS, OVERFLOW
from tests.fixtures.requests import World, world
from tests.fixtures.runs import Runs, runs

__all__ = ["browser", "runs", "world"]
pytestmark = pytest.mark.needs("browser")
PICTURES = os.environ.get("BC_PICTURES")


@pytest.fixture
def base(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with product(world, tmp_path_factory.mktemp("screens") / "log.txt") as address:
        yield address


def moving(runs: Runs) -> RunLease:
    """Fenced and not promoted: clients cannot write."""
    lease = runs.started(ttl_s=300.0)
    runs.done(lease, ["orders-db/check"])
    runs.claim(lease, "orders-db/move")
    with runs.runner.work() as work:
        at = work.now()
        work.mark(lease, "orders-db/move", MarkName.FENCED, at, {})
        work.change_run(lease, RunChange(outage_began_at=at))
        work.store_prechecks(lease.request, [finding()])
        work.say(lease.request, "info", "Waiting until everything is applied.", "orders-db/move")
    return lease


def test_the_clock_counts_and_a_stop_is_asked_once_more(browser, base: str, runs: Runs) -> None:  # type: ignore[no-untyped-def]
    request = moving(runs).request
    page = enter(browser, base, f"/run?id={request}", "Olga")
    page.wait_for_selector(".bc-big", timeout=30_000)
    seen = page.inner_text(".bc-big")
    page.wait_for_function("was => document.querySelector('.bc-big').innerText !== was", arg=seen, timeout=10_000)
    assert page.locator("[aria-current=step]").count() == 1
    page.get_by_role("button", name="Safe stop…").click()
    page.get_by_role("dialog").get_by_role("button", name="Safe stop", exact=True).click(timeout=30_000)
    page.wait_for_selector(".bc-done:has-text('Recorded.')", timeout=30_000)
    assert [each.kind for each in runs.ui.read.acts(request)] == [RunActKind.STOP]
    page.wait_for_selector("text=asked for a safe stop", timeout=30_000)
    page.context.close()


@pytest.mark.timeout(400)
def test_nothing_overflows(browser, base: str, runs: Runs) -> None:  # type: ignore[no-untyped-def]
    """One server for the four of them: starting it took as long as looking."""
    request = moving(runs).request
    for width, scheme in LOOKS:
        _fits(browser, base, request, width, scheme)


def _fits(browser, base: str, request: str, width: int, scheme: str) -> None:  # type: ignore[no-untyped-def]
    page = enter(browser, base, f"/run?id={request}", "Ian", width, scheme)
    page.wait_for_selector(".bc-runstep", timeout=30_000)
    page.wait_for_selector(".bc-history", timeout=30_000)
    assert page.evaluate(OVERFLOW) == [], (width, scheme)
    if PICTURES:
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height, 4000)})
        page.wait_for_timeout(500)
        page.screenshot(path=Path(PICTURES) / f"run-{width}-{scheme}.png")
    page.context.close()
