"""Routing and wording of notices (decision 12, FR-020, A12)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.alerts import Notice, NoticeKind, Severity
from bc_lib.domain.inventory import Channel, ChannelKind, Environment, Route
from bc_lib.domain.notice_text import render
from bc_lib.domain.routing import route
from bc_lib.ports.notices import NotificationPriority

AT = datetime(2026, 11, 23, 5, tzinfo=UTC)


def notice(**more) -> Notice:
    given = {
        "kind": NoticeKind.BREACH,
        "severity": Severity.CRITICAL,
        "resource": "orders-db",
        "tier": 1,
        "environment": Environment.DEMO,
        "code": "RPO_BREACH",
        "text": "Too far.",
        "occurred_at": AT,
        "dedup_key": "k",
        "incident": "i",
    }
    return Notice(**(given | more))


MAIL = Channel(name="mail", kind=ChannelKind.MAIL, url="env:M")
PAGER = Channel(name="pager", kind=ChannelKind.PAGER, url="env:P", production=True)
EVERYWHERE = Route(tiers=(1, 2), environments=tuple(Environment), channels=("pager", "mail", "mail", "unknown"))


def test_route_by_tier_and_environment() -> None:
    routes = (
        Route(tiers=(1,), environments=(Environment.PROD,), channels=("pager",)),
        Route(tiers=(1, 2), environments=(Environment.PROD, Environment.DEMO), channels=("mail",)),
    )
    assert route(notice(environment=Environment.PROD), (MAIL, PAGER), routes) == ("pager", "mail")
    assert route(notice(environment=Environment.PROD, tier=2), (MAIL, PAGER), routes) == ("mail",)
    assert route(notice(), (MAIL, PAGER), routes) == ("mail",)
    assert route(notice(environment=Environment.DEV), (MAIL, PAGER), routes) == ()


@given(
    st.sampled_from(Environment),
    st.lists(
        st.builds(
            Channel,
            name=st.sampled_from("abc"),
            kind=st.sampled_from(ChannelKind),
            url=st.just("env:X"),
            production=st.booleans(),
        ),
        unique_by=lambda channel: channel.name,
    ),
    st.lists(
        st.builds(
            Route,
            tiers=st.just((1,)),
            environments=st.lists(st.sampled_from(Environment)).map(tuple),
            channels=st.lists(st.sampled_from("abcd")).map(tuple),
        )
    ),
)
def test_non_production_never_reaches_production(environment, channels, routes) -> None:
    """Decision 12: whatever the routes say."""
    reached = route(notice(environment=environment), channels, routes)
    production = {channel.name for channel in channels if channel.production}
    assert environment.production or not production & set(reached)
    assert len(reached) == len(set(reached))
    assert set(reached) <= {channel.name for channel in channels}


def test_text_has_resource_tier_reason_figures_and_link() -> None:
    """TC-030."""
    text = render(
        notice(figures={"received_s": 42.3, "rpo_s": 30.0, "received_bytes": 1 << 20}), "http://bc.example.org/"
    )
    assert text.subject == "[PROBLEM] orders-db (tier 1, demo): Possible loss above the RPO target"
    for part in (
        "orders-db",
        "RPO_BREACH",
        "43 s",
        "30 s",
        "1.0 MB",
        "2026-11-23 05:00:00 UTC",
        "http://bc.example.org/resource?name=orders-db",
    ):
        assert part in text.body
        assert part in text.body_html
    assert text.metadata["incident"] == "i"


@given(st.text(), st.text(), st.sampled_from(NoticeKind), st.sampled_from(Severity), st.sampled_from([1, 2]))
def test_no_header_and_no_markup_can_be_smuggled(name, text, kind, severity, tier) -> None:
    """A12: line breaks, tags, direction marks."""
    made = render(
        notice(resource=name, text=text, kind=kind, severity=severity, tier=tier, figures={"<b>": text}), "http://x"
    )
    assert made.subject.isprintable()
    assert len(made.subject) <= 140
    assert "<script" not in render(notice(text="<script>"), "http://x").body_html
    assert made.body_html.isprintable()
    assert NotificationPriority(made.priority)


@pytest.mark.parametrize(
    ("severity", "tier", "priority"),
    [
        (Severity.CRITICAL, 1, "critical"),
        (Severity.CRITICAL, 2, "high"),
        (Severity.WARNING, 1, "normal"),
        (Severity.INFO, 1, "low"),
    ],
)
def test_priority(severity: Severity, tier: int, priority: str) -> None:
    assert render(notice(severity=severity, tier=tier), "http://x").priority == priority
