"""Which sender serves a channel: `gds-…://` the user's gds_notification, anything else Apprise."""

from __future__ import annotations

from bc_lib.domain.inventory import Channel
from bc_lib.integrations.notifications.addresses import address, scheme
from bc_lib.integrations.notifications.apprise_notifier import AppriseNotifier
from bc_lib.integrations.notifications.gds_notifier import PREFIX, GdsNotifier
from bc_lib.ports.notices import Notification, Notifier
from bc_lib.ports.secrets import SecretResolver


class DispatchingNotifier:
    """Implements Notifier over several senders."""

    def __init__(self, secrets: SecretResolver, apprise: Notifier, gds: Notifier) -> None:
        self._secrets = secrets
        self._apprise = apprise
        self._gds = gds

    def send(self, channel: Channel, notification: Notification) -> None:
        """See the port."""
        sender = self._gds if scheme(address(channel, self._secrets)).startswith(PREFIX) else self._apprise
        sender.send(channel, notification)


def make_notifier(secrets: SecretResolver) -> Notifier:
    """The notifier of this deployment; libraries load at the first message."""
    return DispatchingNotifier(secrets, AppriseNotifier(secrets), GdsNotifier(secrets))
