"""F22: no room for another audit record: privileged actions fail closed, looking and watching go on.

The disk is full for files beyond a size: a limit on the server's processes, which PostgreSQL meets like a full disk. It
lies above the size of a segment of the write-ahead log; without room for that PostgreSQL itself ends.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import State
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.runtime.account import server_account
from bc_lib.runtime.pg_binaries import find_bin
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.portpick import pick
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.store.audit import append
from bc_lib.store.reading import StatusReader
from tests.fixtures.audit_log import entry
from tests.fixtures.database import DatabaseServer, database, database_template
from tests.fixtures.requests import World, refused, world

__all__ = ["database", "database_template", "world"]

SEGMENT = 16 * 1024 * 1024
ROOM = 7900  # bytes of a record that leaves no room for another one on its page of 8 KiB


@pytest.fixture(scope="session")
def database_server() -> Iterator[DatabaseServer]:
    """A server of its own, because its processes are limited."""
    account, root = server_account(), Path(tempfile.mkdtemp(prefix="bc-f22-"))
    root.chmod(0o755)
    server = PgServer(
        find_bin(account, root / "bin"), root / "server" / "data", pick(45410, set()), account, {"fsync": "off"}
    )
    server.init("superuser")
    server.start()
    try:
        yield DatabaseServer(server, "superuser")
    finally:
        server.stop("immediate")
        shutil.rmtree(root, ignore_errors=True)


def fill(world: World) -> int:
    """Make the log's table the biggest file, so that it is the first to find no room; its size in bytes.

    Its records are kept in the table itself here, so that few of them fill it.
    """
    world.database.sql("postgres", "ALTER TABLE bc_audit.record ALTER COLUMN body SET STORAGE PLAIN")
    with world.database.engine("bc_ui").begin() as connection:
        append(connection, entry(payload={"filler": ""}))
    ((length,),) = world.database.sql(
        "postgres", "SELECT octet_length(body) FROM bc_audit.record ORDER BY seq DESC LIMIT 1"
    )
    filler, size = "x" * (ROOM - int(str(length))), 0
    while size < SEGMENT + 512 * 1024:
        with world.database.engine("bc_ui").begin() as connection:
            for _ in range(100):
                append(connection, entry(payload={"filler": filler}))
        ((found,),) = world.database.sql("postgres", "SELECT pg_relation_size('bc_audit.record')")
        size = int(str(found))
    return size


@contextmanager
def full(world: World, size: int) -> Iterator[None]:
    """No file of the server grows beyond `size` bytes."""
    server = world.database.server.server

    def again(most: int) -> None:
        world.database.close()
        server.stop("fast")
        server.preexec = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        server.start()

    again(size)
    try:
        yield
    finally:
        again(resource.RLIM_INFINITY)


def exhaust(world: World) -> None:
    """Use up what room is left inside the table."""
    with pytest.raises(AuditUnavailable):
        for _ in range(400):
            with world.database.engine("bc_ui").begin() as connection:
                append(connection, entry())


def newest(world: World) -> datetime:
    """The newest observation that a page would show."""
    return max(
        one.observation.observed_at for one in StatusReader(world.database.engine("bc_reader")).snapshot().statuses
    )


def test_privileged_actions_fail_closed_and_looking_goes_on(world: World) -> None:
    """Refused with the sentence, nothing half-done; rounds are stored and read; with room again all goes on."""
    request = world.ask()
    with full(world, fill(world)):
        exhaust(world)
        for act in (
            lambda: approve(world.gate, world.actor("ian"), request.id, Role.APPROVER_IT),
            lambda: withdraw(world.gate, world.actor("olga"), request.id),
            lambda: world.ask("oscar", scope="billing-db"),
        ):
            assert refused(act) == "AUDIT_UNAVAILABLE"
        assert world.state(request) is State.PENDING_APPROVAL
        assert not world.gate.store.read.votes(request.id)
        before = newest(world)
        world.observe()
        assert newest(world) > before
    assert approve(world.gate, world.actor("ian"), request.id, Role.APPROVER_IT).state is State.PENDING_APPROVAL
    assert withdraw(world.gate, world.actor("olga"), request.id).state is State.CANCELLED
