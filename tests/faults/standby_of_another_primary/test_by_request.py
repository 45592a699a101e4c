"""From the request to the refusal: the old primary is never stopped, and no acknowledged row is missing (FR-033)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.requests.states import State
from bc_lib.ports.host_control import HostVerb, Order
from tests.fixtures.clones import Line, diverge, led_away, line_to, over
from tests.fixtures.moving import Moving
from tests.fixtures.requests import TITLES

STARTED = "SELECT pg_postmaster_start_time()"


@pytest.fixture
def apart(moving: Moving) -> Iterator[tuple[Moving, Line]]:
    """The standby receives over a line. The clone ends with its test; the standby cannot follow fra again, so that the
    next test gets a new pair."""
    cluster = moving.pair.cluster
    with line_to(moving.pair.port(moving.site)) as line:
        over(cluster, moving.other, line)
        moving.observe()
        yield moving, line
    cluster.servers.pop("clone").stop("immediate")


def test_it_is_refused_and_nothing_is_stopped(apart: tuple[Moving, Line]) -> None:
    moving, line = apart
    old, new, pair = moving.site, moving.other, moving.pair
    request = moving.ready()
    started, effects = pair.sql(old, STARTED), moving.effects()
    with pair.client() as client:
        led_away(pair.cluster, line, new)
        diverge(pair.cluster, 500, new)
        report = moving.run(request)
        client.more()
    assert report.state == State.FAILED
    assert f"{TITLES[old]} lists no sender for {TITLES[new]}" in report.text or "never wrote" in report.text, (
        report.text
    )
    assert pair.roles() == {old: "primary", new: "standby"}
    assert pair.sql(old, STARTED) == started
    assert moving.effects() == effects
    assert client.missing(pair, old) == set()
    assert not client.errors


def test_where_it_diverges_after_the_check_the_move_gives_the_writes_back(apart: tuple[Moving, Line]) -> None:
    moving, line = apart
    old, new, pair = moving.site, moving.other, moving.pair
    request = moving.ready()

    def before_the_stop(order: Order) -> None:
        if order.verb is HostVerb.STOP and "clone" not in pair.cluster.servers:
            led_away(pair.cluster, line, new)
            diverge(pair.cluster, 500, new)

    moving.ordering.append(before_the_stop)
    with pair.client() as client:
        report = moving.run(request)
        client.more()
    assert report.state == State.FAILED, report.text
    assert "it has followed another server" in report.text
    run = moving.read.run(request.id)
    assert run is not None
    assert run.step("orders-db/move").state is StepState.FAILED
    assert run.step("orders-db/move").facts["undone"] is True
    assert pair.roles() == {old: "primary", new: "standby"}
    assert client.missing(pair, old) == set()
