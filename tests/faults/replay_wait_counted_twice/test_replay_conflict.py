"""Replay waits for a query at the standby: the wait is shown once, not beside the lag that has it in it already."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.fixtures.pgcluster import Cluster, cluster, of, wait_for
from tests.fixtures.watching import Watch

STANDS = "SELECT pg_last_wal_replay_lsn() < pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()::text"


@pytest.fixture(scope="module")
def estate() -> Iterator[Cluster]:
    with cluster(ams={"max_standby_streaming_delay": "-1"}) as made:
        made.sql("fra", "CREATE TABLE public.old AS SELECT generate_series(1, 1000) AS n")
        made.sql("fra", "CREATE TABLE public.new (n int)")
        yield made


@pytest.mark.parametrize("every_s", [3.0, 1.0], ids=["seldom", "often"])
def test_what_is_shown_is_the_true_wait(estate: Cluster, every_s: float) -> None:
    """Without and with a memory of earlier looks, at each look within 1.5 s of the truth."""
    over = threading.Event()

    def write() -> None:
        with estate.connect("fra") as session:
            while not over.wait(0.5):
                session.execute("INSERT INTO public.new VALUES (1)")

    writer = threading.Thread(target=write)
    estate.caught_up("ams")
    watch = Watch(estate, beats=False, resource=of(estate, heartbeat=False))
    watch.look()
    with estate.connect("ams") as query:
        query.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM public.old")
        estate.sql("fra", "DELETE FROM public.old WHERE n % 2 = 0")
        estate.sql("fra", "VACUUM public.old")
        writer.start()
        try:
            wait_for(lambda: estate.sql("ams", STANDS)[0][0])
            since, standing = time.monotonic(), estate.sql("ams", STANDS)[0][1]
            for _ in range(3):
                time.sleep(every_s)
                found = watch.look()
                true = time.monotonic() - since
                assert estate.sql("ams", STANDS) == [(True, standing)], "replay went on: nothing was tried"
                assert found.lag.replayed_s is not None, found
                assert abs(found.lag.replayed_s - true) < 1.5, (found.lag, true)
                assert found.lag.received_s is not None
                assert found.lag.received_s < 1.5
        finally:
            over.set()
            writer.join()
    estate.caught_up("ams")
    estate.sql("fra", "INSERT INTO public.old SELECT generate_series(1, 1000)")
