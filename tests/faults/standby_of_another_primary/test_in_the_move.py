"""A standby that another server feeds is not promoted: seen before the stop, and by the move itself after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bc_lib.connectors.postgresql.execution import moving, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.overriding import never
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.ports.mechanism import StepFailed
from tests.fixtures.clones import Line, diverge, led_away, line_to, over
from tests.fixtures.execpair import Client, Driver, Pair, pair
from tests.fixtures.pgcluster import wait_for


@pytest.fixture
def wired() -> Iterator[tuple[Pair, Line]]:
    """fra leads and ams follows it over a line that can be led elsewhere."""
    with pair() as made, line_to(made.cluster.servers["fra"].port) as line:
        over(made.cluster, "ams", line)
        yield made, line


def checked(made: Pair, kind: RequestType = RequestType.SWITCHOVER) -> Finding:
    driver = Driver(made, kind=kind)
    found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
    return found["fed-by-primary"]


def test_it_is_seen_before_anything_is_stopped(wired: tuple[Pair, Line]) -> None:
    """Also while nobody writes anywhere, and wherever the positions stand to each other."""
    made, line = wired
    assert checked(made).severity is Severity.OK
    led_away(made.cluster, line)
    refused(made)
    diverge(made.cluster, 300)
    refused(made)
    made.sql("fra", "INSERT INTO public.w SELECT generate_series(1, 20000)")
    refused(made)
    # A standby of fra's own uses the very slot: that fra sends over it says nothing about ams.
    made.cluster.add_standby("real")
    real = made.cluster.servers["real"]
    real.settings = {**real.settings, "primary_slot_name": "slot_ams"}
    real.stop()
    real.start()
    used = "SELECT active FROM pg_replication_slots WHERE slot_name = 'slot_ams'"
    wait_for(lambda: made.sql("fra", used) == [(True,)])
    refused(made)
    driver = Driver(made)
    driver.earlier["orders-db/check"] = {}
    with pytest.raises(StepFailed, match="Nothing was begun"):
        driver.do(Action.MOVE)
    assert made.hosts.effects == []
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]


def refused(made: Pair) -> None:
    found = checked(made)
    assert found.severity is Severity.BLOCK, found
    assert found.sentence
    assert never(found.check)


def diverges_before_the_stop(made: Pair, line: Line, rows: int) -> None:
    """Whoever looked has looked: the standby gets another source while the order to stop is on its way."""

    def hook(order: Order) -> None:
        if order.verb is HostVerb.STOP:
            led_away(made.cluster, line)
            diverge(made.cluster, rows)

    made.hosts.before = hook


@pytest.mark.parametrize("rows", [1, 5000])
def test_a_source_that_diverges_after_the_check_is_stopped_by_the_move_itself(
    wired: tuple[Pair, Line], rows: int
) -> None:
    """Beyond the last record of the old primary, or elsewhere before it."""
    made, line = wired
    driver = Driver(made)
    driver.do(Action.CHECK)
    diverges_before_the_stop(made, line, rows)
    with Client(made.conninfo()) as client:
        with pytest.raises(StepFailed, match="followed another server|did not replay|still receives") as failed:
            driver.do(Action.MOVE)
        assert failed.value.undone, failed.value
        before = len(client.acknowledged)
        wait_for(lambda: len(client.acknowledged) > before + 10)  # writes are given back
    assert made.sql("fra", "SELECT pg_is_in_recovery()") == [(False,)]
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]
    assert MarkName.PROMOTED not in driver.times
    assert client.lost(made, "fra") == 0


def test_a_given_up_primary_with_a_foreign_standby_gets_its_writes_back(wired: tuple[Pair, Line]) -> None:
    """A failover stops a primary that runs; the standby stands beyond its last record."""
    made, line = wired
    driver = Driver(made, kind=RequestType.FAILOVER)
    work = driver.work(Action.CHECK)
    driver.earlier[work.step.key] = driver.mechanism.act(work, driver.mark("check"))
    diverges_before_the_stop(made, line, 3000)
    with Client(made.conninfo()) as client, pytest.raises(StepFailed) as failed:
        driver.do(Action.MOVE)
    assert failed.value.undone, failed.value
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]
    assert client.lost(made, "fra") == 0


def test_a_lost_primary_whose_standby_still_receives_is_no_failover(wired: tuple[Pair, Line]) -> None:
    made, line = wired
    led_away(made.cluster, line)
    made.kill("fra")
    found = checked(made, RequestType.FAILOVER)
    assert (found.severity, "still receives" in found.sentence) == (Severity.BLOCK, True), found
    driver = Driver(made, kind=RequestType.FAILOVER)
    driver.earlier["orders-db/check"] = {}
    with writing(made, "clone"), pytest.raises(StepFailed, match="still receives from"):
        driver.do(Action.MOVE)
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]


@contextmanager
def writing(made: Pair, node: str) -> Iterator[None]:
    """Somebody writes there all the time."""
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.05):
            made.sql(node, "INSERT INTO public.w SELECT max(seq) + 1 FROM public.w")

    made.sql(node, "INSERT INTO public.w VALUES (1)")
    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_the_end_of_a_shutdown_checkpoint_is_known_to_the_byte() -> None:
    """Wherever in a page it begins: what the standby replays is what is computed."""
    with pair() as made:
        ends = [_ended(made, turn * 1021) for turn in range(8)]
        assert len(set(ends)) == len(ends)


def _ended(made: Pair, padding: int) -> str:
    driver = Driver(made)
    made.sql("fra", f"SELECT pg_logical_emit_message(false, 'pad', repeat('x', {padding}))")
    made.cluster.servers["fra"].stop("fast")
    marker = str(made.hosts.state("fra").checkpoint_lsn)
    with ground_of(driver) as ground:
        found = moving.ready(ground)
        assert moving.wait_for(found, lambda: moving.stands_at(found, marker), 10)
        _, replayed, received = found.link.row(statements.REPLAY)
    assert {replayed, received} == {found.furthest(marker)}
    made.cluster.servers["fra"].start()
    wait_for(lambda: made.sql("ams", "SELECT status FROM pg_stat_wal_receiver") == [("streaming",)])
    return str(replayed)


def ground_of(driver: Driver) -> Ground:
    return driver.mechanism._ground(driver.work(Action.MOVE))
