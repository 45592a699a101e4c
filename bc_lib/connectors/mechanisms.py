"""Finds mechanisms by platform; a driver is imported when its mechanism is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from bc_lib.domain.inventory import Platform, Resource
from bc_lib.ports.host_control import HostControl
from bc_lib.ports.mechanism import Mechanism
from bc_lib.ports.secrets import SecretResolver


class LazyMechanisms:
    """Implements Mechanisms. `hosts` gives the hosts of a resource; None where a person acts on them."""

    def __init__(self, secrets: SecretResolver, hosts: Callable[[Resource], HostControl | None]) -> None:
        self._secrets = secrets
        self._hosts = hosts
        self._made: dict[Platform, Mechanism] = {}
        self._makers: dict[Platform, Callable[[], Mechanism]] = {Platform.POSTGRESQL: self._postgresql}

    def get(self, platform: Platform) -> Mechanism | None:
        """See the port."""
        if platform not in self._makers:
            return None
        if platform not in self._made:
            self._made[platform] = self._makers[platform]()
        return self._made[platform]

    def close(self) -> None:
        """See the port."""
        made, self._made = self._made, {}
        for mechanism in made.values():
            mechanism.close()

    def _postgresql(self) -> Mechanism:
        from bc_lib.connectors.postgresql.execution.mechanism import PostgresMechanism

        return PostgresMechanism(self._secrets, self._hosts)
