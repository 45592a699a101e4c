"""Our server is down and another PostgreSQL listens at its address: said as that, by the watch and by a move's check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.observation import Reach
from bc_lib.domain.requests.states import RequestType
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import cluster
from tests.fixtures.watching import Watch, forbidden, names


@contextmanager
def taken(made: Pair, *, knows_us: bool) -> Iterator[None]:
    """Another cluster's server has taken the port of `fra`, which is stopped."""
    made.cluster.servers["fra"].stop("fast")
    with cluster() as other:
        stranger = other.servers["fra"]
        if not knows_us:
            other.sql("fra", "ALTER ROLE bc_monitor PASSWORD 'another-one'")
        stranger.stop("fast")
        stranger.port = made.cluster.servers["fra"].port
        stranger.start()
        yield


def test_one_that_refuses_us_and_one_that_lets_us_in() -> None:
    with pair() as made:
        watch = Watch(made.cluster, resource=made.resource())
        watch.look()
        watch.beats = False
        with taken(made, knows_us=False):
            found = watch.look()
            assert watch.seen is not None
            (there,) = watch.seen.at_site("fra")
            assert there.reach is Reach.CREDENTIAL
            told = next(reason.text for reason in found.reasons if reason.code == "CREDENTIAL_UNAVAILABLE")
            assert "check the secret, or who listens there" in told
            for kind, severity in ((RequestType.SWITCHOVER, Severity.BLOCK), (RequestType.FAILOVER, Severity.WARN)):
                driver = Driver(made, kind=kind)
                by_check = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
                reached = by_check["primary-reachable"]
                assert reached.sentence.startswith("Another server answers at the address of fra and refuses us")
                assert reached.severity is severity
            assert by_check["second-signal"].severity is Severity.BLOCK
        with taken(made, knows_us=True):
            for _ in range(2):
                found = watch.look()
                assert "ANOTHER_SERVER" in names(found)
                assert not {"TWO_PRIMARIES", "UNREQUESTED_MOVE", "CREDENTIAL_UNAVAILABLE"} & names(found)
                assert forbidden(found)
