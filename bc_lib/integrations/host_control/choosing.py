"""Each node's host by the form of its address: an agent, SSH, or a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bc_lib.domain.inventory import Resource
from bc_lib.integrations.host_control import agent, ssh
from bc_lib.integrations.host_control.agent import AgentHosts
from bc_lib.integrations.host_control.ssh import SshHosts
from bc_lib.ports.host_control import Done, HostControl, HostState, HostUnreachable, Order
from bc_lib.ports.secrets import SecretResolver


class ChosenHosts:
    """Implements HostControl over several: a node without an address is a person's."""

    def __init__(self, resource: Resource, nodes: dict[str, HostControl]) -> None:
        self._resource = resource
        self._nodes = nodes

    def state(self, node: str, timeout_s: float = 3.0) -> HostState:
        """See the port."""
        return self._of(node).state(node, timeout_s)

    def carry_out(self, order: Order, timeout_s: float = 60.0) -> Done:
        """See the port."""
        return self._of(order.node).carry_out(order, timeout_s)

    def _of(self, node: str) -> HostControl:
        found = self._nodes.get(node)
        if found is None:
            raise HostUnreachable(
                f"The host of {self._resource.place(node)} is not under our control; a person must act there."
            )
        return found


def hosts_of(resource: Resource, secrets: SecretResolver, known_hosts: Path) -> HostControl | None:
    """The hosts of a resource; None where a person acts on all of them. `known_hosts`: keys of hosts over SSH."""
    makers: dict[str, Callable[[], HostControl]] = {
        agent.PREFIX: lambda: AgentHosts(resource, secrets),
        ssh.PREFIX: lambda: SshHosts(resource, secrets, known_hosts),
    }
    made: dict[str, HostControl] = {}
    nodes: dict[str, HostControl] = {}
    for end in resource.endpoints:
        prefix = next((one for one in makers if (end.host_control or "").startswith(one)), None)
        if prefix is not None:
            if prefix not in made:
                made[prefix] = makers[prefix]()
            nodes[end.node] = made[prefix]
    if not nodes:
        return None
    return next(iter(made.values())) if len(made) == 1 else ChosenHosts(resource, nodes)
