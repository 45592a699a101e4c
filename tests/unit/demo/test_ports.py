"""Ports of the demo: a server that stands still finds its own again when a run brings it back."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.ports import Ports, outgoing_ports
from demo.statefile import State

OUTGOING = range(32_768, 61_000)


Demo = Callable[..., Ports]


@pytest.fixture
def demo() -> Iterator[Demo]:
    """Makes the ports of one more demo: its state, and where the kernel takes outgoing ports from."""
    made: list[Ports] = []

    def make(state: State, outgoing: range = OUTGOING) -> Ports:
        made.append(Ports(state, outgoing))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def port(demo: Demo) -> int:
    """A free one, below the outgoing ones, so that nothing of this machine takes it while a test runs."""
    probe = demo(State(Path("/nowhere")))
    found = probe.take("probe", 24_871)
    probe.close()
    return found


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.json")


def test_no_port_is_one_that_an_outgoing_connection_can_take(demo: Demo, state: State, port: int) -> None:
    """A dead primary keeps no socket, so any client of this machine could sit on its port when it comes back."""
    state.ports["server orders-db-fra"] = 45_441  # a demo from before
    ports = demo(state)
    assert ports.take("server orders-db-fra", port) == port
    assert state.ports == {"server orders-db-fra": port}
    assert ports.said == []


def test_a_running_server_keeps_the_port_it_has(demo: Demo, state: State) -> None:
    state.ports["server orders-db-fra"] = 45_441
    assert demo(state).take("server orders-db-fra", 25_441, ours=True) == 45_441


def test_two_demos_never_share_a_port_though_nobody_listens_there(demo: Demo, tmp_path: Path, port: int) -> None:
    """The first one's server was just killed: its port looks free to everybody."""
    first, second, third = (demo(State(tmp_path / f"{number}.json")) for number in range(3))
    assert first.take("server", port) == port
    other = second.take("server", port)
    assert other != port
    assert second.said == [f"Port {port} is taken; server uses {other} instead."]
    first.close()
    assert third.take("server", port) == port


def test_a_port_somebody_listens_on_is_replaced_and_remembered(demo: Demo, state: State) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        ports = demo(state, range(0))
        found = ports.take("control", wanted)
        assert found != wanted
        assert 20_000 <= found < 32_200
    ports.close()
    assert demo(state, range(0)).take("control", wanted) == found


def test_the_range_is_the_kernels() -> None:
    assert len(outgoing_ports()) > 1_000
