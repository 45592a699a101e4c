"""Notices: the outbox and how they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bc_lib.domain.inventory import Channel


class NotificationPriority(StrEnum):
    """The priorities of the user's gds_notification."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message for one channel, in the words of the user's gds_notification."""

    subject: str
    body: str
    body_html: str
    priority: NotificationPriority
    alert_name: str
    idempotency_id: str  # dedup key: same fact, same id
    metadata: dict[str, str] = field(default_factory=dict)


class DeliveryFailed(Exception):
    """Not delivered; one sentence without secrets."""


class Notifier(Protocol):
    """Sends to one channel. Named after gds_notification's provider."""

    def send(self, channel: Channel, notification: Notification) -> None:
        """Deliver, or raise DeliveryFailed. May be called twice with the same idempotency_id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One undelivered message to one channel."""

    id: int
    channel: str
    notification: Notification
    created_at: datetime
    attempts: int


class Outbox(Protocol):
    """Messages written with what they tell, delivered at least once."""

    def claim(self, limit: int, lock_s: float) -> Sequence[OutboxItem]:
        """Take due items for `lock_s` seconds; nobody else gets them meanwhile."""
        ...

    def delivered(self, item_id: int) -> None:
        """Mark as delivered."""
        ...

    def failed(self, item_id: int, error: str, retry_in_s: float | None) -> None:
        """Record the error; try again after `retry_in_s`, or never (None: dead letter, shown on Health)."""
        ...
