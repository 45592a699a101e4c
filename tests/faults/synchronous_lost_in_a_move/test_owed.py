"""End to end: a new primary that may not be made synchronous again is owed, told, and settled by the next visit."""

from __future__ import annotations

from bc_lib.domain.execution.outcome import Owed
from bc_lib.domain.requests.states import State
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.requests import TITLES

STATES = "SELECT sync_state FROM pg_stat_replication"
RIGHT = "ALTER SYSTEM ON PARAMETER synchronous_standby_names"


def test_it_is_owed_until_the_new_primary_waits_again(moving: Moving) -> None:
    old, new, pair = moving.site, moving.other, moving.pair
    pair.sql(old, f"ALTER SYSTEM SET synchronous_standby_names = '{new}'")
    pair.sql(old, "SELECT pg_reload_conf()")
    wait_for(lambda: pair.sql(old, STATES) == [("sync",)])
    moving.observe()
    pair.sql(old, f"REVOKE {RIGHT} FROM bc_execution")
    try:
        request = moving.ready()
        report = moving.run(request)
        assert report.state == State.SERVICE_RESTORED, report.text
        run = moving.read.run(request.id)
        assert run is not None
        assert run.owed == (Owed.SYNCHRONOUS,)
        assert f"Commits at {TITLES[new]} wait for no standby" in run.step("orders-db/reprotect").sentence
    finally:
        pair.sql(new, f"GRANT {RIGHT} TO bc_execution")
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    assert pair.sql(new, STATES) == [("sync",)]
    assert moving.read.run(request.id).owed == ()  # type: ignore[union-attr]
    for node in (old, new):
        pair.sql(node, "ALTER SYSTEM RESET synchronous_standby_names")
        pair.sql(node, "SELECT pg_reload_conf()")
