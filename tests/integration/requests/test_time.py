"""What voids or ends a request, to the second, by the database's clock (decision 17, S3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.show import show
from bc_lib.services.requests.upkeep import upkeep
from bc_lib.services.requests.verify import verify_ready
from bc_lib.services.requests.void import void_changed
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.testing.builders import resource
from tests.fixtures.requests import BUSINESS, IT, World

TICK = timedelta(microseconds=1)


def limit(request) -> datetime:  # type: ignore[no-untyped-def]
    """When it expires."""
    assert request.expires_at is not None
    return request.expires_at


def test_an_approval_at_the_boundary(world: World) -> None:
    """One microsecond before the limit counts, the limit itself does not; the limits are the policy's."""
    first, second = world.ask(), world.ask(scope="billing-db")
    assert limit(first) - first.state_since == timedelta(hours=24)
    world.freeze_clock(limit(first) - TICK)
    world.bring()
    world.observe()
    world.observe("billing-db")
    approve(world.gate, world.actor("ian"), first.id, IT)
    world.freeze_clock(limit(second))
    with pytest.raises(Denial, match="has passed its time limit") as refused:
        approve(world.gate, world.actor("ian"), second.id, IT)
    assert refused.value.code == "REQUEST_EXPIRED"
    assert world.state(second) is State.EXPIRED
    assert world.outbox()[-1] == f"request/{second.id}/2/expired"


def test_a_confirmation_at_the_boundary(world: World) -> None:
    """Approved lasts four hours."""
    request = world.approved()
    assert limit(request) - request.state_since == timedelta(hours=4)
    world.freeze_clock(limit(request))
    with pytest.raises(Denial, match="time limit"):
        confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    assert world.state(request) is State.EXPIRED


def test_a_start_at_the_boundary(world: World) -> None:
    """ReadyToStart lasts 15 minutes; the runner's check says so too, and the database refuses the edge."""
    request = world.ready()
    assert limit(request) - request.state_since == timedelta(minutes=15)
    world.freeze_clock(limit(request) - TICK)
    world.observe()
    assert verify_ready(world.runner, request.id).state is State.READY_TO_START
    world.freeze_clock(limit(request))
    with pytest.raises(Denial, match="time limit"):
        verify_ready(world.runner, request.id)
    with pytest.raises(Exception, match="has passed its time limit"):
        world.database.sql(
            "bc_runner", "UPDATE bc.request SET state = 'Running', last_event = 'start', version = version + 1"
        )
    assert expire_due(world.runner) == 1
    assert expire_due(world.runner) == 0
    assert world.state(request) is State.EXPIRED


def test_expiry_is_refused_before_its_time(world: World) -> None:
    """Not even the runner ends a request early."""
    world.ask()
    with pytest.raises(Exception, match="cannot go from waiting for approval to expired"):
        world.database.sql(
            "bc_runner", "UPDATE bc.request SET state = 'Expired', last_event = 'expire', version = version + 1"
        )


def test_a_withdrawal_too_late_is_an_expiry(world: World) -> None:
    """What is over is over."""
    request = world.ask()
    world.freeze_clock(limit(request))
    world.bring()
    with pytest.raises(Denial, match="time limit"):
        withdraw(world.gate, world.actor("olga"), request.id)
    assert world.state(request) is State.EXPIRED


def test_a_changed_plan_voids(world: World) -> None:
    """F14: new revision, votes void, the reason kept, shown and told; the same persons may approve again."""
    request = world.approved()
    moved = resource(
        "orders-db", endpoints=tuple(replace(each, port=each.port + 1) for each in resource().endpoints if each.port)
    )
    world.apply(moved, resource("billing-db"), resource("reports-db", tier=2))
    with pytest.raises(
        Denial, match="void because the endpoints of orders-db changed; it must be approved again"
    ) as refused:
        confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    assert refused.value.code == "PLAN_CHANGED"
    view = show(world.gate, request.id)
    assert (view.request.state, view.request.plan_revision, view.plan.because) == (
        State.PENDING_APPROVAL,
        2,
        "the endpoints of orders-db changed",
    )
    assert len(view.missing) == 2
    assert world.outbox()[-1].endswith("/voided")
    approve(world.gate, world.actor("ian"), request.id, IT)
    assert approve(world.gate, world.actor("bea"), request.id, BUSINESS).state is State.APPROVED


