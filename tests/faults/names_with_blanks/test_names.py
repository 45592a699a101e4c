"""A standby may call itself anything: blanks, quotes, commas in application_name do not make it somebody else's."""

from __future__ import annotations

import pytest
from psycopg.conninfo import make_conninfo

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from tests.fixtures.execpair import Driver, pair
from tests.fixtures.pgcluster import SUPERUSER, wait_for
from tests.fixtures.watching import Watch

# Empty: none is given, and it goes by its cluster_name.
NAMES = ("", "dr standby", 'o\'brien, "2"', "a=b \\ c", "x" * 70)


@pytest.mark.parametrize("slot", ["slot_ams", ""], ids=["slot", "no slot"])
def test_it_is_fed_by_its_primary_and_moved(slot: str) -> None:
    with pair() as made:
        server, port = made.cluster.servers["ams"], made.cluster.servers["fra"].port
        for name in NAMES:
            words = make_conninfo(
                host="127.0.0.1", port=port, user="postgres", password=SUPERUSER, application_name=name or None
            )
            more = {"cluster_name": "ams" if name else "ams b=c"}
            server.settings = {**server.settings, "primary_conninfo": words, "primary_slot_name": slot, **more}
            server.stop()
            server.start()
            start = (name or "ams")[:3]
            listed = f"SELECT count(*) FROM pg_stat_replication WHERE left(application_name, 3) = $${start}$$"
            wait_for(lambda listed=listed: made.sql("fra", listed) == [(1,)])  # type: ignore[misc]
            seen = Watch(made.cluster).until(lambda found: found.status is Status.GREEN)
            assert seen.could_switch_over.answer is Answer.YES, (name, seen.reasons)
            driver = Driver(made)
            found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
            assert found["fed-by-primary"].severity is Severity.OK, (name, found["fed-by-primary"])
        Driver(made).move()
