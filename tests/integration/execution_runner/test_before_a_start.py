"""What decides whether a start is let through, and what shows whom it waits for, never differ (FR-033, F17)."""

from __future__ import annotations

import random

import pytest

from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.waiting import Do
from bc_lib.services.execution.acknowledge import acknowledge
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.override import override
from bc_lib.services.execution.prechecks import prechecks
from bc_lib.services.execution.thaw import thaw
from bc_lib.services.execution.waive import waive
from bc_lib.services.requests.show import show
from bc_lib.services.requests.waiting import item_of
from bc_lib.testing.fake_mechanism import blocks
from tests.fixtures.running import Running

REFUSED_FOR = {
    Do.CONSENT: "CONSENT_MISSING",
    Do.ACKNOWLEDGE: "BLOCK_PERIOD",
    Do.WAIVE: "FENCE_UNPROVEN",
    Do.OVERRIDE: "CHECK_BLOCKS",
    Do.THAW: "FROZEN",
}


@pytest.mark.parametrize("seed", range(6))
def test_the_first_thing_shown_is_the_thing_it_is_refused_for(running: Running, seed: int) -> None:
    """Everything that can stand before a failover at once, ended in any order, some of it by two persons."""
    gate, actor = running.world.gate, running.world.actor
    first = running.ready(RequestType.FAILOVER)
    consent(gate, actor("olga"), first.id, loss_now(gate, first.id))
    running.disturb("acted", lambda: freeze(gate, actor("ada"), "stop"), step="orders-db/check")
    assert running.go(first).state == "Failed"
    thaw(gate, actor("ada"), "again")
    running.target.at = lambda *_: None
    running.target.findings["precheck"] = [blocks("orders-db"), blocks("orders-db", "host-fra", Severity.WARN)]
    request = running.ready(RequestType.FAILOVER)
    prechecks(running.execution(), request.id)
    freeze(gate, actor("ada"), "a change is under way")
    acts = [
        lambda: consent(gate, actor("olga"), request.id, loss_now(gate, request.id)),
        lambda: acknowledge(gate, actor("oscar"), request.id, note="the first one was stopped by us"),
        lambda: thaw(gate, actor("ada"), "the change is over"),
        *(lambda who=who: waive(gate, actor(who), request.id, note="no power") for who in ("ian", "ivy")),
        *(lambda who=who: override(gate, actor(who), request.id, "orders-db/lag", note="x") for who in ("ian", "ivy")),
    ]
    random.Random(seed).shuffle(acts)
    seen = set()
    for act in (lambda: None, *acts):
        act()
        against = show(gate, request.id).against
        item = item_of(gate, gate.store.read, gate.store.read.get(request.id))
        shown = REFUSED_FOR[item.waits[0].do] if item else None
        assert shown == (against.code if against else None)
        seen.add(shown)
    assert {"CONSENT_MISSING", None} <= seen, "it began with everything and ended with nothing in the way"
