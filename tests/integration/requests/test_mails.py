"""Mails of one failover as people get them: a sentence, the role, the address of the button, what it costs (FR-022)."""

from __future__ import annotations

import email
import email.policy
import html
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bc_lib.domain.inventory import Channel, ChannelKind
from bc_lib.domain.requests.states import RequestType
from bc_lib.integrations.notifications import make_notifier
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.notices import Notification, NotificationPriority
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.plan_text import loss_lines
from tests.fixtures.requests import BUSINESS, IT, World
from tests.fixtures.running import Running, running

__all__ = ["running"]
RAW = re.compile(
    r"\d{4}-\d\d-\d\dT|Owed: \w+Owed|ServiceRestored|PendingApproval|by runner|by \w+:\d+|\b[a-z-]+-db/[a-z]+\b"
)


@dataclass
class Post:
    """A mail server on loopback."""

    port: int
    raw: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append(envelope.content)
        return "250 taken"

    def delivered(self, world: World, kind: str) -> EmailMessage:
        """The one message of this kind in the outbox, sent and received."""
        found = [
            each[0]
            for each in world.database.sql("postgres", "SELECT notification FROM bc.outbox ORDER BY id")
            if each[0]["metadata"]["kind"] == kind
        ]
        told = found[-1]
        url = f"mailto://127.0.0.1:{self.port}?from=bc@example.org&to=ops@example.org&mode=insecure"
        make_notifier(Resolver({"OPS": url})).send(
            Channel(name="ops-mail", kind=ChannelKind.MAIL, url="env:OPS"),
            Notification(**{**told, "priority": NotificationPriority(told["priority"])}),
        )
        return email.message_from_bytes(self.raw[-1], policy=email.policy.default)  # type: ignore[return-value]


@pytest.fixture
def post() -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Post(port)
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    yield made
    controller.stop()


def lines(mail: EmailMessage) -> list[str]:
    """Its plain part, as it arrived."""
    part = mail.get_body(("plain",))
    assert part is not None
    return [line.strip() for line in part.get_content().splitlines() if line.strip()]


def nothing_raw(mail: EmailMessage) -> None:
    for form in ("plain", "html"):
        part = mail.get_body((form,))
        assert part is not None
        assert RAW.findall(part.get_content()) == [], form


def test_created_says_what_can_be_lost_and_leads_to_the_approval(world: World, post: Post) -> None:
    request = world.ask()
    mail = post.delivered(world, "created")
    said = lines(mail)
    assert mail["Subject"] == f"[CREATED] {request.id}: failover of orders-db to Amsterdam"
    assert said[0].startswith("Olga asks for a failover of orders-db to Amsterdam.")
    assert "It waits for an Approver-IT and an Approver-Business to approve or deny it." in said[0]
    (sentence,) = loss_lines(world.gate.store.read.plan(request.id).plan)
    assert f"Possible loss: {sentence}" in said
    assert f"losing {world.gate.store.read.plan(request.id).plan.loss}" in " ".join(said)
    assert "Estimated outage: not known: no run or drill of this is recorded" in " ".join(said)
    assert any(line.startswith("Effect: ") for line in said), "label and value on one line"
    assert f"http://localhost:8501/requests?id={request.id}&act=approve" in " ".join(said)
    nothing_raw(mail)


def test_created_says_how_long_such_a_move_took_before(running: Running, post: Post) -> None:
    """Loss and outage are what an approver weighs: both stand in the mail that asks."""
    running.go(running.ready(RequestType.SWITCHOVER))
    running.later(8.0)
    running.world.observe("orders-db")
    running.world.ask(kind=RequestType.SWITCHOVER)
    (line,) = [each for each in lines(post.delivered(running.world, "created")) if each.startswith("Estimated outage")]
    assert re.fullmatch(r"Estimated outage: [\d.]+ m?s: what clients saw in 1 earlier run of this kind", line), line


def test_approved_leads_to_the_confirmation(world: World, post: Post) -> None:
    request = world.ask(kind=RequestType.SWITCHOVER)
    approve(world.gate, world.actor("ian"), request.id, IT)
    approve(world.gate, world.actor("bea"), request.id, BUSINESS)
    said = lines(post.delivered(world, "approved"))
    assert (
        said[0]
        == "The switchover of orders-db to Amsterdam is approved, by Bea last. It waits for an operator to confirm it."
    )
    assert f"http://localhost:8501/requests?id={request.id}&act=confirm" in " ".join(said)


def test_held_names_the_role_and_leads_to_the_button(running: Running, post: Post) -> None:
    request = running.ready(RequestType.FAILOVER)
    gate, olga = running.world.gate, running.world.actor("olga")
    consent(gate, olga, request.id, loss_now(gate, request.id))
    assert running.go(request).state == "ServiceRestored"
    mail = post.delivered(running.world, "held")
    said = lines(mail)
    assert mail["Subject"].startswith(f"[HELD] {request.id}: an approver must allow the rewind of ")
    assert "It waits for an approver to allow the rewind of " in said[0]
    assert any(line.startswith("No standby since: 20") for line in said)
    assert any(line.startswith("Outage: ") for line in said)
    button = f"http://localhost:8501/run?id={request.id}&act=allow&step=orders-db%2Frewind"
    assert button in said
    assert button in [html.unescape(each) for each in re.findall('href="([^"]+)"', rich(mail))]
    nothing_raw(mail)
    before = post.delivered(running.world, "clients write again")
    assert "Still owed: a working standby." in " ".join(lines(before))
    nothing_raw(before)


def rich(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
