"""What would show a manager cannot be read: not known, and therefore no move; never silently allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.requests.states import State
from tests.fixtures.moving import Moving

SAID = "Whether a cluster manager acts on orders-db is not known: what would show it cannot be read at"
STARTED = "SELECT pg_postmaster_start_time()"


@contextmanager
def hidden(moving: Moving) -> Iterator[None]:
    """Nobody but superusers sees which roles there are."""
    moving.pair.sql(moving.site, "REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC, bc_execution")
    try:
        yield
    finally:
        moving.pair.sql(moving.site, "GRANT SELECT ON pg_catalog.pg_roles TO PUBLIC, bc_execution")


def test_it_is_not_known_and_nothing_is_moved(moving: Moving) -> None:
    request, pair, site = moving.ready(), moving.pair, moving.site
    started, effects = pair.sql(site, STARTED), moving.effects()
    with hidden(moving):
        moving.observe()
        (status,) = moving.read.snapshot().statuses
        found = status.assessment
        assert found.status is not Status.GREEN
        (told,) = [each for each in found.reasons if each.code == "MANAGER_UNKNOWN"]
        assert told.text.startswith(SAID), told.text
        assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.UNKNOWN, Answer.UNKNOWN)
        report = moving.run(request)
    assert report.state == State.FAILED, report.text
    assert "permission denied for view pg_roles" in report.text, "the account of the move cannot see it either"
    assert moving.read.run(request.id) is None, "no step was begun"
    assert (pair.sql(site, STARTED), moving.effects()) == (started, effects)
    moving.observe()
    moving.move()
