"""TLS of both connectors: verified, and never talked down (SEC-004, A13)."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.connectors.http.connector import HttpConnector
from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.inventory import Resource, Tls
from bc_lib.domain.observation import NodeObservation, Observation, Reach
from tests.absences import older_postgres
from tests.fixtures.certificates import Authority
from tests.fixtures.httpapp import App, http_resource
from tests.fixtures.pgcluster import Cluster, FixedSecrets, of


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def tls_server(authority: Authority) -> Iterator[Cluster]:
    """Debian's PostgreSQL has OpenSSL, the wheel has not. Its certificate names localhost only."""
    made = Cluster(older_postgres())
    try:
        certificate, key = authority.issue("localhost")
        files = [Path(shutil.copy(one, made.root / one.name)) for one in (certificate, key)]
        for one in files:
            one.chmod(0o600)
            if made.account:
                os.chown(one, made.account.uid, made.account.gid)
        made.add_primary("fra", {"ssl": "on", "ssl_cert_file": str(files[0]), "ssl_key_file": str(files[1])})
        yield made
    finally:
        made.close()


def _with(resource: Resource, **changes: object) -> Resource:
    return replace(resource, endpoints=tuple(replace(one, **changes) for one in resource.endpoints))  # type: ignore[arg-type]


def _only(seen: Observation) -> NodeObservation:
    (node,) = seen.nodes
    return node


@pytest.mark.needs("older PostgreSQL")
async def test_a_database_is_verified(tls_server: Cluster, authority: Authority, connector: PostgresConnector) -> None:
    plain = of(tls_server)
    good = _with(plain, host="localhost", tls=Tls.VERIFY_FULL, ca_file=str(authority.ca_file))
    node = _only(await connector.observe(good))
    assert node.reach is Reach.OK, node.error
    ((encrypted,),) = tls_server.sql(
        "fra", "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'bc_monitor'"
    )
    assert encrypted is True
    for bad in (_with(good, host="127.0.0.1"), _with(good, ca_file=None), _with(good, ca_file="/absent/ca.pem")):
        node = _only(await connector.observe(bad, cold=True))
        assert node.reach is Reach.ERROR, node
        assert "TLS" in (node.error or "")
    assert _only(await connector.observe(_with(good, host="127.0.0.1", tls=Tls.VERIFY_CA), cold=True)).reach is Reach.OK


async def test_a_server_without_tls_is_not_talked_to(estate: Cluster, authority: Authority) -> None:
    """The wheel's server answers "no TLS": that is the end of it."""
    connector = PostgresConnector(FixedSecrets())
    wanted = _with(of(estate, "fra"), tls=Tls.VERIFY_FULL, ca_file=str(authority.ca_file))
    node = _only(await connector.observe(wanted))
    assert node.reach is Reach.ERROR
    assert "TLS" in (node.error or "")
    assert estate.sql("fra", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'bc_monitor'") == [(0,)]
    await connector.close()


async def test_an_application_is_verified(authority: Authority) -> None:
    """By the name in the URL, though we connect to the address we checked."""
    connector = HttpConnector(timeout_s=3)
    with App() as app:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.issue("localhost"))
        app.server.socket = context.wrap_socket(app.server.socket, server_side=True)
        good = _with(
            http_resource(f"https://localhost:{app.port}/health", json_field="version"), ca_file=str(authority.ca_file)
        )
        node = _only(await connector.observe(good))
        assert node.reach is Reach.OK, node.error
        assert app.hosts == [f"localhost:{app.port}"]
        for bad in (
            _with(good, url=f"https://127.0.0.1:{app.port}/health"),
            _with(good, ca_file=None),
            _with(good, ca_file="/absent/ca.pem"),
        ):
            node = _only(await connector.observe(bad))
            assert node.reach is Reach.ERROR, node
    await connector.close()
