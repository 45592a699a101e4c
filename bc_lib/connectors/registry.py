"""Finds connectors by platform; a driver is imported when its connector is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from bc_lib.domain.inventory import Platform
from bc_lib.ports.connector import Connector
from bc_lib.ports.secrets import SecretResolver


class LazyRegistry:
    """Implements ConnectorRegistry. `timeout_s` bounds each node of a round, for every platform."""

    def __init__(self, secrets: SecretResolver, *, timeout_s: float = 5.0) -> None:
        self._secrets = secrets
        self._timeout_s = timeout_s
        self._made: dict[Platform, Connector] = {}
        self._makers: dict[Platform, Callable[[], Connector]] = {
            Platform.POSTGRESQL: self._postgresql,
            Platform.HTTP: self._http,
        }

    def get(self, platform: Platform) -> Connector:
        """The connector of `platform`, made on first use; the same object afterwards."""
        if platform not in self._made:
            self._made[platform] = self._makers[platform]()
        return self._made[platform]

    async def close(self) -> None:
        """Close all connectors made so far; `get` makes new ones."""
        made, self._made = self._made, {}
        for connector in made.values():
            await connector.close()

    def _postgresql(self) -> Connector:
        from bc_lib.connectors.postgresql.connector import PostgresConnector

        return PostgresConnector(self._secrets, timeout_s=self._timeout_s)

    def _http(self) -> Connector:
        from bc_lib.connectors.http.connector import HttpConnector

        return HttpConnector(timeout_s=self._timeout_s)
