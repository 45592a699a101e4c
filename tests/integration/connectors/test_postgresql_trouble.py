"""Servers, secrets and wires in trouble (F16, F24, F26, A13, A15)."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.observation import NodeObservation, Observation, Reach
from bc_lib.ports.secrets import Credential, SecretUnavailable
from bc_lib.testing.bad_targets import mute, serving
from tests.fixtures.pgcluster import CANARY, Cluster, FixedSecrets, cluster, facts, of, resource, wait_for
from tests.fixtures.tcpproxy import Proxy


@pytest.fixture
def fresh() -> Iterator[Cluster]:
    """A pair of its own for a test that breaks it."""
    with cluster(ams={}) as made:
        yield made


def _only(seen: Observation) -> NodeObservation:
    (node,) = seen.nodes
    return node


async def test_wrong_password_is_our_trouble_not_theirs(estate: Cluster) -> None:
    """F24: CREDENTIAL, and neither password nor canary in the sentence."""
    connector = PostgresConnector(FixedSecrets({"env:MONITOR": Credential("bc_monitor", "wrong-canary-99")}))
    node = _only(await connector.observe(of(estate, "fra")))
    assert node.reach is Reach.CREDENTIAL
    assert "wrong-canary-99" not in repr(node)
    await connector.close()


async def test_unknown_account_and_database(
    estate: Cluster, secrets: FixedSecrets, connector: PostgresConnector
) -> None:
    """A role that is not there looks like a wrong password to the server; a database that is not there is an error."""
    secrets.credentials["env:MONITOR"] = Credential("nobody_here", "x")
    assert _only(await connector.observe(of(estate, "fra"))).reach is Reach.CREDENTIAL
    secrets.credentials["env:MONITOR"] = Credential("bc_monitor", CANARY)
    wanted = of(estate, "fra")
    elsewhere = replace(wanted, endpoints=(replace(wanted.endpoints[0], database="absent"),))
    node = _only(await connector.observe(elsewhere))
    assert node.reach is Reach.ERROR
    assert "does not exist" in (node.error or "")


async def test_a_refused_secret_is_looked_up_again(
    estate: Cluster, secrets: FixedSecrets, connector: PostgresConnector
) -> None:
    """The right password counts in the very next round."""
    secrets.credentials["env:MONITOR"] = Credential("bc_monitor", "old")
    assert _only(await connector.observe(of(estate, "fra"))).reach is Reach.CREDENTIAL
    secrets.credentials["env:MONITOR"] = Credential("bc_monitor", CANARY)
    assert _only(await connector.observe(of(estate, "fra"))).reach is Reach.OK


async def test_a_changed_secret_makes_a_new_connection(estate: Cluster, secrets: FixedSecrets) -> None:
    """And an unchanged one does not."""
    connector = PostgresConnector(secrets, keep_secret_s=0)
    async with Proxy(estate.servers["fra"].port) as proxy:
        wanted = resource(("fra", proxy.port))
        for _ in range(3):
            assert _only(await connector.observe(wanted)).reach is Reach.OK
        assert proxy.connections == 1
        secrets.credentials["env:MONITOR"] = Credential("bc_monitor", "changed")
        assert _only(await connector.observe(wanted)).reach is Reach.CREDENTIAL
        assert proxy.connections == 2
        await connector.close()


class SealedSecrets(FixedSecrets):
    """A secrets manager that can be sealed, or slow."""

    sealed = False
    slow_s = 0.0

    def credential(self, reference: str) -> Credential:
        time.sleep(self.slow_s)
        if self.sealed:
            raise SecretUnavailable("The secrets manager is sealed, so env:MONITOR is not available.")
        return super().credential(reference)


async def test_a_sealed_secrets_manager(estate: Cluster) -> None:
    """F24: "credential unavailable", never "down"; what is connected goes on."""
    secrets = SealedSecrets()
    connector = PostgresConnector(secrets, keep_secret_s=0)
    assert _only(await connector.observe(of(estate, "fra"))).reach is Reach.OK
    secrets.sealed = True
    assert _only(await connector.observe(of(estate, "fra"))).reach is Reach.OK
    cold = _only(await connector.observe(of(estate, "fra"), cold=True))
    assert cold.reach is Reach.CREDENTIAL
    assert "sealed" in (cold.error or "")
    await connector.close()


async def test_a_slow_secrets_manager(estate: Cluster) -> None:
    """F24: the limit holds, and the secret is blamed, not the server."""
    secrets = SealedSecrets()
    secrets.slow_s = 2.0
    connector = PostgresConnector(secrets, timeout_s=0.5)
    began = time.perf_counter()
    node = _only(await connector.observe(of(estate, "fra")))
    assert time.perf_counter() - began < 1.0
    assert node.reach is Reach.CREDENTIAL
    assert "env:MONITOR" in (node.error or "")
    await connector.close()


async def test_killed_and_restarted(fresh: Cluster, connector: PostgresConnector) -> None:
    """kill -9: REFUSED over the warm connection at once; back again without help."""
    wanted = of(fresh)
    assert facts(await connector.observe(wanted), "fra")
    server = fresh.servers["fra"]
    server.stop("immediate")
    seen = await connector.observe(wanted)
    assert [node.reach for node in seen.nodes] == [Reach.REFUSED, Reach.OK]
    wait_for(lambda: fresh.sql("ams", "SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)])
    upstream = facts(await connector.observe(wanted), "ams").upstream
    assert upstream is not None
    assert upstream.status is None
    server.start()
    assert _only(await connector.observe(of(fresh, "fra"))).reach is Reach.OK


async def test_fast_restart_is_not_seen_as_trouble(fresh: Cluster, connector: PostgresConnector) -> None:
    """The kept connection was ended by the restart: one fresh one in the same round."""
    wanted = of(fresh, "fra")
    assert _only(await connector.observe(wanted)).reach is Reach.OK
    fresh.servers["fra"].stop("fast")
    fresh.servers["fra"].start()
    assert _only(await connector.observe(wanted)).reach is Reach.OK


async def test_a_session_that_the_server_ended(estate: Cluster, connector: PostgresConnector) -> None:
    """idle_session_timeout or an administrator: one fresh connection in the same round."""
    wanted = of(estate, "fra")
    assert _only(await connector.observe(wanted)).reach is Reach.OK
    ended = estate.sql(
        "fra", "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'bc_monitor'"
    )
    assert (True,) in ended
    assert _only(await connector.observe(wanted)).reach is Reach.OK


async def test_a_server_that_is_stopping(fresh: Cluster, connector: PostgresConnector) -> None:
    """A smart stop waits for its last session and lets nobody in: STARTING (or stopping), not down."""
    server = fresh.servers["fra"]
    with fresh.connect("fra") as holder:
        holder.execute("SELECT 1")
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 10
        while (node := _only(await connector.observe(of(fresh, "fra"), cold=True))).reach is Reach.OK:
            assert time.monotonic() < deadline
        assert node.reach is Reach.STARTING


async def test_a_standby_that_is_not_consistent_yet(fresh: Cluster, connector: PostgresConnector) -> None:
    """hot_standby=off: the server answers, and takes no queries."""
    server = fresh.servers["ams"]
    server.stop("fast")
    server.settings = {**server.settings, "hot_standby": "off"}
    server.spawn()
    deadline = time.monotonic() + 15
    while (node := _only(await connector.observe(of(fresh, "ams")))).reach is not Reach.STARTING:
        assert node.reach is Reach.REFUSED, node
        assert time.monotonic() < deadline
    assert node.reach is Reach.STARTING


async def test_a_frozen_server_ends_by_time_out(fresh: Cluster) -> None:
    """SIGSTOP: the port still accepts, nobody answers. Over the warm connection and over a fresh one."""
    connector = PostgresConnector(FixedSecrets(), timeout_s=1.0)
    wanted = of(fresh, "fra")
    assert _only(await connector.observe(wanted)).reach is Reach.OK
    group = [int(pid) for (pid,) in fresh.sql("fra", "SELECT pid FROM pg_stat_activity WHERE usename = 'bc_monitor'")]
    assert fresh.servers["fra"].process is not None
    group.append(fresh.servers["fra"].process.pid)
    for pid in group:
        os.kill(pid, signal.SIGSTOP)
    try:
        for cold in (False, True, False):
            began = time.perf_counter()
            assert _only(await connector.observe(wanted, cold=cold)).reach is Reach.UNREACHABLE
            assert time.perf_counter() - began < 1.3
    finally:
        for pid in reversed(group):
            os.kill(pid, signal.SIGCONT)
    assert _only(await connector.observe(wanted)).reach is Reach.OK
    await connector.close()


@pytest.mark.parametrize("mode", ["hold", "drip"])
async def test_a_wire_that_goes_bad(estate: Cluster, mode: str) -> None:
    """F26: warm and cold end in time; when the wire is good again so is the answer."""
    connector = PostgresConnector(FixedSecrets(), timeout_s=0.8)
    async with Proxy(estate.servers["fra"].port) as proxy:
        wanted = resource(("fra", proxy.port))
        assert _only(await connector.observe(wanted)).reach is Reach.OK
        proxy.mode = mode
        for cold in (False, True, False):
            began = time.perf_counter()
            node = _only(await connector.observe(wanted, cold=cold))
            assert time.perf_counter() - began < 1.1
            assert node.reach is Reach.UNREACHABLE, node
        proxy.mode = "pass"
        assert _only(await connector.observe(wanted)).reach is Reach.OK
        await connector.close()


async def test_bad_targets_delay_nobody(estate: Cluster) -> None:
    """F26: 70 of 100 resources hang; the others' rounds take as long as before, also right at the start.

    Whoever waits for a bad one waits for its time-out of 4 s.
    """
    connector = PostgresConnector(FixedSecrets(), timeout_s=4.0)
    estate.sql("fra", "ALTER ROLE bc_monitor CONNECTION LIMIT -1")
    good = [of(estate, "fra", name=f"good-{n}", heartbeat=False) for n in range(30)]
    async with serving(mute) as port:
        bad = [resource(("fra", port), name=f"bad-{n}", heartbeat=False) for n in range(70)]
        hanging = asyncio.gather(*(connector.observe(one) for one in bad))
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        seen = await asyncio.gather(*(connector.observe(one) for one in good))
        assert {_only(one).reach for one in seen} == {Reach.OK}, [_only(one).error for one in seen]
        assert time.perf_counter() - began < 3.5
        assert {_only(one).reach for one in await hanging} == {Reach.UNREACHABLE}
        hanging = asyncio.gather(*(connector.observe(one) for one in bad))
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        seen = await asyncio.gather(*(connector.observe(one, cold=True) for one in good))
        assert {_only(one).reach for one in seen} == {Reach.OK}
        assert time.perf_counter() - began < 3.5
        await hanging
    await connector.close()


async def test_missing_rights_cost_only_their_figures(fresh: Cluster, connector: PostgresConnector) -> None:
    """Each figure that may not be read is None and named; the rest stands, the slow path is remembered."""
    for statement in (
        "REVOKE pg_read_all_stats, pg_read_all_settings FROM bc_monitor",
        "REVOKE SELECT ON public.bc_heartbeat FROM bc_monitor",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_control_system() FROM PUBLIC, bc_monitor",
    ):
        fresh.sql("fra", statement)
    fresh.caught_up("ams")
    seen = await connector.observe(of(fresh))
    fra, ams = facts(seen, "fra"), facts(seen, "ams")
    assert set(fra.missing) == {
        "system_identifier",
        "heartbeat",
        "downstreams",
        "logical_senders",
        "oldest_transaction_s",
        "sync_waiters",
        "settings.shared_preload_libraries",
    }
    assert set(ams.missing) == {*fra.missing, "upstream"}
    assert fra.current_lsn is not None
    assert fra.slots[0].active is True
    assert (fra.heartbeat, fra.oldest_transaction_s, fra.sync_waiters, fra.system_identifier, ams.upstream) == (
        None,
    ) * 5
    assert ams.replay_paused is False
    again = facts(await connector.observe(of(fresh)), "fra")
    assert again.missing == fra.missing


async def test_a_missing_heartbeat_table(fresh: Cluster, connector: PostgresConnector) -> None:
    """Only `heartbeat` is missing; a resource without heartbeat is not asked."""
    fresh.sql("fra", "DROP TABLE public.bc_heartbeat")
    fresh.caught_up("ams")
    assert facts(await connector.observe(of(fresh)), "ams").missing == ("heartbeat",)
    assert facts(await connector.observe(of(fresh, heartbeat=False)), "ams").missing == ()


async def test_surroundings_of_libpq_change_nothing(
    estate: Cluster, connector: PostgresConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A13: hostile PG* variables, a service file and a .pgpass are ignored."""
    home = estate.root / "home"
    home.mkdir(exist_ok=True)
    (home / ".pg_service.conf").write_text("[evil]\nhost=10.255.255.1\nport=1\noptions=-c statement_timeout=0\n")
    (home / ".pgpass").write_text("*:*:*:*:stolen\n")
    (home / ".pgpass").chmod(0o600)
    hostile = {
        "HOME": str(home),
        "PGSERVICE": "evil",
        "PGHOST": "10.255.255.1",
        "PGHOSTADDR": "10.255.255.1",
        "PGPORT": "1",
        "PGDATABASE": "postgres",
        "PGUSER": "postgres",
        "PGPASSWORD": "stolen",
        "PGPASSFILE": str(home / ".pgpass"),
        "PGSSLMODE": "require",
        "PGREQUIREAUTH": "none",
        "PGOPTIONS": "-c default_transaction_read_only=off",
        "PGAPPNAME": "evil",
        "PGTARGETSESSIONATTRS": "standby",
        "PGCONNECT_TIMEOUT": "1",
        "PGCHANNELBINDING": "require",
        "PGGSSENCMODE": "disable",
        "PGCLIENTENCODING": "LATIN1",
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    node = _only(await connector.observe(of(estate, "fra")))
    assert node.reach is Reach.OK, node.error
    for name in hostile:
        monkeypatch.delenv(name, raising=False)
    ((application,),) = estate.sql(
        "fra", "SELECT DISTINCT application_name FROM pg_stat_activity WHERE usename = 'bc_monitor'"
    )
    assert application == "bc-monitor"


async def test_the_secret_is_nowhere(
    estate: Cluster, connector: PostgresConnector, caplog: pytest.LogCaptureFixture
) -> None:
    """A15: not in logs on any level, not in the statements, not in the server's view of us, not in the process list."""
    with caplog.at_level("DEBUG"):
        await connector.observe(of(estate))
        await connector.observe(of(estate), cold=True)
    assert CANARY not in caplog.text
    assert CANARY not in repr(connector.statements())
    assert CANARY not in repr(estate.sql("fra", "SELECT * FROM pg_stat_activity"))
