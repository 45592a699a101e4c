"""A real pair whose hosts are reached over SSH: moved, failed over, rejoined (FR-034, decision 5)."""

from __future__ import annotations

import pytest

from bc_lib.connectors.postgresql.execution.mechanism import PostgresMechanism
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.requests.states import RequestType
from bc_lib.integrations.host_control.choosing import hosts_of
from tests.fixtures.execpair import Client, Driver
from tests.fixtures.sshpair import SshPair, ssh_pair

pytestmark = pytest.mark.needs("sshd")


def driver(found: SshPair, **more: object) -> Driver:
    made = Driver(found.made, **more)  # type: ignore[arg-type]
    made.resource = found.resource()
    hosts = hosts_of(made.resource, found.secrets(), found.known_hosts)
    made.mechanism = PostgresMechanism(found.secrets(), lambda _: hosts)
    return made


def test_there_and_back_over_ssh_loses_no_acknowledged_row() -> None:
    with ssh_pair() as found:
        for round_, to in enumerate(("ams", "fra")):
            moved = driver(found, request=f"r-{round_ + 1}", to=to)
            with Client(found.made.conninfo()) as client:
                moved.move()
            assert client.lost(found.made, to) == 0
            print(f"outage over ssh: {client.longest_ms():.0f} ms", moved.earlier["orders-db/move"])
        assert found.hosts().state("fra").effects == {"stop": 1, "start-as-standby": 1}


def test_a_killed_primary_is_kept_then_rewound_over_ssh() -> None:
    with ssh_pair() as found:
        lost = driver(found, kind=RequestType.FAILOVER)
        found.pg_ctl_kill("fra")
        for action in (Action.MOVE, Action.VERIFY, Action.PRESERVE, Action.REWIND):
            lost.do(action)
        state = found.hosts().state("fra")
        assert state.running is True
        assert state.standby_on_disk is True
        assert state.preserved == ("data.diverged-r-1",) or len(state.preserved) == 1
        assert state.effects == {"preserve": 1, "rewind": 1, "start-as-standby": 1}
