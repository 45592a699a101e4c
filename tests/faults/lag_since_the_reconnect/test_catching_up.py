"""While a standby catches up, its sender's lags count from the reconnect; the age of what is missing does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Answer, Assessment
from bc_lib.domain.observation import Downstream
from tests.fixtures.pgcluster import BEAT, Cluster, cluster, facts, of, wait_for
from tests.fixtures.tcpproxy import Proxy, forwarder
from tests.fixtures.watching import Watch, follow, names

RPO_S = 5.0
LOAD = "INSERT INTO load SELECT repeat(md5(random()::text), 8) FROM generate_series(1, 15000)"


@contextmanager
def beating(made: Cluster, every_s: float = 0.25) -> Iterator[None]:
    """A row each `every_s` at the primary: the clients' writes, and the truth."""
    over = threading.Event()

    def beat() -> None:
        with made.connect("fra") as session:
            while not over.wait(every_s):
                session.execute(BEAT)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def behind() -> Iterator[tuple[Cluster, Proxy]]:
    """ams follows fra through a forwarder."""
    with cluster(ams={"wal_retrieve_retry_interval": "200ms"}) as made, forwarder(made.servers["fra"].port) as proxy:
        made.sql("fra", "CREATE TABLE load (t text)")
        follow(made, "ams", proxy.port)
        wait_for(lambda: made.sql("ams", "SELECT sender_port FROM pg_stat_wal_receiver") == [(proxy.port,)])
        yield made, proxy


def truth_s(made: Cluster) -> float:
    """Primary's clock minus the newest beat at the standby."""
    ((beat,),) = made.sql("ams", "SELECT beat_at FROM public.bc_heartbeat")
    with made.connect("fra") as session:
        row = session.execute("SELECT extract(epoch FROM clock_timestamp() - %s)", (beat,)).fetchone()
    assert row is not None
    return float(row[0])


def line(watch: Watch) -> Downstream:
    """The primary's own line about ams at the last look."""
    assert watch.seen is not None
    (sender,) = facts(watch.seen, "fra").downstreams
    return sender


def test_the_bound_is_never_less_than_the_truth(behind: tuple[Cluster, Proxy]) -> None:
    """Cut for longer than the RPO target under load, then back over a slow line: each look tells at least the truth.

    With and without a heartbeat, watched before and at first sight.
    """
    made, proxy = behind
    proxy.rate = None
    made.caught_up("ams")
    before, fresh = watches(made), watches(made)
    with beating(made):
        for watch in before:
            watch.until(_well)
        made.servers["ams"].stop("fast")
        for _ in range(4):
            made.sql("fra", LOAD)
            time.sleep(1.4)
        proxy.rate = 600e3
        made.servers["ams"].start()
        wait_for(lambda: made.sql("fra", "SELECT count(*) FROM pg_stat_replication WHERE state = 'catchup'") == [(1,)])
        understated = 0
        for _ in range(4):
            time.sleep(0.6)
            for watch in (*before, *fresh):
                least = bounded(made, watch)
                assert least > RPO_S
                understated += (line(watch).flush_lag_s or 0.0) < least - 1
            for watch in fresh:
                watch.forget()
        assert understated == 16, "the sender's own figures were right: nothing was tried"
        proxy.rate = None
        made.caught_up("ams")
        for watch in before:
            found = watch.until(_well, 20)
            assert found.lag.received_s is not None
            assert found.lag.received_s < 1.5


def watches(made: Cluster) -> tuple[Watch, ...]:
    """One that has a heartbeat, one that has none."""
    return tuple(
        Watch(made, beats=False, resource=replace(of(made, heartbeat=heartbeat), rpo_s=RPO_S))
        for heartbeat in (True, False)
    )


def bounded(made: Cluster, watch: Watch) -> float:
    """A look tells a bound that holds, a breach, and a fail over with loss. The truth around it, at least."""
    before = truth_s(made)
    found = watch.look()
    least = min(before, truth_s(made))
    assert found.lag.received_s is not None, found
    assert found.lag.replayed_s is not None, found
    assert found.lag.received_s >= least - 1, (found.lag, least, line(watch))
    assert found.lag.replayed_s >= least - 1
    assert "RPO_BREACH" in names(found)
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    return least


def _well(found: Assessment) -> bool:
    return found.could_fail_over.answer is Answer.YES and "RPO_BREACH" not in names(found)


@pytest.mark.parametrize("heartbeat", [True, False], ids=["heartbeat", "no heartbeat"])
def test_a_bound_only_grows_while_nothing_arrives(behind: tuple[Cluster, Proxy], heartbeat: bool) -> None:
    """Behind, then cut: what was missing before the cut is still missing, and the primary's loss keeps it in mind."""
    made, proxy = behind
    proxy.rate = None
    made.caught_up("ams")
    watch = Watch(made, beats=False, resource=replace(of(made, heartbeat=heartbeat), rpo_s=RPO_S))
    with beating(made):
        watch.until(lambda seen: seen.could_fail_over.answer is Answer.YES)
        proxy.mode = "hold"
        bounds: list[float] = []
        start = time.monotonic()
        try:
            for number in range(8):
                if number == 3:
                    made.sql("fra", "SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
                found = watch.look()
                assert found.lag.received_s is not None, found
                assert found.lag.received_s >= time.monotonic() - start - 1.5
                bounds.append(found.lag.received_s)
                time.sleep(0.4)
        finally:
            proxy.mode = "pass"
        assert bounds == sorted(bounds), bounds
        made.caught_up("ams")
        watch.until(_well, 20)
