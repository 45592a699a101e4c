"""A failure in mid-run: Failed, told, with its reason; clients write where they did; what to do next is said (TC-044)."""

from __future__ import annotations

from threading import Thread

from bc_lib.domain.actor import Role
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.outcome import Outcome, Owed
from bc_lib.domain.execution.stated import losses
from bc_lib.domain.requests.states import State
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.stop import stop
from bc_lib.services.execution.thaw import thaw
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.requests import TITLES, refused

LONG_MS = 5000  # far from a time-out of any step


def test_standby_dies_between_fence_and_promotion(moving: Moving) -> None:
    """TC-044, F31: the old primary is given back at once, and nothing that was acknowledged is missing there."""
    pair, site, away, effects = moving.pair, moving.site, moving.other, moving.effects()

    def lose(order: Order) -> None:
        if order.verb is HostVerb.STOP:
            pair.kill(away)

    moving.ordered.append(lose)
    request = moving.ready()
    with pair.client() as client:
        report = moving.run(request)
        client.more()
    assert report.state == State.FAILED, report.text
    assert pair.roles() == {site: "primary", away: "down"}
    assert not client.missing(pair, site)
    assert moving.effects_since(effects) == {site: {"stop": 1, "start": 1}, away: {}}
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outcome is Outcome.ROLLED_BACK
    assert run.marked("orders-db/move", MarkName.UNDONE) is not None
    assert run.marked("orders-db/move", MarkName.PROMOTED) is None
    assert losses(run, moving.read.plan(request.id).plan) == ()
    ended = moving.audit(request)[-1]
    assert (ended["verb"], ended["outcome"], ended["reason_code"]) == ("request.run", "RolledBack", "STEP_FAILED")
    assert f"{TITLES[away]} was lost before it was promoted" in ended["payload"]["because"]
    kind, text = moving.messages(request)[-1]
    assert kind == "rolled back"
    for words in (
        "clients write where they did",
        f"The move to {TITLES[away]} (failed)",
        "Remove the cause",
        "--retry-of",
    ):
        assert words in text
    assert moving.read.busy(["orders-db"]) == {}


def test_safe_stop_and_freeze(moving: Moving) -> None:
    """A stop that is asked for before the move ends the run untouched; a freeze forbids every start until the thaw."""
    world, effects = moving.world, moving.effects()
    world.let_rivals()
    request, frozen = moving.ready(), moving.ready()
    freeze(world.gate, world.actor("ada"), "Storm over Frankfurt")
    assert refused(moving.run, frozen) == "FROZEN"
    assert world.state(frozen) is State.READY_TO_START
    assert refused(thaw, world.gate, world.actor("olga"), "over") == "ROLE_MISSING"
    thaw(world.gate, world.actor("ada"), "It is over")
    stop_once_it_runs(moving, request.id)
    report = moving.run(request)
    assert report.state == State.FAILED, report.text
    assert "Ian asked for a safe stop" in report.text
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outcome is Outcome.UNTOUCHED
    assert moving.effects() == effects
    moving.observe()
    assert moving.run(frozen).state == State.SUCCEEDED
    moving.settled()


def stop_once_it_runs(moving: Moving, request: str) -> None:
    """Ian asks as soon as he sees it running, which is while the first check looks."""

    def ask() -> None:
        wait_for(lambda: moving.read.get(request).state is State.RUNNING, 60)
        stop(moving.world.gate, moving.world.actor("ian"), request)

    Thread(target=ask, daemon=True).start()


def test_everything_is_withdrawn_between_fence_and_promotion(moving: Moving) -> None:
    """F31 on real servers: frozen, an approver's role gone, secrets sealed: the move ends where clients write."""
    world, secrets, site, away = moving.world, moving.secrets, moving.site, moving.other
    known = dict(secrets.credentials)

    def withdraw(order: Order) -> None:
        if order.verb is HostVerb.STOP:
            freeze(world.gate, world.actor("ada"), "Somebody is nervous")
            world.set_roles("bea", Role.VIEWER)
            secrets.seal()

    moving.ordered.append(withdraw)
    request = moving.ready()
    with moving.pair.client() as client:
        report = moving.run(request)
        client.more()
    assert report.state == State.SERVICE_RESTORED, report.text
    assert moving.pair.roles() == {site: "down", away: "primary"}
    assert not client.missing(moving.pair, away)
    assert client.longest_ms() < LONG_MS
    assert moving.read.run(request.id).owed == (Owed.REPROTECT,)  # type: ignore[union-attr]
    secrets.credentials = known
    thaw(world.gate, world.actor("ada"), "All is well")
    assert moving.again(request).state == State.SUCCEEDED
    moving.settled()
