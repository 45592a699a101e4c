"""The primary is killed within a spread checkpoint: the last one that both servers share is older than what a slot
keeps, and crash recovery would remove it. The failover ends with the old server as standby all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import Owed
from bc_lib.domain.execution.run import Run
from bc_lib.domain.execution.writers import episodes
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.attest import attest
from tests.fixtures.moving import Moving
from tests.fixtures.requests import TITLES
from tests.fixtures.spread_checkpoint import in_spread_checkpoint

PRESERVE, REWIND = "orders-db/preserve", "orders-db/rewind"


def killed_within_a_checkpoint(moving: Moving) -> tuple[Request, str, str]:
    """Failed over; the copy is made and the rewind waits for its allowance. Old and new primary."""
    old, new = moving.site, moving.other
    cluster = moving.pair.cluster
    request = moving.lose_primary(new, before=lambda: in_spread_checkpoint(cluster, old, new))
    report = moving.run(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    return request, old, new


def run_of(moving: Moving, request: Request) -> Run:
    found = moving.read.run(request.id)
    assert found is not None
    return found


def nobody_has_it(moving: Moving, old: str, new: str) -> None:
    """When the order to rewind arrives the old primary has recovered by itself, and the new one has cleaned up."""

    def removed(order: Order) -> None:
        if order.verb is HostVerb.REWIND:
            moving.ordering.clear()
            server = moving.pair.cluster.servers[old]
            server.run("postgres", "--single", *server.command()[1:], "template1")
            for path in wal(moving, new)[:-2]:
                path.unlink()

    moving.ordering.append(removed)


def wal(moving: Moving, node: str) -> list[Path]:
    """Segments, oldest first."""
    folder = moving.pair.cluster.servers[node].data / "pg_wal"
    return sorted((path for path in folder.iterdir() if len(path.name) == 24), key=lambda path: path.name[8:])


def test_the_old_primary_follows_after_one_allowance(moving: Moving) -> None:
    request, old, _ = killed_within_a_checkpoint(moving)
    moving.rejoin(request)
    assert moving.pair.streams(old)
    run = run_of(moving, request)
    assert run.step(REWIND).attempts == 1
    assert episodes(run) == ()


def test_one_that_cannot_be_rewound_is_left_to_people_and_seen_once_it_follows(moving: Moving) -> None:
    request, old, new = killed_within_a_checkpoint(moving)
    nobody_has_it(moving, old, new)
    allow(moving.world.gate, moving.world.actor("ian"), request.id, REWIND)
    report = moving.again(request)
    assert report.state == State.SERVICE_RESTORED, report.text
    step = run_of(moving, request).step(REWIND)
    assert step.state is StepState.WAITING
    assert "could not find previous WAL record" in step.sentence
    assert f"Build {TITLES[old]} anew by hand" in step.sentence
    before = moving.effects()
    moving.again(request)
    assert moving.effects_since(before) == {old: {}, new: {}}, "nobody touches what a person may be building"
    run = run_of(moving, request)
    assert episodes(run) == (), "its own crash recovery made no second primary of it"
    kept = run_of(moving, request).step(PRESERVE).facts["preserved"]
    assert len([each for each in kept if request.id in each]) == 1, "copied once"
    built_by_hand(moving, old, new)
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text
    assert run_of(moving, request).owed == ()
    moving.settled()


def test_another_try_needs_an_allowance_of_its_own_and_a_word_of_two_ends_it_too(moving: Moving) -> None:
    request, old, new = killed_within_a_checkpoint(moving)
    nobody_has_it(moving, old, new)
    for _ in range(2):
        allow(moving.world.gate, moving.world.actor("ian"), request.id, REWIND)
        report = moving.again(request)
        assert report.state == State.SERVICE_RESTORED, report.text
    run = run_of(moving, request)
    assert run.step(REWIND).attempts == 2
    assert "could not find previous WAL record" in run.step(REWIND).sentence
    assert run.owed == (Owed.REPROTECT,)
    built_by_hand(moving, old, new)
    for who in ("olga", "oscar"):
        attest(moving.world.gate, moving.world.actor(who), request.id, REWIND, "done", note="cloned from the new one")
    report = moving.again(request)
    assert report.state == State.SUCCEEDED, report.text


def built_by_hand(moving: Moving, old: str, new: str) -> None:
    """A base backup of the new primary into an empty folder, started as its standby; past the host's agent."""
    cluster = moving.pair.cluster
    server, source = cluster.servers[old], cluster.servers[new]
    shutil.rmtree(server.data)
    cluster.sql(
        new, f"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'slot_{old}'"
    )
    words = f"host=127.0.0.1 port={source.port} user=postgres passfile={cluster.root / 'passfile'}"
    server.run(
        "pg_basebackup",
        "-D",
        str(server.data),
        "-R",
        "-C",
        "-S",
        f"slot_{old}",
        "-X",
        "stream",
        "-c",
        "fast",
        "-d",
        words,
    )
    server.start()
