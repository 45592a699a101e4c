"""The adapter of the user's gds_notification, against a package with its interface (US-004)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bc_lib.domain.alerts import NoticeKind
from bc_lib.domain.inventory import Channel, ChannelKind
from bc_lib.integrations.notifications import make_notifier
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.notices import DeliveryFailed
from tests.integration.notices.test_apprise import CANARY, notification

BASE = """
from dataclasses import dataclass, field
from enum import Enum

class GdsNotificationError(Exception):
    pass

class NotificationPriority(Enum):
    LOW = "low"; NORMAL = "normal"; HIGH = "high"; CRITICAL = "critical"; EMERGENCY = "emergency"

@dataclass
class Notification:
    recipient: str; subject: str; body: str; body_html: str; priority: NotificationPriority; alert_name: str
    db_instance_id: int; idempotency_id: str; metadata: dict = field(default_factory=dict)

@dataclass
class NotificationResult:
    success: bool

SENT = []
"""
SMTP = """
from gds_notification.providers.base import SENT, GdsNotificationError, NotificationResult

class SMTPProvider:
    def __init__(self, host, port=587, username=None, password=None, from_address="", use_tls=True):
        self.given = (host, port, username, password, from_address, use_tls)
    def send(self, notification):
        if self.given[0] == "broken":
            raise GdsNotificationError(f"login {self.given[2]}:{self.given[3]} refused")
        SENT.append(("smtp", self.given, notification))
        return NotificationResult(success=True)
"""
PAGER = """
from gds_notification.providers.base import SENT, NotificationResult

class PagerDutyProvider:
    def __init__(self, routing_key, api_url=None, timeout=10, default_severity="error", source="x"):
        self.given = (routing_key, api_url, source)
    def trigger(self, notification):
        SENT.append(("trigger", self.given, notification)); return NotificationResult(success=True)
    def resolve(self, notification):
        SENT.append(("resolve", self.given, notification)); return NotificationResult(success=True)
"""
MIR3 = """
from gds_notification.providers.base import SENT, NotificationResult

class MIR3Provider:
    def __init__(self, wsdl_url, username, password):
        self.given = (wsdl_url, username, password)
    def send(self, notification):
        SENT.append(("mir3", self.given, notification)); return NotificationResult(success=False)
"""


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list]:
    folder = tmp_path / "gds_notification" / "providers"
    folder.mkdir(parents=True)
    (tmp_path / "gds_notification" / "__init__.py").touch()
    for name, text in (("__init__", ""), ("base", BASE), ("smtp", SMTP), ("pagerduty", PAGER), ("mir3", MIR3)):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    from gds_notification.providers import base

    yield base.SENT
    for name in [name for name in sys.modules if name.partition(".")[0] == "gds_notification"]:
        del sys.modules[name]


def send(url: str, kind: NoticeKind = NoticeKind.BREACH) -> None:
    pager = Channel(name="pager", kind=ChannelKind.PAGER, url="env:PAGER", production=True)
    make_notifier(Resolver({"PAGER": url})).send(pager, notification(kind))


def test_smtp_sends_one_message_a_recipient(sent: list) -> None:
    send("gds-smtp://bc:p%40ss@mail.example.org:2525/?from=bc@example.org&to=a@example.org,b@example.org&tls=no")
    assert [item[2].recipient for item in sent] == ["a@example.org", "b@example.org"]
    assert sent[0][1] == ("mail.example.org", 2525, "bc", "p@ss", "bc@example.org", False)
    assert sent[0][2].priority.name == "CRITICAL"
    assert isinstance(sent[0][2].db_instance_id, int)


def test_pager_opens_and_closes_the_same_incident(sent: list) -> None:
    """The recovery resolves what the breach triggered: same dedup key, the key's letter case kept."""
    send("gds-pagerduty://RoutingKey1/?source=bc")
    send("gds-pagerduty://RoutingKey1/?source=bc", NoticeKind.RECOVERY)
    assert [item[0] for item in sent] == ["trigger", "resolve"]
    assert sent[0][2].idempotency_id == sent[1][2].idempotency_id == "orders-db:RPO_BREACH:t"
    assert sent[0][1] == ("RoutingKey1", None, "bc")


@pytest.mark.parametrize(
    "url",
    [
        f"gds-smtp://bc:{CANARY}@broken/?from=a@example.org&to=b@example.org",
        f"gds-smtp://bc:{CANARY}@mail.example.org/?from=a@example.org",
        f"gds-mir3://bc:{CANARY}@mir3.example.org/wsdl?to=ops",
        f"gds-other://{CANARY}/",
        f"gds-smtp://bc:{CANARY}@host:notaport/?to=b@example.org",
    ],
)
def test_failures_are_one_sentence_without_the_address(sent: list, url: str) -> None:
    """A15."""
    with pytest.raises(DeliveryFailed) as failed:
        send(url)
    assert CANARY not in str(failed.value)
    assert str(failed.value).endswith(".")


def test_without_the_package_it_says_so() -> None:
    with pytest.raises(DeliveryFailed, match="not installed"):
        send("gds-pagerduty://KEY/")
