"""Real clusters for the PostgreSQL connector's tests; one connector, one event loop per test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bc_lib.connectors.postgresql.connector import PostgresConnector
from tests.fixtures.pgcluster import Cluster, FixedSecrets, cluster


@pytest.fixture(scope="module")
def estate() -> Iterator[Cluster]:
    """fra (primary) -> ams (standby), shared by the tests of one module, each of which puts back what it changes."""
    with cluster(ams={}) as made:
        yield made


@pytest.fixture
def secrets() -> FixedSecrets:
    return FixedSecrets()


@pytest_asyncio.fixture
async def connector(secrets: FixedSecrets) -> AsyncIterator[PostgresConnector]:
    made = PostgresConnector(secrets, timeout_s=3.0)
    yield made
    await made.close()
