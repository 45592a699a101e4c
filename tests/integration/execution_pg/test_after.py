"""What comes with a move: synchronous commit, slots, other standbys, integrity, rehearsal, traffic (FR-036, FR-037)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bc_lib.connectors.mechanisms import LazyMechanisms
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.inventory import CheckKind, IntegrityCheck, Platform, TrafficKind
from bc_lib.ports.mechanism import Effect, StepFailed
from tests.fixtures.execpair import SECRETS, Driver, pair
from tests.fixtures.pgcluster import FixedSecrets, wait_for


def test_synchronous_commit_is_off_until_the_standby_streams_and_then_carried_over() -> None:
    with pair() as made:
        made.sql("fra", "ALTER SYSTEM SET synchronous_standby_names = 'ams'")
        made.sql("fra", "SELECT pg_reload_conf()")
        wait_for(lambda: made.sql("fra", "SELECT sync_state FROM pg_stat_replication") == [("sync",)])
        driver = Driver(made)
        driver.move()
        assert driver.earlier["orders-db/reprotect"]["synchronous_standby_names"] == '"fra"'
        wait_for(lambda: made.sql("ams", "SELECT sync_state FROM pg_stat_replication") == [("sync",)])
        back = Driver(made, request="r-2", to="fra")
        back.move()
        wait_for(lambda: made.sql("fra", "SELECT sync_state FROM pg_stat_replication") == [("sync",)])


def test_slots_follow_the_move_and_none_is_left_to_hold_back_wal() -> None:
    with pair() as made:
        for number, to in enumerate(("ams", "fra")):
            driver = Driver(made, request=f"r-{number}", to=to)
            driver.move()
            old = driver.old
            assert made.sql(to, "SELECT slot_name, active FROM pg_replication_slots") == [(f"slot_{old}", True)]
            assert made.sql(old, "SELECT slot_name FROM pg_replication_slots") == []


def test_another_standby_follows_the_new_primary_over_sql_alone() -> None:
    with pair(ham="") as made:
        driver = Driver(made)
        driver.move()
        assert driver.earlier["orders-db/reprotect"]["others"] == [{"node": "ham", "follows": True}]
        assert "super-4411" not in str(driver.earlier)


def test_a_diverged_old_primary_is_said_to_need_a_rewind() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        driver.do(Action.MOVE)
        fra = made.cluster.servers["fra"]
        # Somebody started it as what it was, wrote, and stopped it: it has diverged.
        fra.start()
        made.sql("fra", "INSERT INTO public.w SELECT generate_series(1, 500)")
        fra.stop()
        with pytest.raises(StepFailed, match="needs a rewind"):
            driver.do(Action.REPROTECT)
        assert driver.mechanism.probe(driver.work(Action.REPROTECT)).effect is Effect.PARTLY


def test_integrity_is_compared_at_a_marker_with_figures_and_limits() -> None:
    with pair() as made:
        made.sql("fra", "INSERT INTO public.w SELECT generate_series(1, 100)")
        driver = Driver(made)
        driver.resource = made.resource(
            integrity=(
                IntegrityCheck(name="rows", kind=CheckKind.ROW_COUNT, table="public.w"),
                IntegrityCheck(name="sum", kind=CheckKind.CHECKSUM, table="public.w"),
                IntegrityCheck(name="question", kind=CheckKind.QUERY, query="SELECT max(seq) FROM w"),
                IntegrityCheck(name="secret", kind=CheckKind.ROW_COUNT, table="pg_catalog.pg_authid"),
            )
        )
        driver.move()
        found = {one.check: one for one in driver.mechanism.verify(driver.work(Action.POSTCHECK), {})}
        assert found["integrity-rows"].severity is Severity.OK
        assert found["integrity-rows"].figure.startswith("100 at the primary, 100 at the standby")
        assert found["integrity-sum"].severity is Severity.OK
        assert found["integrity-question"].figure.startswith("100 at")
        assert found["integrity-secret"].severity is Severity.WARN
        assert "what no check names was not compared" in found["limits"].sentence
        assert found["timeline"].figure.startswith("1 before, 2 after")
        assert driver.earlier["orders-db/postcheck"]["nodes"]["ams"]["lsn"]


def test_a_rehearsal_does_everything_but_the_effects() -> None:
    with pair() as made:
        driver = Driver(made)
        facts = driver.do(Action.REHEARSE)
        assert facts["estimated_outage_s"] > 0
        assert made.hosts.effects == []
        assert made.sql("fra", "SELECT count(*) FROM public.bc_write_probe") == [(0,)]
        assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]
        made.sql("fra", "REVOKE INSERT ON public.bc_write_probe FROM bc_client")
        work = driver.work(Action.REHEARSE)
        found = {one.check: one for one in driver.mechanism.verify(work, driver.mechanism.act(work, driver.mark("x")))}
        assert found["write-probe"].severity is Severity.BLOCK


def test_a_write_that_lands_elsewhere_is_no_proof() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        with pytest.raises(StepFailed, match="not at ams"):
            driver.do(Action.VERIFY)  # nothing was moved: clients write at fra


@contextmanager
def hook(status: int) -> Iterator[tuple[str, list[tuple[str | None, dict[str, str]]]]]:
    calls: list[tuple[str | None, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((self.headers.get("Idempotency-Key"), json.loads(body)))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/move", calls
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("status", [204, 503])
def test_the_traffic_webhook_is_called_with_a_key_and_must_agree(status: int) -> None:
    with pair() as made, hook(status) as (address, calls):
        driver = Driver(made)
        driver.resource = made.resource(traffic=TrafficKind.WEBHOOK, webhook=address)
        if status == 204:
            driver.do(Action.TRAFFIC)
        else:
            with pytest.raises(StepFailed, match="503"):
                driver.do(Action.TRAFFIC)
        assert calls == [
            ("r-1/orders-db/traffic", {"request": "r-1", "resource": "orders-db", "site": "ams", "node": "ams"})
        ]
        driver.resource = made.resource(traffic=TrafficKind.WEBHOOK, webhook="https://169.254.1.1/x")
        with pytest.raises(StepFailed, match="refused"):
            driver.do(Action.TRAFFIC)


def test_only_postgresql_can_be_moved_and_its_mechanism_is_made_once() -> None:
    found = LazyMechanisms(FixedSecrets(SECRETS), lambda _: None)
    assert found.get(Platform.HTTP) is None
    mechanism = found.get(Platform.POSTGRESQL)
    assert mechanism is found.get(Platform.POSTGRESQL)
    assert mechanism is not None
    assert Action.MOVE in mechanism.actions()
    found.close()
