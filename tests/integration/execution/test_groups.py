"""Two pairs as one group: moved wave after wave; where one cannot follow, the run stops and says what has moved."""

from __future__ import annotations

from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome
from bc_lib.domain.execution.progress import by_hand
from bc_lib.domain.inventory import IfPartial
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.ports.host_control import HostVerb, Order
from tests.fixtures.moving import Moving
from tests.fixtures.requests import TITLES


def test_group_switchover_in_waves(moving_group: Moving) -> None:
    """Every check before the first move; billing-db only after clients write to orders-db; nothing lost in either."""
    moving, orders, billing = moving_group, *moving_group.pairs.values()
    if orders.roles() != billing.roles():
        moving.move()
    site, away, seen = moving.site, moving.other, list[tuple[str, str]]()
    moving.ordered.append(lambda order: seen.append((order.resource, order.verb.value)))
    with orders.client() as one, billing.client() as two:
        request = moving.move(scope="payments")
        one.more()
        two.more()
    assert orders.roles() == billing.roles() == {site: "standby", away: "primary"}
    assert not one.missing(orders, away)
    assert not two.missing(billing, away)
    names = ["orders-db", "billing-db"]
    assert [each for each in seen if each[1] == "stop"] == [(name, "stop") for name in names]
    assert seen.index(("billing-db", "stop")) < seen.index(("orders-db", "start-as-standby"))
    run = moving.read.run(request.id)
    assert run is not None
    assert dict(run.members) == dict.fromkeys(names, MemberOutcome.MOVED)
    assert [each.step.key for each in run.steps][:6] == [
        "orders-db/check",
        "billing-db/check",
        "orders-db/move",
        "orders-db/verify",
        "billing-db/move",
        "billing-db/verify",
    ]
    written = run.step("orders-db/verify").ended_at
    began = run.step("billing-db/move").claimed_at
    assert written is not None
    assert began is not None
    assert written <= began


def test_second_member_cannot_follow(moving_group: Moving) -> None:
    """TC-044: its standby dies while the first is moved. The first stays moved, the second is as it was, all is told."""
    moving, orders, billing = moving_group, *moving_group.pairs.values()
    if orders.roles() != billing.roles():
        moving.move()
    site, away = moving.site, moving.other

    def lose(order: Order) -> None:
        if (order.resource, order.verb) == ("orders-db", HostVerb.STOP):
            billing.kill(away)

    moving.ordered.append(lose)
    request = moving.ready(RequestType.SWITCHOVER, scope="payments")
    with orders.client() as one, billing.client() as two:
        report = moving.run(request)
        one.more()
        two.more()
    assert report.state == State.FAILED, report.text
    assert orders.roles() == {site: "down", away: "primary"}
    assert billing.roles() == {site: "primary", away: "down"}
    assert not two.errors, "billing-db was not touched"
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outcome is Outcome.PARTIALLY_MOVED
    assert dict(run.members) == {"orders-db": MemberOutcome.MOVED, "billing-db": MemberOutcome.UNTOUCHED}
    assert run.step("billing-db/move").state is StepState.FAILED
    kind, text = moving.messages(request)[-1]
    assert kind == "failed"
    for words in ("Moved: orders-db; not moved: billing-db", "has no standby until it is protected again", "By hand"):
        assert words in text
    rest = by_hand(run)
    assert any(line.startswith(f"orders-db: on {TITLES[site]}: create standby.signal") for line in rest)
    assert "billing-db: nothing; it is as it was." in rest
    assert moving.read.busy(["orders-db", "billing-db"]) == {}


def test_the_first_goes_back_where_the_second_cannot_follow(moving_group: Moving) -> None:
    """FR-034: the plan says `return`. Both end where they were, nothing acknowledged is lost, each effect happened once."""
    moving, orders, billing = moving_group, *moving_group.pairs.values()
    if orders.roles() != billing.roles():
        moving.move()
    moving.if_partial = IfPartial.RETURN
    moving.apply()
    moving.observe()
    site, away, timeline = moving.site, moving.other, moving.timeline()
    before = {name: moving.effects(name) for name in moving.pairs}

    def lose(order: Order) -> None:
        if (order.resource, order.verb) == ("orders-db", HostVerb.STOP) and orders.roles()[away] == "standby":
            billing.kill(away)

    moving.ordered.append(lose)
    request = moving.ready(RequestType.SWITCHOVER, scope="payments")
    with orders.client() as one, billing.client() as two:
        report = moving.run(request)
        one.more()
        two.more()
    assert report.state == State.FAILED, report.text
    assert orders.roles() == {site: "primary", away: "standby"}
    assert billing.roles() == {site: "primary", away: "down"}
    assert not two.errors, "billing-db was not touched"
    assert not one.missing(orders, site)
    assert moving.timeline() == timeline + 2, "promoted once there and once back"
    once = {"stop": 1, "start-as-standby": 1}
    assert moving.effects_since(before["orders-db"]) == {site: once, away: once}
    assert moving.effects_since(before["billing-db"], "billing-db") == {site: {}, away: {}}
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outcome is Outcome.ROLLED_BACK
    assert dict(run.members) == {"orders-db": MemberOutcome.MOVED_BACK, "billing-db": MemberOutcome.UNTOUCHED}
    assert run.unprotected_since is None
    assert by_hand(run) == ["billing-db: nothing; it is as it was."]
    assert moving.told(request)[-1] == "rolled back"
    assert moving.read.busy(["orders-db", "billing-db"]) == {}
