"""Notices over a real SMTP conversation and a real HTTP request on loopback (FR-020, US-004, TC-030)."""

from __future__ import annotations

import email
import email.policy
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller

from bc_lib.domain.alerts import Notice, NoticeKind, Severity
from bc_lib.domain.inventory import Channel, ChannelKind, Environment
from bc_lib.domain.notice_text import render
from bc_lib.integrations.notifications import make_notifier
from bc_lib.integrations.notifications.apprise_notifier import AppriseNotifier
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.notices import DeliveryFailed, Notification, NotificationPriority

CANARY = "canary-9f2c"


def notification(kind: NoticeKind = NoticeKind.BREACH) -> Notification:
    notice = Notice(
        kind=kind,
        severity=Severity.CRITICAL,
        resource="orders-db",
        tier=1,
        environment=Environment.DEMO,
        code="RPO_BREACH",
        text="Up to 42 s of writes are not received at ams, over the RPO target of 30 s.",
        occurred_at=datetime(2026, 11, 23, 5, tzinfo=UTC),
        dedup_key=f"orders-db:RPO_BREACH:t:{kind.value}",
        incident="orders-db:RPO_BREACH:t",
        figures={"received_s": 42.0, "rpo_s": 30.0},
    )
    text = render(notice, "http://localhost:8501")
    return Notification(
        subject=text.subject,
        body=text.body,
        body_html=text.body_html,
        priority=NotificationPriority(text.priority),
        alert_name=text.alert_name,
        idempotency_id=text.idempotency_id,
        metadata=text.metadata,
    )


def channel(url: str, kind: ChannelKind = ChannelKind.MAIL) -> Channel:
    return Channel(name="ops", kind=kind, url=url)


class Sink:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append(envelope.content)
        return "250 taken"


@pytest.fixture
def inbox() -> Iterator[SimpleNamespace]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield SimpleNamespace(port=port, mails=sink.mails)
    controller.stop()


def test_mail_arrives_with_resource_tier_reason_figures_and_link(inbox: SimpleNamespace) -> None:
    """TC-030."""
    url = f"mailto://127.0.0.1:{inbox.port}?from=bc@example.org&to=ops@example.org&mode=insecure"
    make_notifier(Resolver({"OPS": url})).send(channel("env:OPS"), notification())
    mail = email.message_from_bytes(inbox.mails[0], policy=email.policy.default)
    assert mail["Subject"] == "[PROBLEM] orders-db (tier 1, demo): Possible loss above the RPO target"
    assert mail["X-Idempotency-Id"] == "orders-db:RPO_BREACH:t:breach"
    assert mail["Message-ID"]
    for form in ("plain", "html"):
        body = mail.get_body((form,)).get_content()
        assert "RPO_BREACH" in body
        assert "42 s" in body
        assert "http://localhost:8501/resource?name=orders-db" in body


def test_breach_and_recovery_are_one_thread_of_mails(inbox: SimpleNamespace) -> None:
    url = f"mailto://127.0.0.1:{inbox.port}?from=bc@example.org&to=ops@example.org&mode=insecure"
    notifier = AppriseNotifier(Resolver({}))
    for kind in (NoticeKind.BREACH, NoticeKind.RECOVERY):
        notifier.send(channel(url), notification(kind))
    first, second = (email.message_from_bytes(mail, policy=email.policy.default) for mail in inbox.mails)
    assert first["References"] == second["References"]
    assert second["Subject"].startswith("[RECOVERED]")


def test_a_refused_mail_server_is_a_failure_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    """A15: neither the error nor any log line carries the password."""
    caplog.set_level(logging.DEBUG)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        url = f"mailto://bc:{CANARY}@127.0.0.1:{port}?from=bc@example.org&to=ops@example.org&mode=insecure"
        with pytest.raises(DeliveryFailed) as failed:
            AppriseNotifier(Resolver({})).send(channel(url), notification())
    assert "refused the connection" in str(failed.value)
    assert CANARY not in str(failed.value) + caplog.text
    assert failed.value.__cause__ is None


def test_a_silent_mail_server_costs_its_time_out_only() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=bc@example.org&to=ops@example.org&mode=insecure"
        begun = time.monotonic()
        with pytest.raises(DeliveryFailed):
            AppriseNotifier(Resolver({}), connect_s=0.5, read_s=0.5).send(channel(url), notification())
        assert time.monotonic() - begun < 5


@pytest.fixture
def hook() -> Iterator[SimpleNamespace]:
    seen = SimpleNamespace(requests=[], status=200)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.requests.append((self.path, dict(self.headers), body))
            self.send_response(seen.status)
            self.end_headers()

        def log_message(self, *args) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seen.port = server.server_port
    yield seen
    server.shutdown()
    server.server_close()


def test_webhook_gets_json_with_the_dedup_key(hook: SimpleNamespace) -> None:
    AppriseNotifier(Resolver({})).send(
        channel(f"json://127.0.0.1:{hook.port}/hook", ChannelKind.WEBHOOK), notification()
    )
    path, headers, body = hook.requests[0]
    assert path == "/hook"
    assert headers["Idempotency-Key"] == "orders-db:RPO_BREACH:t:breach"
    assert (body["resource"], body["tier"], body["code"], body["priority"]) == (
        "orders-db",
        "1",
        "RPO_BREACH",
        "critical",
    )
    assert body["link"].endswith("/resource?name=orders-db")
    assert "42 s" in body["message"]


def test_webhook_that_answers_500_is_a_failure(hook: SimpleNamespace) -> None:
    hook.status = 500
    with pytest.raises(DeliveryFailed, match="HTTP status 500"):
        AppriseNotifier(Resolver({})).send(
            channel(f"json://127.0.0.1:{hook.port}/{CANARY}", ChannelKind.WEBHOOK), notification()
        )


@pytest.mark.parametrize("url", ["env:NOT_THERE", "nonsense://x/y", "env:", "hello"])
def test_an_address_that_cannot_be_used_is_one_sentence(url: str) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        make_notifier(Resolver({})).send(channel(url), notification())
    assert str(failed.value).endswith(".")
    assert "\n" not in str(failed.value)
