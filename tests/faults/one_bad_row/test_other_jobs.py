"""One row, one item or one part that breaks in delivery, housekeeping, runbooks or packs: the others are done."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib import bootstrap
from bc_lib.domain.requests.states import RequestType
from bc_lib.integrations.documents.renderer import Documents
from bc_lib.services.deliver_notices import deliver_once
from bc_lib.services.evidence.make import make_due
from bc_lib.services.own_health import own_health
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.services.runbooks import plans
from bc_lib.services.runbooks.keep import keep
from bc_lib.store.housekeeping import Housekeeping
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.outbox import Outbox
from bc_lib.store.reading import StatusReader
from tests.faults.one_bad_row.test_requests_jobs import NAMES, poisoned
from tests.fixtures.evidence import Packs, packs
from tests.fixtures.requests import World
from tests.fixtures.running import Running

__all__ = ["packs"]


class Mailbox:
    """Takes every message."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, channel: object, notification: object) -> None:
        """Kept."""
        self.sent.append(str(notification.idempotency_id))  # type: ignore[attr-defined]


def test_delivery_goes_on_past_a_message_that_cannot_be_read(world: World) -> None:
    """It is given up and Health says so; the ones before and behind it go out in the same pass."""
    for name in NAMES:
        world.ask(scope=name)
    first = "(SELECT min(id) FROM bc.outbox)"
    for statement in (
        "ALTER TABLE bc.outbox DISABLE TRIGGER outbox_changed",
        f'UPDATE bc.outbox SET notification = \'{{"no": "subject"}}\' WHERE id = {first}',
        "ALTER TABLE bc.outbox ENABLE ALWAYS TRIGGER outbox_changed",
    ):
        world.database.sql("postgres", statement)
    total = len(world.outbox())
    box, engine = Mailbox(), world.database.engine("bc_keeper")
    done = deliver_once(Outbox(engine), InventoryRepository(engine), box)  # type: ignore[arg-type]
    assert total >= 3
    assert (done.delivered, len(box.sent)) == (total - 1, total - 1)
    health = own_health(StatusReader(world.database.engine("bc_reader")))[-1]
    assert "1 notices could not be delivered" in health.text
    assert "cannot be read" in health.text


def test_delivery_goes_on_past_a_message_that_cannot_be_marked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one channel, behind one that breaks: they go out."""
    for name in NAMES:
        world.ask(scope=name)
    engine = world.database.engine("bc_keeper")
    outbox, marked = Outbox(engine), list[int]()
    total, first = len(world.outbox()), int(str(world.database.sql("postgres", "SELECT min(id) FROM bc.outbox")[0][0]))

    def delivered(number: int) -> None:
        if number == first:
            raise RuntimeError("no")
        marked.append(number)

    monkeypatch.setattr(outbox, "delivered", delivered)
    done = deliver_once(outbox, InventoryRepository(engine), Mailbox())  # type: ignore[arg-type]
    assert len(marked) == total - 1
    assert done.looked is not None
    assert [f"message {first} to " in each for each in done.looked.troubles] == [True]


def test_housekeeping_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions cannot be made: what is old is dropped, the task fails and Health says why."""
    monkeypatch.setenv("BC_ENV", "test")
    monkeypatch.setattr(bootstrap, "engine", lambda role: world.database.engine(f"bc_{role.value}"))

    def fails(*_: object) -> int:
        raise LookupError

    monkeypatch.setattr(Housekeeping, "ensure_partitions", fails)
    with pytest.raises(RuntimeError, match=r"dropped: .*; NOT DONE: making partitions broke \(LookupError"):
        bootstrap.housekeeping().run("host:1")
    health = own_health(StatusReader(world.database.engine("bc_reader")))
    assert "making partitions broke" in next(each.text for each in health if each.name == "housekeeping")


def test_runbooks_go_on(running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planning breaks for one resource: every other one has its paper."""
    real = plans.preview

    def preview(*given: object) -> object:
        if getattr(given[4], "name", "") == "billing-db":
            raise StopIteration
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(plans, "preview", preview)
    done = keep(plans.runbooks(running.world.gate.store.read), Documents(), tmp_path)
    assert done.missed == ("billing-db",)
    assert {path.name for path in done.written} == {
        "runbook-group-payments.pdf",
        "runbook-resource-orders-db.pdf",
        "runbook-resource-reports-db.pdf",
    }


def test_packs_go_on(running: Running, packs: Packs) -> None:
    """One request's plan cannot be read: the others' packs are made, and the pass says that one was missed."""
    world = running.world
    found = [world.ask(kind=RequestType.SWITCHOVER, scope=name) for name in NAMES]
    for request in found:
        withdraw(world.gate, world.actor("olga"), request.id)
    poisoned(world, found[1])
    done = make_due(packs.maker)
    assert (done.packs, done.missed) == (2, 1)
