"""The runner over the PostgreSQL mechanism and a real pair, under a client that writes every few milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bc_lib.connectors.postgresql.execution import protecting
from bc_lib.connectors.postgresql.execution.mechanism import PostgresMechanism
from bc_lib.domain.inventory import Environment, Platform, Resource
from bc_lib.domain.loss import Certainty
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.mechanism import Mechanism
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.runner import run
from bc_lib.services.execution.show import show_run
from bc_lib.testing.fake_mechanism import Killed
from tests.fixtures.execpair import SECRETS, Client, Pair, pair
from tests.fixtures.pgcluster import FixedSecrets, wait_for
from tests.fixtures.running import Running, failing

SLOW = pytest.mark.timeout(300)


class Disturbed(PostgresMechanism):
    """The real one, whose process may end after its act."""

    after: object = None

    def act(self, work, mark):  # type: ignore[no-untyped-def]
        found = super().act(work, mark)
        if callable(self.after):
            self.after(work)
        return found


@dataclass
class Real:
    """Mechanisms over the pair."""

    made: Pair
    after: object = None

    def get(self, platform: Platform) -> Mechanism | None:
        found = Disturbed(FixedSecrets(SECRETS), lambda _: self.made.hosts)
        found.after = self.after
        return found if platform is Platform.POSTGRESQL else None

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def real(running: Running) -> Iterator[tuple[Pair, Real]]:
    """A pair that the inventory names."""
    with pair() as made:
        found = made.resource(allow_overrides=("heartbeat", "clients-write"), host_secret="env:HOST")
        # The hosts obey (in this process), so the plan has no step by hand.
        ends = tuple(replace(end, host_control=f"agent:http://127.0.0.1:9/host/{end.node}") for end in found.endpoints)
        resource: Resource = replace(found, endpoints=ends, environment=Environment.DEMO, heartbeat=None)
        running.world.apply(resource)
        yield made, Real(made)


@SLOW
def test_a_switchover_loses_nothing_and_says_so(running: Running) -> None:
    """TC-042: no acknowledged row lost; the statement is proven; the outage is short."""
    with real(running) as (made, mechanisms), Client(made.conninfo()) as client:
        request = running.ready()
        report = run(replace(running.execution(ttl_s=30.0), mechanisms=mechanisms), request.id, "test")
        assert report.state == "Succeeded", report
        assert client.lost(made, "ams") == 0
        view = show_run(running.world.gate, request.id)
        assert [each.certainty for each in view.losses] == [Certainty.PROVEN]
        assert made.hosts.effects == [("fra", "stop"), ("fra", "start-as-standby")]
        outage = view.run.restored_at - view.run.outage_began_at  # type: ignore[operator]
        assert outage.total_seconds() < 5


@SLOW
def test_killed_after_the_promotion_and_resumed(running: Running) -> None:
    """F11 on real servers: the successor sees the promotion and does not order it again."""
    with real(running) as (made, mechanisms), Client(made.conninfo()) as client:
        request = running.ready()
        ex = running.execution()

        def die(work: object) -> None:
            if work.step.key == "orders-db/move":  # type: ignore[attr-defined]
                failing(Killed())()

        mechanisms.after = die
        with pytest.raises(Killed):
            run(replace(ex, mechanisms=mechanisms), request.id, "first")
        mechanisms.after = None
        running.later()
        report = run(replace(running.execution(ttl_s=30.0), mechanisms=mechanisms), request.id, "second")
        assert report.state == "Succeeded", report
        assert client.lost(made, "ams") == 0
        assert made.hosts.effects == [("fra", "stop"), ("fra", "start-as-standby")]


@SLOW
def test_killed_when_the_standby_streams_and_before_what_comes_with_it(running: Running, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """F11: the successor finds it streaming, starts nothing again, and still carries settings over and drops the slot
    that nobody reads any more."""
    with real(running) as (made, mechanisms):
        made.sql("fra", "ALTER SYSTEM SET synchronous_standby_names = 'ams'")
        made.sql("fra", "SELECT pg_reload_conf()")
        request = running.ready()
        with monkeypatch.context() as cut:
            cut.setattr(protecting, "_drop_own_slot", lambda *_: failing(Killed())())
            with pytest.raises(Killed):
                run(replace(running.execution(), mechanisms=mechanisms), request.id, "first")
        assert made.sql("fra", "SELECT slot_name FROM pg_replication_slots") == [("slot_ams",)]
        running.later()
        report = run(replace(running.execution(ttl_s=30.0), mechanisms=mechanisms), request.id, "second")
        assert report.state == "Succeeded", report
        assert made.hosts.effects == [("fra", "stop"), ("fra", "start-as-standby")]
        assert made.sql("fra", "SELECT slot_name FROM pg_replication_slots") == []
        wait_for(lambda: made.sql("ams", "SELECT sync_state FROM pg_stat_replication") == [("sync",)])


@SLOW
def test_a_failover_with_the_primary_killed(running: Running) -> None:
    """Nobody watched this one: the window runs from its last commit to the moment when its host proved it stopped."""
    with real(running) as (made, mechanisms), Client(made.conninfo()) as client:
        request = running.ready(RequestType.FAILOVER)
        gate, actor = running.world.gate, running.world.actor
        made.kill("fra")
        killed_at = datetime.now(UTC)
        running.world.observe("orders-db", lag_s=None)
        consent(gate, actor("olga"), request.id, loss_now(gate, request.id))
        ex = replace(running.execution(ttl_s=30.0), mechanisms=mechanisms)
        report = run(ex, request.id, "test")
        assert report.state == "ServiceRestored", report
        view = show_run(gate, request.id)
        said = view.losses[0]
        lost = client.lost(made, "ams")
        assert said.certainty is not Certainty.PROVEN or lost == 0
        assert said.certainty is Certainty.BOUNDED, said
        assert said.after is not None
        assert said.until is not None
        assert said.after <= killed_at <= said.until
        assert "at least" not in said.sentence.lower()
        # The dead server's slot name was not seen by any check; its service manager knows it, so a person makes it.
        made.sql("ams", "SELECT pg_create_physical_replication_slot('slot_fra')")
        allow(gate, actor("ian"), request.id, "orders-db/rewind", note="looked at the copy")
        running.later(1.0)
        report = run(ex, request.id, "test")
        assert report.state == "Succeeded", report
        # A stopped server is told to stop again in front of each of these, which stops nothing twice.
        effects = [verb for _, verb in made.hosts.effects if verb != "stop"]
        assert effects == ["preserve", "rewind", "start-as-standby"]
