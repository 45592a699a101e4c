"""F15: an old primary comes back writable: nothing moves, nobody is demoted automatically, a person decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Thresholds
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.consent import consent, loss_now
from tests.fixtures.moving import Moving


def test_two_primaries_block_every_move(moving: Moving) -> None:
    """Switchover and failover alike; both servers are left as they are, and no host gets an order."""
    moving.world.let_rivals()
    switchover, failover = moving.ready(), moving.ready(RequestType.FAILOVER)
    gate = moving.world.gate
    consent(gate, moving.world.actor("olga"), failover.id, loss_now(gate, failover.id))
    moving.pair.sql(moving.other, "SELECT pg_promote(true)")
    effects = moving.effects()
    for request in (switchover, failover):
        report = moving.run(request)
        assert report.state == State.FAILED
        assert "Two servers take writes" in report.text
        assert "2 primaries" in report.text
        assert "Nothing is demoted automatically" in report.text
    assert moving.pair.roles() == {"fra": "primary", "ams": "primary"}
    assert moving.effects() == effects


def test_from_the_pollers_look_to_the_refused_start(moving_group: Moving) -> None:
    """An old primary is a standby after its move, and somebody makes it writable again. The poller sees it and tells
    the critical notice; whoever asks, and every start that was approved before, gets the same sentence; the request
    stays as it is; no host gets an order and no server is touched; other groups go on; it ends when it is seen so."""
    moving, (orders, billing) = moving_group, moving_group.pairs.values()
    moving.tells, moving.changes["orders-db"] = True, {"thresholds": Thresholds(alert_after_s=0), "interval_s": 120.0}
    moving.apply()
    moving.move()
    site, old = moving.site, moving.other
    if billing.roles()[site] == "standby":
        moving.move(scope="billing-db", site=site)
    moving.world.let_rivals()
    alone, group = moving.ready(), moving.ready(scope="payments")
    orders.sql(old, "SELECT pg_promote(true)")
    moving.observe()
    told = (
        "SELECT channel, notification->>'priority' FROM bc.outbox WHERE notification->>'alert_name' = 'TWO_PRIMARIES'"
    )
    assert moving.world.database.sql("postgres", told) == [("ops-mail", "critical")]
    effects = {name: moving.effects(name) for name in moving.pairs}
    orders_at = {node: orders.sql(node, PLACE) for node in ("fra", "ams")}
    tried: dict[str, Callable[[], object]] = {
        "ask to move": lambda: moving.asked(site=old),
        "ask to fail over": lambda: moving.asked(RequestType.FAILOVER, site=site),
        "ask for the group": lambda: moving.asked(scope="payments", site=old),
        "start": lambda: moving.run(alone),
        "start the group": lambda: moving.run(group),
    }
    said = {name: denied(call) for name, call in tried.items()}
    assert {code for code, _ in said.values()} == {"TWO_PRIMARIES"}
    for _, sentence in said.values():
        assert sentence.startswith("orders-db was seen with 2 servers that take writes (Frankfurt and Amsterdam), so")
        assert "and nothing is demoted automatically: a person decides" in sentence
    assert {moving.world.state(each) for each in (alone, group)} == {State.READY_TO_START}
    assert moving.audited(alone)[-1] == ("request.start", "denied", "TWO_PRIMARIES")
    assert {name: moving.effects(name) for name in moving.pairs} == effects
    assert orders.roles() == {"fra": "primary", "ams": "primary"}
    assert {node: orders.sql(node, PLACE) for node in ("fra", "ams")} == orders_at, "neither was restarted or promoted"
    assert moving.asked(scope="billing-db", site=old).state is State.PENDING_APPROVAL
    orders.kill(old)
    moving.observe()
    assert moving.asked(RequestType.FAILOVER, site=old).state is State.PENDING_APPROVAL


PLACE = "SELECT pg_postmaster_start_time(), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"


def denied(call: Callable[[], object]) -> tuple[str, str]:
    """Code and sentence of a refusal."""
    with pytest.raises(Denial) as found:
        call()
    return found.value.code, found.value.sentence
