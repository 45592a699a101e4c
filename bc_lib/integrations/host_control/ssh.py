"""HostControl over SSH: one session an order, to `bc-host`, the forced command of our key there (decisions 5, 15).

`host_control: "ssh:USER@HOST[:PORT]"` of an endpoint is its host; the password of `execution.host_secret` is the
private key. The order is sent only after bc-host has said hello, so that it is certain whether it can have arrived.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bc_lib.domain.endpoints import InvalidEndpoint, check_address
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.integrations.host_control import wire
from bc_lib.integrations.host_control.ssh_session import Address, Lost, NotSent, Session, address_of
from bc_lib.ports.host_control import (
    Done,
    HostRefused,
    HostSecretUnavailable,
    HostState,
    HostUnknown,
    HostUnreachable,
    Order,
)
from bc_lib.ports.secrets import InvalidReference, SecretResolver, SecretUnavailable

PREFIX = "ssh:"


class SshHosts:
    """The hosts of one resource. `known_hosts`: a file in OpenSSH's form that names every host's key.

    The private key is read at each call, so that a changed one needs no restart.
    """

    def __init__(self, resource: Resource, secrets: SecretResolver, known_hosts: Path) -> None:
        self._resource = resource
        self._secrets = secrets
        self._known_hosts = known_hosts
        self._nodes = {end.node: end for end in resource.endpoints if (end.host_control or "").startswith(PREFIX)}

    def state(self, node: str, timeout_s: float = 3.0) -> HostState:
        """See the port. Raises HostUnreachable, HostRefused where the host does not know our key or the node."""
        asked = {"ask": "state", "resource": self._resource.name, "node": node}
        try:
            found = self._session(node, timeout_s).ask(asked)
        except (NotSent, Lost) as error:
            raise HostUnreachable(f"The host of {self._resource.place(node)} does not answer: {error}.") from None
        _refuse(found)
        try:
            return wire.state_from({**found["state"], "node": node})
        except (ValueError, TypeError, KeyError, AttributeError):
            raise HostUnreachable(f"What answers for the host of {self._resource.place(node)} is no bc-host.") from None

    def carry_out(self, order: Order, timeout_s: float = 60.0) -> Done:
        """See the port."""
        lost = f"The answer of the host of {self._resource.place(order.node)} to {order.verb.value} was lost"
        asked = {"ask": "order", "node": order.node, "verb": order.verb.value, **wire.order_to(order)}
        session = self._session(order.node, timeout_s)
        if datetime.now(UTC) >= order.deadline:
            raise HostRefused(
                "deadline", f"The order for {self._resource.place(order.node)} was not sent: its deadline has passed."
            )
        try:
            found = session.ask(asked)
        except NotSent as error:
            raise HostUnreachable(
                f"The host of {self._resource.place(order.node)} cannot be reached: {error}."
            ) from None
        except Lost as error:
            raise HostUnknown(f"{lost}: {error}.") from None
        _refuse(found)
        try:
            return wire.done_from(found)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise HostUnknown(f"{lost}: it cannot be read.") from None

    def close(self) -> None:
        """Nothing stays open between calls."""

    def _session(self, node: str, timeout_s: float) -> Session:
        return Session(self._address(node), self._key(), self._known_hosts, timeout_s)

    def _address(self, node: str) -> Address:
        """Where to, allowed for this resource (A13). Raises HostUnreachable."""
        endpoint = self._nodes.get(node)
        if endpoint is None:
            raise HostUnreachable(
                f"The host of {self._resource.place(node)} is not reached over SSH; a person must act there."
            )
        try:
            address = address_of(str(endpoint.host_control))
            where = Endpoint(site=endpoint.site, node=node)
            for row in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
                check_address(self._resource, where, str(row[4][0]))
        except (OSError, UnicodeError):
            raise HostUnreachable(f"The name of the host of {self._resource.place(node)} cannot be resolved.") from None
        except (InvalidEndpoint, ValueError) as error:
            raise HostUnreachable(str(error)) from None
        return address

    def _key(self) -> str:
        execution = self._resource.execution
        if execution is None or execution.host_secret is None:
            raise HostUnreachable(f"{self._resource.name} has no host_secret in the inventory.")
        try:
            return self._secrets.credential(execution.host_secret).password
        except (SecretUnavailable, InvalidReference) as error:
            raise HostSecretUnavailable(f"The key for the hosts is not available: {error}") from None


def _refuse(found: Mapping[str, Any]) -> None:
    if isinstance(found.get("code"), str) and isinstance(found.get("error"), str):
        raise HostRefused(found["code"], found["error"])
