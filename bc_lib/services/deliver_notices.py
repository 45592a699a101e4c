"""Deliver what waits in the outbox: at least once, each channel by itself, later again when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from bc_lib.domain.inventory import Channel, Environment
from bc_lib.domain.routing import may_reach
from bc_lib.ports.inventory import InventoryRepository
from bc_lib.ports.notices import DeliveryFailed, Notifier, Outbox, OutboxItem
from bc_lib.services.passes import Pass

CLAIM_LIMIT = 200
LOCK_S = 180.0
CHANNEL_BUDGET_S = 60.0
"""A slow channel gives the rest of its messages back after this; well below the lock, so nobody sends them twice."""

FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 3600.0
MAX_ATTEMPTS = 33
"""5 s doubling to an hour, then hourly: about a day until a message is a dead letter."""

MAX_CHANNELS_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one pass did."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0
    looked: Pass | None = field(default=None, compare=False)
    """What broke, and is told of; its message comes again."""

    def __add__(self, other: Counts) -> Counts:
        return replace(
            self,
            delivered=self.delivered + other.delivered,
            failed=self.failed + other.failed,
            dead=self.dead + other.dead,
        )


def retry_in_s(attempts: int) -> float | None:
    """Seconds until the next try after `attempts` have failed; None: give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return min(FIRST_RETRY_S * 2.0 ** min(attempts - 1, 30), LONGEST_RETRY_S)


def deliver_once(
    outbox: Outbox,
    inventory: InventoryRepository,
    notifier: Notifier,
    *,
    limit: int = CLAIM_LIMIT,
    clock: Callable[[], float] = time.monotonic,
) -> Counts:
    """One pass over what is due. Channels are served at the same time, each in the order of its messages.

    Raises only what the outbox or the inventory raise; a message not yet marked then comes again.
    """
    items = outbox.claim(limit, LOCK_S)
    if not items:
        return Counts()
    channels = {channel.name: channel for channel in inventory.load().inventory.channels}
    looked = Pass(inventory.revision)
    queues: dict[str, list[OutboxItem]] = {}
    for item in items:
        queues.setdefault(item.channel, []).append(item)
    with ThreadPoolExecutor(max_workers=min(len(queues), MAX_CHANNELS_AT_ONCE)) as pool:
        passes = [
            pool.submit(_serve, outbox, notifier, channels.get(name), queue, clock, looked)
            for name, queue in queues.items()
        ]
        return sum((item.result() for item in passes), Counts(looked=looked))


def _serve(
    outbox: Outbox,
    notifier: Notifier,
    channel: Channel | None,
    queue: Sequence[OutboxItem],
    clock: Callable[[], float],
    looked: Pass,
) -> Counts:
    trouble: str | None = None
    until = clock() + CHANNEL_BUDGET_S

    def serve(item: OutboxItem) -> Counts:
        nonlocal trouble
        refusal = _refusal(channel, item)
        if refusal or channel is None:
            outbox.failed(item.id, refusal or "The channel is not in the inventory.", None)
            return Counts(dead=1)
        if trouble is None and clock() > until:
            trouble = f"Not tried: {channel.name} was too slow for all of its messages in one pass."
        # After one failure the rest of this pass is not tried: each would cost a time-out of its own.
        trouble = trouble or _send(notifier, channel, item)
        return _failed(outbox, item, trouble) if trouble else _delivered(outbox, item)

    return sum(looked.each("message", queue, serve, lambda item: f"{item.id} to {item.channel}"), Counts())


def _refusal(channel: Channel | None, item: OutboxItem) -> str | None:
    """Why a message may never go out, read again at the last moment (decision 12)."""
    if channel is None:
        return f"The channel {item.channel} is not in the inventory any more."
    told = item.notification.metadata.get("environment")
    environment = next((known for known in Environment if known.value == told), Environment.DEV)
    if may_reach(environment, channel):
        return None
    return f"{channel.name} takes production notices only, and this one is about {environment.value}."


def _send(notifier: Notifier, channel: Channel, item: OutboxItem) -> str | None:
    """The error, or None when it is delivered."""
    try:
        notifier.send(channel, item.notification)
    except DeliveryFailed as failure:
        return str(failure)
    except Exception as failure:  # a fault in one provider must not keep the others' notices back
        return f"{channel.name} failed with {type(failure).__name__}; see the log of the delivery."
    return None


def _delivered(outbox: Outbox, item: OutboxItem) -> Counts:
    outbox.delivered(item.id)
    return Counts(delivered=1)


def _failed(outbox: Outbox, item: OutboxItem, error: str) -> Counts:
    wait = retry_in_s(max(1, item.attempts))
    outbox.failed(item.id, error, wait)
    return Counts(dead=1) if wait is None else Counts(failed=1)
