"""The old primary is lost before the run looks at it: what the monitor last saw of it says that commits waited."""

from __future__ import annotations

from bc_lib.domain.execution.outcome import Owed
from bc_lib.domain.requests.states import State
from bc_lib.services.execution.allow import allow
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.requests import TITLES

STATES = "SELECT sync_state FROM pg_stat_replication"
RIGHT = "ALTER SYSTEM ON PARAMETER synchronous_standby_names"


def test_it_is_told_with_its_moment_owed_and_set_again(moving: Moving) -> None:
    old, new, pair = moving.site, moving.other, moving.pair

    def synchronous() -> None:
        pair.sql(old, f"ALTER SYSTEM SET synchronous_standby_names = '{new}'")
        pair.sql(old, "SELECT pg_reload_conf()")
        wait_for(lambda: pair.sql(old, STATES) == [("sync",)])
        pair.sql(old, f"REVOKE {RIGHT} FROM bc_execution")
        moving.observe()

    request = moving.lose_primary(new, before=synchronous)
    report = moving.run(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    run = moving.read.run(request.id)
    assert run is not None
    told = {each.check: each for each in run.step("orders-db/check").findings}["sync-names-after"]
    assert (told.figure, "As last seen at " in told.sentence) == (new, True), told
    allow(moving.world.gate, moving.world.actor("ian"), request.id, "orders-db/rewind")
    report = moving.again(request)
    run = moving.read.run(request.id)
    assert run is not None
    assert (report.state, run.owed) == (State.SERVICE_RESTORED, (Owed.SYNCHRONOUS,)), report.text
    sentence = run.step("orders-db/rewind").sentence
    assert (
        f"Commits at {TITLES[new]} wait for no standby; before the move they did ({new}, as last seen at " in sentence
    )
    pair.sql(new, f"GRANT {RIGHT} TO bc_execution")
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    assert pair.sql(new, STATES) == [("sync",)]
    assert pair.sql(new, "SHOW synchronous_standby_names") == [(f'"{old}"',)]
    pair.sql(new, "ALTER SYSTEM RESET synchronous_standby_names")
    pair.sql(new, "SELECT pg_reload_conf()")
    moving.settled()