@pytest.mark.parametrize(("lag_s", "holds"), [(10.2, True), (10.3, False), (None, False)])
def test_lag_out_of_its_band_voids(world: World, lag_s: float | None, holds: bool) -> None:
    """Decision 7: approved at 0.2 s, covered up to 10.2 s, and not when it is not known any more."""
    request = world.approved(kind=RequestType.SWITCHOVER)
    world.observe(lag_s=lag_s)
    assert void_changed(world.runner) == (0 if holds else 1)
    assert world.state(request) is (State.APPROVED if holds else State.PENDING_APPROVAL)


def test_a_voter_who_saw_an_older_plan_is_told(world: World) -> None:
    """The vote is for what was looked at."""
    request = world.ask()
    world.observe(lag_s=60.0)
    with pytest.raises(Denial, match="it must be approved again"):
        approve(world.gate, world.actor("ian"), request.id, IT, revision=1)
    with pytest.raises(Denial, match="changed since you looked"):
        approve(world.gate, world.actor("ian"), request.id, IT, revision=1)
    assert approve(world.gate, world.actor("ian"), request.id, IT, revision=2).state is State.PENDING_APPROVAL


def test_a_role_not_seen_for_a_day_does_not_count(world: World) -> None:
    """Requirements, Roles: last seen 24 h ago is gone, to the second."""
    request = world.ask()
    seen = world.database.sql("postgres", "SELECT max(last_seen_at) FROM bc.role_assignment")[0][0]
    assert isinstance(seen, datetime)
    world.freeze_clock(seen + timedelta(hours=24))
    with pytest.raises(Denial) as refused:
        approve(world.gate, world.actor("ian"), request.id, IT)
    assert refused.value.code in {"ROLE_MISSING", "REQUEST_EXPIRED"}


def test_upkeep_says_what_it_did(world: World) -> None:
    """For the job."""
    world.approved()
    world.observe(lag_s=60.0)
    assert upkeep(world.runner) == "0 expired, 1 voided, 0 counted refusals recorded, 0 proposals ended"


def test_a_plan_that_changes_again_and_again_is_told_of_in_three_messages(world: World) -> None:
    """What was approved is told at once and so is the next one; the rest together; the audit has each of them."""
    request = world.approved()
    began = world.gate.store.read.now()

    def at(seconds: float) -> None:
        world.freeze_clock(began + timedelta(seconds=seconds))
        world.observe()

    def told() -> list[tuple[str, str]]:
        rows = world.database.sql("postgres", "SELECT notification->>'body', dedup_key FROM bc.outbox ORDER BY id")
        return [(str(key), str(body)) for body, key in rows if "voided" in str(key)]

    def moved(number: int) -> None:
        changed = resource("orders-db")
        endpoints = tuple(replace(each, port=6000 + number) for each in changed.endpoints)
        world.apply(replace(changed, endpoints=endpoints), resource("billing-db"), resource("reports-db", tier=2))

    for number in range(5):
        at(10 * number)
        moved(number)
        assert void_changed(world.runner) == 1
    assert [key for key, _ in told()] == [f"request/{request.id}/{version}/voided" for version in (3, 4)]
    assert sum(entry.verb == "request.void" for entry in world.audit.entries) == 5
    at(609)
    upkeep(world.runner)
    assert len(told()) == 2
    at(611)
    for _ in range(3):
        upkeep(world.runner)
    digest = told()[2:]
    assert [key.startswith(f"request/{request.id}/voided/") for key, _ in digest] == [True]
    assert "3 more times" in digest[0][1]
    assert "because the endpoints of orders-db changed" in digest[0][1]
    moved(9)
    assert void_changed(world.runner) == 1
    assert [key for key, _ in told()[3:]] == [f"request/{request.id}/8/voided"]
