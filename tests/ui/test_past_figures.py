"""What a page says about a run or request that is over it says for good, whatever is run afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.domain.requests.states import RequestType
from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.services.evidence.take import take
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.evidence import Packs, packs
from tests.fixtures.requests import world
from tests.fixtures.running import Running, running
from tests.ui.real_screens import Open, opened, text

__all__ = ["packs", "running", "world"]
FIGURES = re.compile(r"usually [^<]*|no earlier run|not known: no run or drill[^<]*|[^<>]*what clients saw in[^<]*")
LATER = 21
"""More than are looked at to estimate anything."""


@pytest.fixture
def tab(running: Running) -> Iterator[Open]:
    with opened(running.world) as open_:
        yield open_


def test_figures_of_what_is_over_never_change(running: Running, tab: Open) -> None:
    """The first run had nothing before it, the second one run; a request that was withdrawn had both."""
    first = running.ready()
    running.go(first)
    second = running.ready()
    running.go(second)
    running.later(8.0)
    running.world.observe("orders-db")
    asked = running.world.ask(kind=RequestType.SWITCHOVER)
    withdraw(running.world.gate, running.world.actor("olga"), asked.id)
    pages = [("run", first.id), ("run", second.id), ("requests", first.id), ("requests", asked.id)]
    before = {at: FIGURES.findall(text(tab("vera", at[0], id=at[1]))) for at in pages}
    for _ in range(LATER):
        running.go(running.ready())
    after = {at: FIGURES.findall(text(tab("vera", at[0], id=at[1]))) for at in pages}
    assert [at for at, found in before.items() if not found] == []
    assert "no earlier run" in before["run", first.id]
    assert any("1 earlier run" in each for each in before["run", second.id])
    assert after == before


def test_another_target_judges_no_past_run(running: Running, tab: Open, packs: Packs) -> None:
    """A group without a target of its own: the strictest member's of when it was planned, on its page and in its pack,
    though the inventory asks for another one before it ends and after it."""
    before = running.world.gate.store.read.inventory()
    groups = before.groups
    by_name = before.resource_map()
    orders, billing = by_name["orders-db"], by_name["billing-db"]
    assert [each.rto_s for each in groups] == [None]
    members = [replace(orders, rto_s=60.0), replace(billing, rto_s=45.0)]
    running.world.apply(*members, groups=groups)
    request = running.ready(scope="payments")
    running.world.apply(*(replace(each, rto_s=0.001) for each in members), groups=groups)
    running.go(request)
    packs.make()
    packs.sign()
    pack = take(packs.taking, running.world.actor("vera"), request.id).content
    body = json.loads(unpack(pack)[0]["pack.json"])
    page = text(tab("vera", "run", id=request.id))
    assert body["criteria"]["rto_s"] == 45.0
    assert "RTO target 45 s" in page
    assert "missed by" not in page
