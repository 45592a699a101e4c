"""The user's gds_notification 0.1, loaded by import where it is installed.

Addresses: `gds-smtp://user:password@host:587/?from=A&to=B,C`, `gds-pagerduty://ROUTING_KEY/?source=NAME`,
`gds-mir3://user:password@host/path?to=GROUP` (the WSDL is then https://host/path).
"""

from __future__ import annotations

import importlib
import zlib
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bc_lib.domain.inventory import Channel
from bc_lib.integrations.notifications.addresses import address, scheme
from bc_lib.ports.notices import DeliveryFailed, Notification
from bc_lib.ports.secrets import SecretResolver

PREFIX = "gds-"
RESOLVED = frozenset({"recovery", "visibility_back"})


class GdsNotifier:
    """Implements Notifier over gds_notification's providers: one recipient a message; errors without the address."""

    def __init__(self, secrets: SecretResolver) -> None:
        self._secrets = secrets

    def send(self, channel: Channel, notification: Notification) -> None:
        """Deliver to every recipient of the channel. Raises DeliveryFailed."""
        base = _load("gds_notification.providers.base")
        url = address(channel, self._secrets)
        try:
            parts = urlsplit(url)
            options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            if scheme(url) == "gds-pagerduty":
                _page(parts, options, base, notification)
            else:
                _mail(_provider(scheme(url), parts, options), options, base, notification)
        except DeliveryFailed:
            raise
        except Exception as failure:  # its own GdsNotificationError may carry an address or a key
            raise DeliveryFailed(
                f"{channel.name} ({scheme(url)}) did not take the notice: {type(failure).__name__}."
            ) from None


def _load(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise DeliveryFailed(
            "gds_notification is not installed here; install it or change the channel's address."
        ) from None


def _provider(kind: str, parts: Any, options: dict[str, str]) -> Any:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if kind == "gds-smtp":
        return _load("gds_notification.providers.smtp").SMTPProvider(
            host=parts.hostname or "",
            port=parts.port or 587,
            username=user or None,
            password=password or None,
            from_address=options.get("from", ""),
            use_tls=options.get("tls", "yes") != "no",
        )
    if kind == "gds-mir3":
        return _load("gds_notification.providers.mir3").MIR3Provider(
            wsdl_url=f"https://{parts.netloc.rpartition('@')[2]}{parts.path}", username=user, password=password
        )
    raise DeliveryFailed(f"{kind} is not known; use gds-smtp, gds-pagerduty or gds-mir3.")


def _mail(provider: Any, options: dict[str, str], base: Any, notification: Notification) -> None:
    recipients = [name.strip() for name in options.get("to", "").split(",") if name.strip()]
    if not recipients:
        raise DeliveryFailed("The channel's address names no recipient; add ?to=.")
    for recipient in recipients:
        _accepted(provider.send(_theirs(base, notification, recipient, notification.idempotency_id)))


def _page(parts: Any, options: dict[str, str], base: Any, notification: Notification) -> None:
    """An incident keeps one key from trigger to resolve, so that the pager closes what it opened."""
    key = unquote(parts.netloc)
    given = {"api_url": options["api_url"]} if "api_url" in options else {}
    provider = _load("gds_notification.providers.pagerduty").PagerDutyProvider(
        routing_key=key, source=options.get("source", "business-continuity"), **given
    )
    theirs = _theirs(
        base, notification, "pagerduty", notification.metadata.get("incident", notification.idempotency_id)
    )
    over = notification.metadata.get("kind") in RESOLVED
    _accepted(provider.resolve(theirs) if over else provider.trigger(theirs))


def _theirs(base: Any, notification: Notification, recipient: str, key: str) -> Any:
    return base.Notification(
        recipient=recipient,
        subject=notification.subject,
        body=notification.body,
        body_html=notification.body_html,
        priority=base.NotificationPriority[notification.priority.name],
        alert_name=notification.alert_name,
        db_instance_id=zlib.crc32(notification.metadata.get("resource", "").encode()) & 0x7FFFFFFF,
        idempotency_id=key,
        metadata=dict(notification.metadata),
    )


def _accepted(result: Any) -> None:
    """send() raises on failure; a result that says otherwise counts as failure too."""
    if getattr(result, "success", True) is False:
        raise DeliveryFailed("gds_notification reports that the notice was not sent.")
