"""The HTTP connector keeps the shipped contract (FR-010, F26, A13)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.connectors.http.connector import HttpConnector
from bc_lib.domain.inventory import Resource
from bc_lib.ports.connector import Connector
from bc_lib.testing.connector_kit import ConnectorContract
from tests.fixtures.httpapp import App, http_resource


class TestHttpConnector(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _app(self) -> Iterator[None]:
        with App() as app:
            self.app = app
            yield

    def make_connector(self, timeout_s: float) -> Connector:
        return HttpConnector(timeout_s=timeout_s)

    def healthy(self) -> Resource:
        return http_resource(self.app.url("/health"), self.app.url("/health"), json_field="version")

    def at(self, host: str, port: int) -> Resource:
        return http_resource(f"http://{f'[{host}]' if ':' in host else host}:{port}/health", json_field="version")
