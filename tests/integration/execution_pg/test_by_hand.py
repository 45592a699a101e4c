"""No host obeys us: a person stops and rejoins, attests it, and what can be seen must agree (FR-034, decision 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bc_lib.connectors.postgresql.execution.mechanism import PostgresMechanism
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.attested import BY, MARKER
from bc_lib.domain.execution.findings import blocking
from bc_lib.domain.plans.compose import Member, steps
from bc_lib.domain.plans.topology import topology_of
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.ports.mechanism import Effect, Probe, StepFailed, StepPaused, Work
from tests.fixtures.execpair import SECRETS, Client, Driver, Pair, pair
from tests.fixtures.pgcluster import FixedSecrets, wait_for

NAMES = "Ian and Ivy"


class ByHand(Driver):
    """Goes through the plan that the planner makes where no endpoint has a host_control."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mechanism = PostgresMechanism(FixedSecrets(SECRETS), lambda _: None)
        member = Member(resource=self.resource, nodes=topology_of(self.resource, None, self.to), wave=1)
        self.steps = steps(self.kind, [member], None)

    def work(self, action: Action, back: str = "") -> Work:
        found = super().work(action, back)
        step = next(each for each in self.steps if each.action == action)
        return replace(found, step=step, plan=replace(found.plan, steps=self.steps))

    def attest(self, action: Action, **facts: str) -> Probe:
        """As the runner does with an attestation."""
        work = replace(self.work(action), attested={BY: NAMES, **facts})
        seen = self.mechanism.probe(work)
        if seen.effect is Effect.SEEN:
            found = {**seen.facts, BY: NAMES, **facts}
            assert not blocking(self.mechanism.verify(work, found))
            self.earlier[work.step.key] = found
        return seen


@pytest.fixture
def made() -> Iterator[Pair]:
    with pair() as found:
        yield found


def checkpoint(made: Pair, node: str) -> str:
    """What a person reads with pg_controldata."""
    return str(made.hosts.state(node).checkpoint_lsn)


def order(node: str, verb: HostVerb = HostVerb.START_AS_STANDBY) -> Order:
    """What the fixture's hosts understand; here a person does the same."""
    return Order(node=node, verb=verb, resource="x", run="x", step="x", epoch=1, deadline=datetime.now(UTC))


def rejoined(driver: ByHand, made: Pair) -> None:
    """A person starts the old primary as standby."""
    old = made.cluster.servers[driver.old]
    made.hosts._standby(order(driver.old))
    old.start()
    seen = driver.attest(Action.REJOIN)
    assert seen.effect is Effect.SEEN, seen.sentence
    driver.do(Action.REPROTECT)


def test_a_planned_move_after_a_stop_by_hand_loses_no_acknowledged_row(made: Pair) -> None:
    driver = ByHand(made)
    assert [one.action for one in driver.steps] == [
        "check", "stop", "move", "verify", "rejoin", "reprotect", "postcheck"
    ]  # fmt: skip
    with Client(made.conninfo()) as client:
        driver.do(Action.CHECK)
        assert not blocking(driver.mechanism.prechecks(driver.work(Action.CHECK)))
        with pytest.raises(StepPaused):
            driver.mechanism.act(driver.work(Action.STOP), driver.mark("orders-db/stop"))
        assert driver.attest(Action.STOP).effect is Effect.NOT_SEEN, "nobody stopped it"
        made.cluster.servers["fra"].stop("fast")
        marker = checkpoint(made, "fra")
        wrong = driver.attest(Action.STOP, **{MARKER: "0/FF000028"})
        assert (wrong.effect, "said to be 0/FF000028" in wrong.sentence) == (Effect.UNKNOWN, True)
        assert driver.attest(Action.STOP, **{MARKER: "0/1000028"}).effect is Effect.UNKNOWN
        seen = driver.attest(Action.STOP, **{MARKER: marker})
        assert seen.effect is Effect.SEEN, seen.sentence
        assert "refuses connections" in seen.sentence
        driver.do(Action.MOVE)
        driver.do(Action.VERIFY)
        rejoined(driver, made)
        driver.do(Action.POSTCHECK)
    assert client.lost(made, "ams") == 0
    facts = driver.earlier["orders-db/move"]
    assert (facts["fence"], facts["caught_up"], facts["marker"]) == ("attested", "marker", marker)
    assert NAMES in facts["fence_sentence"]
    assert "completeness" not in facts
    assert set(driver.times) == {MarkName.FENCED, MarkName.CAUGHT_UP, MarkName.PROMOTED, MarkName.WRITTEN}


