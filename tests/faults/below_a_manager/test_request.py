"""Signs of a manager on a real pair: refused by the service, and by the start's own look where they came later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bc_lib.domain.denial import Denial
from bc_lib.domain.managers import Manager
from bc_lib.domain.requests.states import State
from bc_lib.services.runbooks.plans import runbooks
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused

SAID = "orders-db is declared unmanaged and looks managed by CloudNativePG (role cnpg_metrics_exporter)"
STARTED = "SELECT pg_postmaster_start_time()"


@contextmanager
def managed(moving: Moving) -> Iterator[None]:
    """The primary, and with it the standby, shows what CloudNativePG leaves."""
    moving.pair.sql(moving.site, "CREATE ROLE cnpg_metrics_exporter")
    try:
        yield
    finally:
        moving.pair.sql(moving.site, "DROP ROLE cnpg_metrics_exporter")


def sentence(moving: Moving) -> str:
    """With which a request is refused."""
    try:
        moving.asked()
    except Denial as denial:
        return denial.sentence
    return ""


def test_a_manager_is_found_and_refused_with_one_sentence_everywhere(moving: Moving) -> None:
    """Signs, declared, overruled: the service's words are those of the runbook; only an overruled sign lets it pass."""
    with managed(moving):
        moving.observe()
        assert refused(moving.asked) == "MANAGED"
        assert sentence(moving).startswith(SAID)
        books = [each.make() for each in runbooks(moving.read) if each.scope.name == "orders-db"]  # type: ignore[arg-type]
        assert {action.why_not for action in books[0].actions if action.plan is None} >= {sentence(moving)}
        moving.changes["orders-db"] = {"manager": Manager.REPMGR}
        moving.apply()
        assert sentence(moving) == "orders-db is managed by repmgr: move it through its manager, never from here."
        moving.changes["orders-db"] = {"manager_overruled": "The role is left from a copy"}
        moving.apply()
        moving.observe()
        assert sentence(moving) == ""


def test_the_start_looks_again_and_nothing_is_stopped(moving: Moving) -> None:
    """Approved and confirmed while nothing was to be seen."""
    request, pair, site = moving.ready(), moving.pair, moving.site
    started, effects = pair.sql(site, STARTED), moving.effects()
    with managed(moving):
        report = moving.run(request)
    assert report.state == State.FAILED
    assert SAID in report.text
    assert pair.sql(site, STARTED) == started
    assert moving.effects() == effects
    assert pair.roles() == {site: "primary", moving.other: "standby"}


def test_an_overruled_sign_is_told_in_the_checks(moving: Moving) -> None:
    """It warns, and the move is made."""
    moving.changes["orders-db"] = {"manager_overruled": "The role is left from a copy"}
    moving.apply()
    with managed(moving):
        moving.observe()
        request = moving.ready()
        assert moving.run(request).state == State.SUCCEEDED
        found = moving.read.run(request.id)
        assert found is not None
        told = [each.sentence for each in found.prechecks if each.check == "unmanaged"]
        assert ["an administrator overruled that: The role is left from a copy" in each for each in told] == [True]
        moving.settled()
