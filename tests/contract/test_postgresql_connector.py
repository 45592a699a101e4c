"""The PostgreSQL connector keeps the shipped contract (FR-010, F26, A13, A15)."""

from __future__ import annotations

import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.inventory import Resource
from bc_lib.ports.connector import Connector
from bc_lib.testing.connector_kit import ConnectorContract
from tests.fixtures.pgcluster import CANARY, Cluster, FixedSecrets, of, resource


class TestPostgresConnector(ConnectorContract):
    canary = CANARY

    @pytest.fixture(autouse=True)
    def _pair(self, pair: Cluster) -> None:
        self.pair = pair

    def make_connector(self, timeout_s: float) -> Connector:
        return PostgresConnector(FixedSecrets(), timeout_s=timeout_s)

    def healthy(self) -> Resource:
        return of(self.pair)

    def at(self, host: str, port: int) -> Resource:
        return resource(("fra", port), host=host)
