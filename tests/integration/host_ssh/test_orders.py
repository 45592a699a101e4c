"""What a host reached over SSH remembers and refuses (decisions 5, 6, 15; F03, F04, F11, A13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.inventory import Environment
from bc_lib.integrations.host_control.ssh import SshHosts
from bc_lib.ports.host_control import HostRefused, HostUnknown, HostUnreachable, HostVerb
from tests.fixtures.sshpair import SshPair, ssh_pair

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def found() -> Iterator[SshPair]:
    with ssh_pair() as made:
        yield made


def test_the_host_tells_what_it_sees(found: SshPair) -> None:
    state = found.hosts().state("ams")
    assert (state.node, state.running, state.ready, state.standby_on_disk) == ("ams", True, True, True)
    assert state.cluster_state == "in archive recovery"
    assert state.clock is not None
    assert abs((state.clock - datetime.now(UTC)).total_seconds()) < 5


def test_f03_an_order_is_done_once_and_the_rest_is_refused(found: SshPair) -> None:
    hosts = found.hosts()
    first = hosts.carry_out(found.order("ams", HostVerb.STOP, epoch=5))
    assert (first.again, first.state.running, first.state.effects) == (False, False, {"stop": 1})
    assert first.state.cluster_state == "shut down in recovery"
    second = hosts.carry_out(found.order("ams", HostVerb.STOP, epoch=6))
    assert (second.again, second.state.effects) == (True, {"stop": 1})
    for code, order in (
        ("stale-epoch", found.order("ams", HostVerb.START, epoch=5)),
        ("precondition", found.order("ams", HostVerb.REBUILD, epoch=6)),
        ("precondition", replace(found.order("ams", HostVerb.REWIND, epoch=6), peer_host="x", peer_port=1)),
        ("precondition", found.order("ams", HostVerb.PRESERVE, epoch=6, run="../x")),
        ("precondition", found.order("ams", HostVerb.START, epoch=6, resource="orders-db/../billing")),
        ("deadline", found.order("ams", HostVerb.START, deadline=datetime.now(UTC) - timedelta(seconds=1))),
    ):
        with pytest.raises(HostRefused) as refused:
            hosts.carry_out(order)
        assert refused.value.code == code
    started = hosts.carry_out(found.order("ams", HostVerb.START, epoch=7))
    assert (started.state.running, started.state.effects) == (True, {"start": 1, "stop": 1})
    with pytest.raises(HostRefused) as refused:
        hosts.carry_out(found.order("fra", HostVerb.START_AS_STANDBY))
    assert "runs as a primary" in str(refused.value)


def test_f11_killed_in_an_order_it_says_nothing_and_finds_out_when_it_is_asked_again(found: SshPair) -> None:
    hosts, text = found.hosts(), found.configuration.read_text()
    order = found.order("ams", HostVerb.STOP, run="r-2", epoch=8)
    found.configuration.write_text(
        text.replace("[orders-db/ams]\n", "[orders-db/ams]\nhold = /bin/sh -c 'kill -9 $PPID'\n")
    )
    try:
        with pytest.raises(HostUnknown):
            hosts.carry_out(order)
    finally:
        found.configuration.write_text(text)
    assert json.loads(found.journal("ams").read_text().splitlines()[-1])["kind"] == "intent"
    with found.journal("ams").open("a") as file:
        file.write('{"kind": "result", "num')  # killed while it wrote, too
    assert hosts.state("ams").running is True
    done = hosts.carry_out(order)
    assert (done.again, done.state.running) == (False, False)
    kinds = [json.loads(line)["kind"] for line in found.journal("ams").read_text().splitlines()]
    assert kinds[-4:] == ["intent", "result", "intent", "result"]
    assert hosts.carry_out(found.order("ams", HostVerb.START, run="r-2", epoch=9)).state.running is True


def test_an_answer_that_is_lost_after_sending_is_unknown_and_before_is_unreachable(found: SshPair) -> None:
    hosts, order = found.hosts(), found.order("ams", HostVerb.STOP, run="r-3", epoch=9)
    keys = (found.server.folder / "authorized").read_text()
    for command, expected in (
        ("echo '{\\\"bc-host\\\": 1}'; read line", HostUnknown),
        ("echo '{\\\"bc-host\\\": 1}'; read line; echo nonsense", HostUnknown),
        ("echo '{\\\"bc-host\\\": 1}'; sleep 30", HostUnknown),
        ("echo welcome; read line", HostUnreachable),
        ("sleep 30", HostUnreachable),
    ):
        found.server.write("authorized", keys.replace(found.server.command, command))
        try:
            with pytest.raises(expected):
                hosts.carry_out(order, 4.0)
        finally:
            found.server.write("authorized", keys)
    assert hosts.state("ams").running is True


def test_a_host_with_another_key_and_a_key_that_is_not_ours_are_refused_by_name(found: SshPair) -> None:
    for line, words in ((found.server.known("other"), "another key"), ("", "another key")):
        found.known_hosts.write_text(line)
        with pytest.raises(HostRefused, match=words) as refused:
            found.hosts().state("fra")
        assert refused.value.code == "unauthorized"
    found.known_hosts.write_text(found.server.known())
    with pytest.raises(HostRefused, match="does not accept our key"):
        found.hosts("other").state("fra")


def test_a_host_that_is_not_there_is_unreachable(found: SshPair) -> None:
    found.server.down()
    try:
        with pytest.raises(HostUnreachable, match="Connection refused"):
            found.hosts().carry_out(found.order("fra", HostVerb.STOP))
    finally:
        found.server.up()
    with pytest.raises(HostUnreachable, match="a person must act"):
        found.hosts().state("nobody")
    absent = SshHosts(found.resource(), found.secrets(), found.client_folder / "absent")
    with pytest.raises(HostUnreachable, match="names the hosts' keys"):
        absent.state("fra")


def test_a13_loopback_is_for_the_demo_only(found: SshPair) -> None:
    made = replace(found.resource(), environment=Environment.PROD)
    with pytest.raises(HostUnreachable, match="loopback is allowed in environment demo only"):
        SshHosts(made, found.secrets(), found.known_hosts).state("fra")


def test_an_effect_that_the_system_refuses_has_failed_and_is_not_counted(found: SshPair) -> None:
    hosts, text = found.hosts(), found.configuration.read_text()
    found.configuration.write_text(text.replace("[orders-db/ams]\n", "[orders-db/ams]\nhold = /nowhere/hold\n"))
    try:
        with pytest.raises(HostRefused, match="/nowhere/hold cannot be started") as refused:
            hosts.carry_out(found.order("ams", HostVerb.STOP, run="r-9", epoch=10))
        assert refused.value.code == "failed"
    finally:
        found.configuration.write_text(text)
    assert hosts.state("ams").running is True
    found.configuration.rename(f"{found.configuration}.away")
    try:
        with pytest.raises(HostRefused, match="cannot be read"):
            hosts.state("ams")
    finally:
        found.configuration.with_name(f"{found.configuration.name}.away").rename(found.configuration)


def test_a_configuration_that_others_may_write_is_not_used(found: SshPair) -> None:
    found.configuration.chmod(0o666)
    try:
        with pytest.raises(HostRefused, match="nobody else may write it"):
            found.hosts().state("fra")
    finally:
        found.configuration.chmod(0o644)


def test_after_a_restore_of_the_shared_database_no_old_order_answers_for_a_new_one() -> None:
    """Decision 18: as at the demo's hosts."""
    with ssh_pair() as made:
        hosts = made.hosts()
        hosts.carry_out(made.order("ams", HostVerb.STOP, epoch=100))
        hosts.carry_out(made.order("ams", HostVerb.START, run="r-2", epoch=101))
        with pytest.raises(HostRefused, match="before the shared database was restored") as refused:
            hosts.carry_out(made.order("ams", HostVerb.STOP, epoch=10**12 + 1))
        assert refused.value.code == "precondition"
        assert hosts.state("ams").running is True
        with pytest.raises(HostRefused) as refused:
            hosts.carry_out(made.order("ams", HostVerb.STOP, run="r-3", epoch=102))
        assert refused.value.code == "stale-epoch"
        state = hosts.carry_out(made.order("ams", HostVerb.STOP, run="r-1000001", epoch=10**12 + 2)).state
        assert (state.running, state.effects) == (False, {"start": 1, "stop": 2})
