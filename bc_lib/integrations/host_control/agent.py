"""HostControl over HTTP: an agent on the host that keeps orders and does each once (decisions 5, 15).

`host_control: "agent:URL"` of an endpoint is the address of its node there; GET URL is its state, POST URL/VERB an
order. The bearer token is the password of `execution.host_secret`.
"""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from bc_lib.domain.endpoints import InvalidEndpoint, check_address
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.integrations.host_control import wire
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

PREFIX = "agent:"
CONNECT_S = 2.0
MOST_BYTES = 256_000
OK, UNAUTHORIZED, FORBIDDEN, SERVER_ERROR = 200, 401, 403, 500
# Raised before anything of the order was sent.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)


class AgentHosts:
    """The hosts of one resource. The token is read at each call, so that a changed one needs no restart."""

    def __init__(self, resource: Resource, secrets: SecretResolver) -> None:
        self._resource = resource
        self._secrets = secrets
        self._nodes = {end.node: end for end in resource.endpoints if (end.host_control or "").startswith(PREFIX)}
        # No proxies, no redirects from the environment: the address in the inventory is the address.
        verify = _trusted(str(end.host_control) for end in self._nodes.values())
        self._client = httpx.Client(trust_env=False, follow_redirects=False, verify=verify)

    def state(self, node: str, timeout_s: float = 3.0) -> HostState:
        """See the port. Raises HostUnreachable, HostRefused where the agent does not know our token or the node."""
        try:
            status, found = self._call("GET", node, "", None, timeout_s)
        except httpx.HTTPError as error:
            raise HostUnreachable(
                f"The host of {self._resource.place(node)} does not answer: {_short(error)}."
            ) from None
        if status != OK:
            raise _refusal(status, found) or HostUnreachable(
                f"The host of {self._resource.place(node)} answered with status {status}."
            )
        try:
            return wire.state_from({**found, "node": node})
        except (ValueError, TypeError, AttributeError):
            raise HostUnreachable(
                f"What answers for the host of {self._resource.place(node)} is no host agent."
            ) from None

    def carry_out(self, order: Order, timeout_s: float = 60.0) -> Done:
        """See the port."""
        lost = f"The answer of the host of {self._resource.place(order.node)} to {order.verb.value} was lost"
        try:
            status, found = self._call("POST", order.node, f"/{order.verb.value}", wire.order_to(order), timeout_s)
        except NOT_SENT as error:
            raise HostUnreachable(
                f"The host of {self._resource.place(order.node)} cannot be reached: {_short(error)}."
            ) from None
        except httpx.HTTPError as error:
            raise HostUnknown(f"{lost}: {_short(error)}.") from None
        if status == OK:
            try:
                done = wire.done_from(found)
                return Done(state=_renamed(done.state, order.node), again=done.again, details=done.details)
            except (ValueError, TypeError, KeyError, AttributeError):
                raise HostUnknown(f"{lost}: it cannot be read.") from None
        if status >= SERVER_ERROR:
            raise HostUnknown(
                f"The host of {self._resource.place(order.node)} failed in {order.verb.value} (status {status})."
            )
        raise _refusal(status, found) or HostUnreachable(
            f"What answers for the host of {self._resource.place(order.node)} is no host agent (status {status})."
        )

    def close(self) -> None:
        """Give back the kept connections."""
        self._client.close()

    def _call(
        self, method: str, node: str, path: str, body: Mapping[str, Any] | None, timeout_s: float
    ) -> tuple[int, Any]:
        until = time.monotonic() + timeout_s
        url = self._address(node)
        connect = min(CONNECT_S, timeout_s)
        timeout = httpx.Timeout(timeout_s, connect=connect, pool=connect)
        headers = {"Authorization": f"Bearer {self._token()}"}
        with self._client.stream(method, f"{url}{path}", json=body, headers=headers, timeout=timeout) as answer:
            return answer.status_code, _json(answer, until)

    def _address(self, node: str) -> str:
        """The agent's address of a node, allowed for this resource (A13). Raises HostUnreachable."""
        endpoint = self._nodes.get(node)
        if endpoint is None:
            raise HostUnreachable(
                f"The host of {self._resource.place(node)} is not under an agent's control; a person must act there."
            )
        url = str(endpoint.host_control)[len(PREFIX) :].rstrip("/")
        parts = urlsplit(url)
        where = Endpoint(site=endpoint.site, node=node, url=url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            for row in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
                check_address(self._resource, where, str(row[4][0]))
        except (OSError, UnicodeError):
            raise HostUnreachable(
                f"The name of the host agent of {self._resource.place(node)} cannot be resolved."
            ) from None
        except InvalidEndpoint as error:
            raise HostUnreachable(str(error)) from None
        return url

    def _token(self) -> str:
        execution = self._resource.execution
        if execution is None or execution.host_secret is None:
            raise HostUnreachable(f"{self._resource.name} has no host_secret in the inventory.")
        try:
            return self._secrets.credential(execution.host_secret).password
        except (SecretUnavailable, InvalidReference) as error:
            raise HostSecretUnavailable(f"The host agent's token is not available: {error}") from None


def _trusted(addresses: Iterable[str]) -> ssl.SSLContext:
    """The public authorities where an address wants them; reading them takes longer than an order does. Else nobody."""
    if any(each.lower().startswith(f"{PREFIX}https:") for each in addresses):
        return httpx.create_ssl_context(trust_env=False)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def hosts_of(resource: Resource, secrets: SecretResolver) -> AgentHosts | None:
    """The hosts of a resource; None where none of its nodes is under an agent's control."""
    controlled = any((end.host_control or "").startswith(PREFIX) for end in resource.endpoints)
    return AgentHosts(resource, secrets) if controlled else None


def _json(answer: httpx.Response, until: float) -> Any:
    """The body, bounded in size and time; None where it is no JSON. Raises httpx.ReadTimeout."""
    text = b""
    for chunk in answer.iter_bytes():
        text += chunk
        if len(text) > MOST_BYTES:
            return None
        if time.monotonic() > until:
            raise httpx.ReadTimeout("the answer came too slowly")
    try:
        return json.loads(text)
    except ValueError:
        return None


def _refusal(status: int, found: Any) -> HostRefused | None:
    if status in {UNAUTHORIZED, FORBIDDEN}:
        return HostRefused("unauthorized", "The host agent does not accept our token; correct host_secret.")
    if isinstance(found, dict) and isinstance(found.get("code"), str) and isinstance(found.get("error"), str):
        return HostRefused(found["code"], found["error"])
    return None


def _renamed(state: HostState, node: str) -> HostState:
    """Under the inventory's name of the node; the agent has a name of its own for it."""
    return wire.state_from({**wire.state_to(state), "node": node})


def _short(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
