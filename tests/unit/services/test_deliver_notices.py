"""Delivery from the outbox: at least once, back-off, dead letters, channels apart (FR-020, decision 12)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bc_lib.domain.inventory import Channel, ChannelKind, Inventory
from bc_lib.integrations.notifications.null_notifier import NullNotifier
from bc_lib.ports.inventory import StoredInventory
from bc_lib.ports.notices import Notification, NotificationPriority, OutboxItem
from bc_lib.services.deliver_notices import MAX_ATTEMPTS, Counts, deliver_once, retry_in_s

CHANNELS = (
    Channel(name="mail", kind=ChannelKind.MAIL, url="env:M"),
    Channel(name="hook", kind=ChannelKind.WEBHOOK, url="env:H"),
    Channel(name="pager", kind=ChannelKind.PAGER, url="env:P", production=True),
)


@dataclass
class MemoryOutbox:
    """The port in memory, enough for one pass."""

    items: list[OutboxItem]
    done: list[int] = field(default_factory=list)
    errors: dict[int, tuple[str, float | None]] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def claim(self, limit: int, lock_s: float) -> list[OutboxItem]:
        taken, self.items = self.items[:limit], self.items[limit:]
        return taken

    def delivered(self, item_id: int) -> None:
        with self.guard:
            self.done.append(item_id)

    def failed(self, item_id: int, error: str, retry_in_s: float | None) -> None:
        with self.guard:
            self.errors[item_id] = (error, retry_in_s)


class Stored:
    def revision(self) -> int:
        return 1

    def load(self) -> StoredInventory:
        return StoredInventory(Inventory(channels=CHANNELS), 1)

    def replace(self, inventory, *, expected_revision, actor, summary) -> int:
        return 1


def item(number: int, channel: str, attempts: int = 1, environment: str = "demo") -> OutboxItem:
    message = Notification(
        subject="s",
        body="b",
        body_html="h",
        priority=NotificationPriority.HIGH,
        alert_name="a",
        idempotency_id=str(number),
        metadata={"environment": environment},
    )
    return OutboxItem(
        id=number,
        channel=channel,
        notification=message,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        attempts=attempts,
    )


def test_delivered_in_order() -> None:
    outbox, notifier = MemoryOutbox([item(n, "mail") for n in range(5)]), NullNotifier()
    assert deliver_once(outbox, Stored(), notifier) == Counts(delivered=5)
    assert [sent.idempotency_id for _, sent in notifier.sent] == list("01234")
    assert outbox.done == [0, 1, 2, 3, 4]


def test_nothing_to_do() -> None:
    assert deliver_once(MemoryOutbox([]), Stored(), NullNotifier()) == Counts()


def test_a_bad_channel_keeps_no_other_back() -> None:
    outbox = MemoryOutbox([item(1, "hook"), item(2, "mail"), item(3, "hook"), item(4, "mail")])
    assert deliver_once(outbox, Stored(), NullNotifier(frozenset({"hook"}))) == Counts(delivered=2, failed=2)
    assert sorted(outbox.done) == [2, 4]
    assert outbox.errors == {1: ("hook is switched off.", 5.0), 3: ("hook is switched off.", 5.0)}


def test_a_hanging_channel_keeps_no_other_back() -> None:
    release = threading.Event()

    class Hanging(NullNotifier):
        def send(self, channel, notification) -> None:
            if channel.name == "hook":
                assert release.wait(10)
            super().send(channel, notification)
            if channel.name == "mail":
                release.set()

    outbox = MemoryOutbox([item(1, "hook"), item(2, "mail")])
    assert deliver_once(outbox, Stored(), Hanging()) == Counts(delivered=2)
    assert outbox.done == [2, 1]


def test_a_fault_in_a_provider_is_a_failure_of_its_channel_only() -> None:
    class Faulty(NullNotifier):
        def send(self, channel, notification) -> None:
            if channel.name == "hook":
                raise ZeroDivisionError("with a secret inside")
            super().send(channel, notification)

    outbox = MemoryOutbox([item(1, "hook"), item(2, "mail")])
    assert deliver_once(outbox, Stored(), Faulty()) == Counts(delivered=1, failed=1)
    assert "secret" not in outbox.errors[1][0]


def test_slow_channel_gives_the_rest_back() -> None:
    times = iter([0.0, 1.0, 70.0, 80.0])
    outbox = MemoryOutbox([item(n, "mail") for n in range(3)])
    assert deliver_once(outbox, Stored(), NullNotifier(), clock=lambda: next(times)) == Counts(delivered=1, failed=2)


def test_back_off_doubles_to_an_hour_and_ends_after_about_a_day() -> None:
    waits = [retry_in_s(number) for number in range(1, MAX_ATTEMPTS)]
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == 3600
    assert 23 * 3600 < sum(waits) < 26 * 3600
    assert retry_in_s(MAX_ATTEMPTS) is None


def test_last_failure_makes_a_dead_letter() -> None:
    outbox = MemoryOutbox([item(1, "hook", attempts=MAX_ATTEMPTS)])
    assert deliver_once(outbox, Stored(), NullNotifier(frozenset({"hook"}))) == Counts(dead=1)
    assert outbox.errors[1][1] is None


def test_non_production_is_refused_at_the_production_pager_again() -> None:
    """Decision 12, whatever the outbox holds; a notice that does not say its environment counts as non-production."""
    outbox, notifier = (
        MemoryOutbox([item(1, "pager"), item(2, "pager", environment="??"), item(3, "pager", environment="prod")]),
        NullNotifier(),
    )
    assert deliver_once(outbox, Stored(), notifier) == Counts(delivered=1, dead=2)
    assert [sent.idempotency_id for _, sent in notifier.sent] == ["3"]


def test_channel_that_left_the_inventory() -> None:
    outbox = MemoryOutbox([item(1, "gone")])
    assert deliver_once(outbox, Stored(), NullNotifier()) == Counts(dead=1)
    assert "not in the inventory any more" in outbox.errors[1][0]
