"""What the client says when the host says nothing: never that nothing happened where something may have (F32)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.inventory import Environment, Execution, Resource
from bc_lib.integrations.host_control.agent import AgentHosts, hosts_of
from bc_lib.ports.host_control import HostRefused, HostUnknown, HostUnreachable, HostVerb, Order
from bc_lib.ports.secrets import Credential, SecretUnavailable
from tests.fixtures.pgcluster import FixedSecrets, resource

SECRETS = FixedSecrets({"env:HOST": Credential("agent", "token")})


class Sealed(FixedSecrets):
    """A secrets manager that gives nothing."""

    def credential(self, reference: str) -> Credential:
        raise SecretUnavailable(f"{reference} cannot be read.")


def over(url: str) -> Resource:
    """A resource whose one node is controlled at `url`."""
    made = resource(("fra", 5432), ("ams", 5433))
    ends = tuple(replace(end, host_control=f"agent:{url}/host/{end.node}") for end in made.endpoints)
    execution = Execution(secret="env:EXECUTION", client_secret="env:CLIENT", host_secret="env:HOST")
    return replace(made, endpoints=ends, execution=execution)


def order() -> Order:
    until = datetime.now(UTC) + timedelta(seconds=30)
    return Order(node="fra", verb=HostVerb.STOP, resource="orders-db", run="r-1", step="move", epoch=1, deadline=until)


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """Accepts connections and does `behave` with each."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=behave, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def says(text: bytes, status: str = "200 OK") -> Callable[[socket.socket], None]:
    """Reads the request and answers."""

    def behave(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode() + text)

    return behave


def hangs_up(connection: socket.socket) -> None:
    with connection:
        connection.recv(65536)


def is_silent(connection: socket.socket) -> None:
    with connection:
        time.sleep(5)


def drips(connection: socket.socket) -> None:
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(40):
            try:
                connection.sendall(b" ")
            except OSError:
                return
            time.sleep(0.1)


@pytest.mark.parametrize(
    "behave",
    [hangs_up, is_silent, drips, says(b"oops", "500 Oops"), says(b"not json"), says(b"{}"), says(b'{"state": 1}')],
    ids=["hang-up", "silent", "drip", "500", "no-json", "empty", "wrong"],
)
def test_a_lost_answer_is_unknown_and_comes_in_time(behave: Callable[[socket.socket], None]) -> None:
    """F32: the order may have been carried out; the call ends within its time-out."""
    with server(behave) as url:
        agent, began = AgentHosts(over(url), SECRETS), time.monotonic()
        with pytest.raises(HostUnknown):
            agent.carry_out(order(), timeout_s=0.6)
        assert time.monotonic() - began < 1.5
        with pytest.raises(HostUnreachable):
            agent.state("fra", timeout_s=0.6)
        agent.close()


def test_an_order_that_was_not_delivered_is_unreachable() -> None:
    """Nobody listens, or somebody who is no host agent: certainly nothing happened."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(HostUnreachable):
            AgentHosts(over(f"http://127.0.0.1:{taken.getsockname()[1]}"), SECRETS).carry_out(order())
    for status in ("404 Not Found", "302 Found"):
        with server(says(b"hello", status)) as url, pytest.raises(HostUnreachable):
            AgentHosts(over(url), SECRETS).carry_out(order())


def test_a_refusal_carries_the_agents_code_and_sentence() -> None:
    """F02: the runner must know a stale epoch from a failed stop."""
    stale = says(b'{"code": "stale-epoch", "error": "Epoch 1 is stale."}', "409 Conflict")
    with server(stale) as url, pytest.raises(HostRefused, match="Epoch 1 is stale") as refused:
        AgentHosts(over(url), SECRETS).carry_out(order())
    assert refused.value.code == "stale-epoch"


def test_a_token_that_cannot_be_had_sends_nothing() -> None:
    """F24: a sealed secrets manager is not a lost order; the sentence names the reference only."""
    with server(hangs_up) as url, pytest.raises(HostUnreachable, match="env:HOST"):
        AgentHosts(over(url), Sealed()).carry_out(order())


def test_an_address_outside_the_allow_list_is_not_called() -> None:
    """A13: loopback is no host of a production database, and plain http leaves loopback never."""
    inside = over("http://127.0.0.1:9")
    production = replace(inside, environment=Environment.PROD)
    outside = over("http://192.0.2.7:9")
    for one in (production, outside):
        with pytest.raises(HostUnreachable, match="orders-db"):
            AgentHosts(one, SECRETS).carry_out(order())


def test_hosts_are_found_by_the_inventory() -> None:
    """A resource without an agent's address has no hosts: a person acts there."""
    assert hosts_of(resource(("fra", 5432)), SECRETS) is None
    assert isinstance(hosts_of(over("http://127.0.0.1:9"), SECRETS), AgentHosts)
