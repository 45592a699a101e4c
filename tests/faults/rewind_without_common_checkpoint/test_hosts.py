"""The old primary has removed the WAL back to the last common checkpoint: its host takes it from the new primary or
from the archive. Both kinds of host."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib.ports.host_control import HostVerb, Order
from tests.fixtures.hostpair import host_pair
from tests.fixtures.pgcluster import Cluster, wait_for
from tests.fixtures.spread_checkpoint import in_spread_checkpoint
from tests.fixtures.sshpair import SshPair, ssh_pair
from tests.integration.host_api.test_orders import do


def segments(cluster: Cluster, node: str) -> set[str]:
    """What of pg_wal a rewind reads, without timelines."""
    return {path.name[8:] for path in (cluster.servers[node].data / "pg_wal").iterdir() if len(path.name) == 24}


def common(cluster: Cluster) -> str:
    """The segment of the last checkpoint that both servers have, without its timeline."""
    ((name,),) = cluster.sql("fra", "SELECT pg_walfile_name(redo_lsn) FROM pg_control_checkpoint()")
    return str(name)[8:]


def promoted(cluster: Cluster, *, slot: bool) -> None:
    """As a run does it: the slot first, so that nothing of what the old one needs is removed."""
    if slot:
        cluster.sql("ams", "SELECT pg_create_physical_replication_slot('slot_fra', true)")
    cluster.sql("ams", "SELECT pg_promote()")
    cluster.sql("ams", "CHECKPOINT")


def recovered_by_itself(cluster: Cluster, wanted: str, options: list[str]) -> None:
    """As a service manager brings it back: its checkpoint removes what no slot keeps."""
    server = cluster.servers["fra"]
    server.run("postgres", "--single", "-D", str(server.data), *options, "template1")
    assert wanted not in segments(cluster, "fra")


def test_it_comes_from_the_new_primary() -> None:
    with host_pair() as pair:
        in_spread_checkpoint(pair.cluster, "fra", "ams")
        wanted = common(pair.cluster)
        pair.kill("fra")
        promoted(pair.cluster, slot=True)
        recovered_by_itself(pair.cluster, wanted, pair.cluster.servers["fra"].command()[3:])
        done = do(pair, "fra", HostVerb.REWIND)
        assert "rewinding from last common checkpoint" in done.details["said"]
        do(pair, "fra", HostVerb.START_AS_STANDBY)
        wait_for(lambda: pair.streams("fra"))
        assert pair.sql("fra", "SELECT count(*) FROM public.filler") == [(120000,)]


def ssh_rewound(found: SshPair) -> None:
    """Ordered, started, and it streams."""
    port = found.made.cluster.servers["ams"].port
    hosts = found.hosts()

    def told(verb: HostVerb) -> Order:
        return found.order("fra", verb, peer_host="127.0.0.1", peer_port=port)

    done = hosts.carry_out(told(HostVerb.REWIND))
    assert "rewinding from last common checkpoint" in done.details["said"]
    hosts.carry_out(told(HostVerb.START_AS_STANDBY))
    query = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'"
    wait_for(lambda: found.made.sql("fra", query) == [(1,)])
    assert found.made.sql("fra", "SELECT count(*) FROM public.filler") == [(120000,)]


def options(found: SshPair) -> list[str]:
    """Of the server at fra, as its administrator gave them to bc-host."""
    return ["-c", f"config_file={found.made.cluster.servers['fra'].data}.conf"]


@pytest.mark.needs("sshd")
def test_bc_host_recovers_without_removing_it() -> None:
    with ssh_pair() as found:
        cluster = found.made.cluster
        in_spread_checkpoint(cluster, "fra", "ams")
        found.pg_ctl_kill("fra")
        promoted(cluster, slot=False)
        cluster.sql("ams", "SELECT pg_create_physical_replication_slot('slot_fra', true)")
        ssh_rewound(found)


@pytest.mark.needs("sshd")
def test_bc_host_takes_it_from_the_new_primary() -> None:
    with ssh_pair() as found:
        cluster = found.made.cluster
        in_spread_checkpoint(cluster, "fra", "ams")
        wanted = common(cluster)
        found.pg_ctl_kill("fra")
        promoted(cluster, slot=True)
        recovered_by_itself(cluster, wanted, options(found))
        ssh_rewound(found)


@pytest.mark.needs("sshd")
def test_bc_host_takes_it_from_the_archive() -> None:
    """The new primary has it no more either; restore_command stands in a file outside the data folder."""
    with ssh_pair() as found:
        cluster = found.made.cluster
        archive = archived(found)
        in_spread_checkpoint(cluster, "fra", "ams")
        wanted = common(cluster)
        wait_for(lambda: wanted in {path.name[8:] for path in archive.iterdir()})
        found.pg_ctl_kill("fra")
        promoted(cluster, slot=True)
        recovered_by_itself(cluster, wanted, options(found))
        for path in (cluster.servers["ams"].data / "pg_wal").glob(f"*{wanted}"):
            path.unlink()
        ssh_rewound(found)


def archived(found: SshPair) -> Path:
    """fra archives from now on, into this folder, and restores from it."""
    cluster = found.made.cluster
    folder = cluster.servers["fra"].data.parent / "archive"
    cluster.servers["fra"].run("/bin/mkdir", str(folder))
    lines = f"archive_mode = on\narchive_command = 'cp %p {folder}/%f'\nrestore_command = 'cp {folder}/%f %p'\n"
    with Path(f"{cluster.servers['fra'].data}.conf").open("a") as file:
        file.write(lines)
    found.pg_ctl("fra", "restart", "-w")
    wait_for(lambda: cluster.sql("ams", "SELECT count(*) FROM pg_stat_wal_receiver") == [(1,)])
    return folder
