"""Mail, webhooks, chats and the rest through Apprise, one message to one URL at a time."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bc_lib.domain.inventory import Channel
from bc_lib.integrations.notifications.addresses import address, scheme
from bc_lib.ports.notices import DeliveryFailed, Notification, NotificationPriority
from bc_lib.ports.secrets import SecretResolver

CONNECT_S = 4.0
READ_S = 10.0
APP_ID = "BusinessContinuity"
NO_NEW_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_CAUSES = (
    (re.compile(r"refused", re.IGNORECASE), "the server refused the connection"),
    (re.compile(r"timed? ?out", re.IGNORECASE), "no answer in time"),
    (re.compile(r"name or service|getaddrinfo|resolution", re.IGNORECASE), "the server's name cannot be resolved"),
    (re.compile(r"authenti", re.IGNORECASE), "the server refused our credentials"),
)
_HTTP_STATUS = re.compile(r"\berror=([1-5]\d\d)\b")


class AppriseNotifier:
    """Implements Notifier. Apprise's own log lines, which may show addresses, go nowhere."""

    def __init__(self, secrets: SecretResolver, *, connect_s: float = CONNECT_S, read_s: float = READ_S) -> None:
        self._secrets = secrets
        self._limits = (connect_s, read_s)

    def send(self, channel: Channel, notification: Notification) -> None:
        """Deliver to the channel's URL within about `connect_s + read_s`. Raises DeliveryFailed without the URL."""
        url = address(channel, self._secrets)
        with _quiet() as lines:
            target = self._target(channel, url)
            _mark(target, notification)
            try:
                sent = _notify(target, notification)
            except Exception as failure:  # Apprise's plugins promise True or False, and some raise
                raise DeliveryFailed(_sentence(channel, url, [type(failure).__name__, *lines])) from None
        if not sent:
            raise DeliveryFailed(_sentence(channel, url, lines))

    def _target(self, channel: Channel, url: str) -> Any:
        import apprise

        asset = apprise.AppriseAsset(
            app_id=APP_ID,
            app_desc=APP_ID,
            async_mode=False,
            secure_logging=True,
            storage_mode=apprise.PersistentStoreMode.MEMORY,
        )
        target = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if target is None:
            raise DeliveryFailed(
                f"The address of {channel.name} ({scheme(url)}) is not one that Apprise knows; check it."
            )
        target.socket_connect_timeout, target.socket_read_timeout = self._limits
        target.request_rate_per_sec = 0
        if hasattr(target, "smtp_host") and "format=" not in url:
            target.notify_format = apprise.NotifyFormat.HTML  # a mail then carries both forms
        return target


def _notify(target: Any, notification: Notification) -> bool:
    from apprise import NotifyFormat

    rich = str(getattr(target.notify_format, "value", target.notify_format)) == NotifyFormat.HTML.value
    return bool(
        target.notify(
            title=notification.subject,
            body=notification.body_html if rich else notification.body,
            body_format=NotifyFormat.HTML if rich else NotifyFormat.TEXT,
            notify_type=_type(notification),
        )
    )


def _type(notification: Notification) -> Any:
    from apprise import NotifyType

    if notification.metadata.get("kind") in {"recovery", "visibility_back"}:
        return NotifyType.SUCCESS
    grave = {NotificationPriority.HIGH, NotificationPriority.CRITICAL, NotificationPriority.EMERGENCY}
    return NotifyType.FAILURE if notification.priority in grave else NotifyType.WARNING


def _mark(target: Any, notification: Notification) -> None:
    """Say the same fact's id where the receiver can use it: headers, and fields of a webhook's JSON."""
    key = NO_NEW_CONTROL.sub("", notification.idempotency_id)
    mail = hasattr(target, "smtp_host")
    if isinstance(getattr(target, "headers", None), dict):
        target.headers["X-Idempotency-Id" if mail else "Idempotency-Key"] = key
    if mail and isinstance(getattr(target, "headers", None), dict):
        incident = notification.metadata.get("incident", notification.idempotency_id)
        # One thread of mails an incident: the breach and its recovery refer to the same id.
        target.headers["References"] = (
            f"<{hashlib.sha256(incident.encode()).hexdigest()[:32]}@business-continuity.invalid>"
        )
    if isinstance(getattr(target, "payload_extras", None), dict):
        extra = {
            **notification.metadata,
            "idempotency_id": key,
            "priority": notification.priority.value,
            "alert_name": notification.alert_name,
        }
        target.payload_extras = {**extra, **target.payload_extras}


class _Lines(logging.Handler):
    """Keeps the lines of each thread apart: channels are served at the same time."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.kept = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        lines = getattr(self.kept, "lines", None)
        if lines is not None:
            lines.append(record.getMessage())


_LINES = _Lines()


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Apprise's log lines for us alone: they are matched against known causes and never shown."""
    logger, lines = logging.getLogger("apprise"), list[str]()
    if _LINES not in logger.handlers:
        logger.addHandler(_LINES)
        logger.propagate = False
        logger.setLevel(logging.DEBUG)
    _LINES.kept.lines = lines
    try:
        yield lines
    finally:
        _LINES.kept.lines = None


def _sentence(channel: Channel, url: str, lines: list[str]) -> str:
    text = "\n".join(lines)
    status = _HTTP_STATUS.search(text)
    cause = (
        f"HTTP status {status[1]}"
        if status
        else next((words for form, words in _CAUSES if form.search(text)), "not accepted")
    )
    return (
        f"{channel.name} ({scheme(url)}) did not take the notice: {cause}. Check its address and the receiving server."
    )
