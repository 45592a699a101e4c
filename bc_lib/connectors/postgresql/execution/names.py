"""Addresses for connections of synchronous code: bounded in time, checked as the monitor's (A13)."""

from __future__ import annotations

import queue
import threading

from bc_lib.connectors.addresses import allowed, not_resolved, system_look_up
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.endpoints import InvalidEndpoint, check_endpoint, is_ip_literal
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.domain.observation import Reach


def resolve(resource: Resource, endpoint: Endpoint, timeout_s: float) -> tuple[str, ...]:
    """Addresses of an endpoint, all of them allowed. Raises Trouble; waits for the name service `timeout_s` at most."""
    try:
        check_endpoint(resource, endpoint)
    except InvalidEndpoint as error:
        raise Trouble(Reach.ERROR, str(error)) from None
    host = str(endpoint.host)
    found = look_up(host, timeout_s)
    if not found:
        raise not_resolved(host)
    return allowed(resource, endpoint, found)


def look_up(host: str, timeout_s: float) -> tuple[str, ...]:
    """Addresses of `host`, unchecked: to compare with, not to connect to. Empty: none within `timeout_s`."""
    if is_ip_literal(host):
        return (host,)
    answers: queue.Queue[tuple[str, ...]] = queue.Queue(1)

    def ask() -> None:
        try:
            answers.put(system_look_up(host))
        except (OSError, UnicodeError):
            answers.put(())

    threading.Thread(target=ask, name="bc-dns", daemon=True).start()
    try:
        return answers.get(timeout=timeout_s)
    except queue.Empty:
        return ()
