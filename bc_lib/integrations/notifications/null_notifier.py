"""The null twin: keeps what it was given, for demonstrations and tests without a network."""

from __future__ import annotations

from bc_lib.domain.inventory import Channel
from bc_lib.ports.notices import DeliveryFailed, Notification


class NullNotifier:
    """Implements Notifier. Channels named in `broken` refuse every message."""

    def __init__(self, broken: frozenset[str] = frozenset()) -> None:
        self.sent: list[tuple[str, Notification]] = []
        self.broken = broken

    def send(self, channel: Channel, notification: Notification) -> None:
        """See the port."""
        if channel.name in self.broken:
            raise DeliveryFailed(f"{channel.name} is switched off.")
        self.sent.append((channel.name, notification))
