"""How services reach a platform. One implementation a platform, found through the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bc_lib.domain.capabilities import Capabilities
from bc_lib.domain.inventory import Platform, Resource
from bc_lib.domain.observation import Observation


@dataclass(frozen=True, slots=True)
class Statement:
    """One read-only statement the connector runs, with what it is for."""

    purpose: str
    text: str


class Connector(Protocol):
    """Observes resources of one platform. Safe to use from one event loop by many tasks at once."""

    platform: Platform
    capabilities: Capabilities

    async def observe(self, resource: Resource, *, cold: bool = False) -> Observation:
        """Look at every node once, each over its own connection, all nodes at the same time.

        Never raises for trouble with a target: that is part of the result (Reach). Ends within the
        connector's time-out per node. `cold` uses fresh connections and keeps the warm ones.
        """
        ...

    def statements(self) -> tuple[Statement, ...]:
        """Every statement `observe` may run, in order."""
        ...

    async def close(self) -> None:
        """Close every kept connection."""
        ...


class ConnectorRegistry(Protocol):
    """Finds connectors; drivers load on first use."""

    def get(self, platform: Platform) -> Connector:
        """The connector of `platform`; the same object each time in one registry."""
        ...

    async def close(self) -> None:
        """Close all connectors made so far."""
        ...
