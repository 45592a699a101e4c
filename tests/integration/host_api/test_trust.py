"""Whom a client of a host agent trusts: over https the public authorities, and nobody's certificate besides."""

from __future__ import annotations

import ssl
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.domain.inventory import Environment, Execution, Resource
from bc_lib.integrations.host_control.agent import AgentHosts
from bc_lib.integrations.host_control.choosing import hosts_of
from bc_lib.ports.host_control import HostUnreachable
from bc_lib.ports.secrets import Credential
from bc_lib.testing.builders import resource
from tests.fixtures.certificates import Authority
from tests.fixtures.httpapp import App
from tests.fixtures.pgcluster import FixedSecrets

STATE = (200, {}, b'{"running": false}')


def with_agents(*addresses: str) -> Resource:
    """A pair whose nodes' hosts are reached at these addresses."""
    made = replace(resource("orders-db"), environment=Environment.DEMO)
    ends = tuple(replace(end, host_control=each) for end, each in zip(made.endpoints, addresses, strict=True))
    return replace(
        made, endpoints=ends, execution=Execution(secret="env:E", client_secret="env:C", host_secret="env:H")
    )


@pytest.mark.parametrize("mixed", [False, True], ids=["https only", "https beside http"])
def test_an_agent_with_a_certificate_of_nobody_known_is_not_spoken_to(tmp_path: Path, mixed: bool) -> None:
    """What answers there could be anybody; it would be given the token."""
    certificate, key = Authority(tmp_path).issue("127.0.0.1")
    with App() as plain:
        stranger = App()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        stranger.server.socket = context.wrap_socket(stranger.server.socket, server_side=True)
        stranger.answers["/"] = STATE
        with stranger:
            https = f"agent:https://127.0.0.1:{stranger.port}"
            pair = with_agents(https, f"agent:{plain.url('')}" if mixed else https)
            hosts = hosts_of(pair, FixedSecrets({"env:H": Credential("agent", "token")}), tmp_path / "known_hosts")
            assert isinstance(hosts, AgentHosts), "one client for both"
            with closing(hosts):
                with pytest.raises(HostUnreachable, match="does not answer"):
                    hosts.state(pair.endpoints[0].node)
                assert stranger.paths == []
                if mixed:
                    with pytest.raises(HostUnreachable, match="status 404"):
                        hosts.state(pair.endpoints[1].node)
                    assert plain.paths == ["/"], "the other one is reached as ever"