def test_without_the_marker_it_says_that_completeness_cannot_be_proven(made: Pair) -> None:
    driver = ByHand(made)
    driver.do(Action.CHECK)
    made.cluster.servers["fra"].stop("fast")
    assert driver.attest(Action.STOP).effect is Effect.SEEN
    driver.do(Action.MOVE)
    facts = driver.earlier["orders-db/move"]
    assert (facts["caught_up"], facts["marker"]) == ("received", None)
    assert "cannot be proven" in facts["completeness"]
    assert facts["replayed_lsn"] == facts["received_lsn"]


def test_a_server_that_came_back_after_the_attestation_is_not_moved_away_from(made: Pair) -> None:
    driver = ByHand(made)
    driver.do(Action.CHECK)
    made.cluster.servers["fra"].stop("fast")
    assert driver.attest(Action.STOP, **{MARKER: checkpoint(made, "fra")}).effect is Effect.SEEN
    made.cluster.servers["fra"].start()
    with pytest.raises(StepFailed, match="fra still answers") as failed:
        driver.do(Action.MOVE)
    assert not failed.value.writes_stopped
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]
    assert driver.mechanism.probe(driver.work(Action.MOVE)).effect is Effect.NOT_SEEN


def test_f32_a_target_that_died_leaves_writes_stopped_and_says_who_must_start_what(made: Pair) -> None:
    driver = ByHand(made)
    driver.do(Action.CHECK)
    made.cluster.servers["fra"].stop("fast")
    assert driver.attest(Action.STOP, **{MARKER: checkpoint(made, "fra")}).effect is Effect.SEEN
    assert driver.mechanism.probe(driver.work(Action.MOVE)).effect is Effect.PARTLY
    made.kill("ams")
    with pytest.raises(StepFailed, match="A person must start fra") as failed:
        driver.do(Action.MOVE)
    assert failed.value.writes_stopped


def test_a_failover_takes_the_word_for_the_fence_and_keeps_the_window_open(made: Pair) -> None:
    driver = ByHand(made, kind=RequestType.FAILOVER)
    assert [one.action for one in driver.steps if one.manual] == ["stop", "preserve", "rejoin"]
    made.kill("fra")
    wait_for(lambda: made.sql("ams", "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'") == [(0,)])
    driver.do(Action.CHECK)
    with pytest.raises(StepFailed, match="Fence it by hand, or have the fence waived"):
        driver.do(Action.MOVE)
    assert driver.attest(Action.STOP).effect is Effect.SEEN
    driver.do(Action.MOVE)
    driver.do(Action.VERIFY)
    facts = driver.earlier["orders-db/move"]
    assert (facts["fence"], facts["caught_up"]) == ("attested", "received")
    assert MarkName.FENCED in driver.times
    assert MarkName.FENCE_OWED not in driver.times
    # A person makes the slot, copies, rewinds and starts it.
    made.sql("ams", "SELECT pg_create_physical_replication_slot('slot_fra', true)")
    made.sql("ams", "CHECKPOINT")
    server = made.cluster.servers["fra"]
    server.start()
    server.stop()
    made.hosts._do(replace(order("fra", HostVerb.REWIND), peer_port=made.cluster.servers["ams"].port))
    rejoined(driver, made)
    driver.do(Action.POSTCHECK)
