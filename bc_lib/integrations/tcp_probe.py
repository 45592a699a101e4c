"""Does anybody listen there? One short TCP connect to an endpoint, over addresses that are allowed (A13)."""

from __future__ import annotations

import socket

from bc_lib.domain.endpoints import InvalidEndpoint, check_address, http_target
from bc_lib.domain.inventory import Endpoint, Resource

TIMEOUT_S = 2.0
MAX_ADDRESSES = 3


def tcp_probe(resource: Resource, endpoint: Endpoint) -> str | None:
    """None where a connection was accepted, else half a sentence that says what happened instead."""
    host, port = http_target(endpoint)[1:] if endpoint.url else (endpoint.host or "", endpoint.port or 0)
    try:
        addresses = list(
            dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        )
        for address in addresses:
            check_address(resource, endpoint, address)
    except (OSError, UnicodeError):
        return f"the name {host} cannot be resolved"
    except InvalidEndpoint as error:
        return str(error).rstrip(".")
    return _connect(f"{host}:{port}", addresses[:MAX_ADDRESSES], port)


def _connect(shown: str, addresses: list[str], port: int) -> str | None:
    trouble = f"{shown} has no address"
    for address in addresses:
        try:
            socket.create_connection((address, port), TIMEOUT_S).close()
        except TimeoutError:
            trouble = f"{shown} did not answer within {TIMEOUT_S:.0f} s"
        except ConnectionRefusedError:
            trouble = f"nobody listens at {shown}"
        except OSError as error:
            trouble = f"{shown} cannot be reached ({error.strerror or type(error).__name__})"
        else:
            return None
    return trouble
