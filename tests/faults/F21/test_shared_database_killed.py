"""F21: the shared database is killed during writes, many times: nothing torn, nothing acknowledged is lost (NFR-002)."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.denial import Denial
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.runtime.account import server_account
from bc_lib.runtime.pg_binaries import find_bin
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.portpick import pick
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.store.audit import append
from tests.fixtures.audit_log import AuditLogUnderTest, entry, make_log
from tests.fixtures.database import DatabaseServer, database, database_template
from tests.fixtures.requests import World, world

__all__ = ["database", "database_template", "world"]

KILLS, SEED = 8, 21
LOST = (DBAPIError, AuditUnavailable)
EXPECTED = {"AUDIT_UNAVAILABLE", "RATE_LIMITED", "TOO_MANY_REQUESTS"}


@pytest.fixture(scope="session")
def database_server() -> Iterator[DatabaseServer]:
    """A server that keeps what it acknowledged: unlike the other tests' server it writes through."""
    account, root = server_account(), Path(tempfile.mkdtemp(prefix="bc-f21-"))
    root.chmod(0o755)
    server = PgServer(find_bin(account, root / "bin"), root / "server" / "data", pick(45210, set()), account)
    server.init("superuser")
    server.start()
    try:
        yield DatabaseServer(server, "superuser")
    finally:
        server.stop("immediate")
        shutil.rmtree(root, ignore_errors=True)


class Writers:
    """Threads that write until they are told to stop, and remember what was acknowledged to them."""

    def __init__(self, world: World) -> None:
        self.world, self.stop = world, threading.Event()
        self.numbers: list[int] = []
        self.requests: dict[str, bool] = {}
        self.other: list[BaseException] = []

    def run(self, act: Callable[[int], None]) -> threading.Thread:
        """Do `act` again and again; an answer that the kill took is what this test is about, anything else is not."""

        def go() -> None:
            number = 0
            while not self.stop.is_set():
                number += 1
                try:
                    act(number)
                except LOST:
                    time.sleep(0.02)
                except BaseException as trouble:
                    self.other.append(trouble)
                    return

        thread = threading.Thread(target=go)
        thread.start()
        return thread

    def audit(self, number: int) -> None:
        """A record with a number of its own."""
        with self.world.database.engine("bc_ui").begin() as connection:
            append(connection, entry(payload={"f21": number}))
        self.numbers.append(number)

    def ask(self, number: int) -> None:
        """A request, and its withdrawal. Refused while the audit cannot be written, or by the limit on submissions."""
        try:
            made = self.world.ask("olga", key=f"f21-{number}")
            self.requests[made.id] = False
            withdraw(self.world.gate, self.world.actor("olga"), made.id)
            self.requests[made.id] = True
        except Denial as denial:
            if denial.code not in EXPECTED:
                raise
            time.sleep(0.05)


def killed_during(world: World, writers: Writers) -> None:
    """Immediate stops and kill -9 of the postmaster at moments that a seed decides."""
    moments, server = random.Random(SEED), world.database.server.server
    for number in range(KILLS):
        time.sleep(moments.uniform(0.1, 0.6))
        if number % 2 and server.process is not None:
            server.process.kill()
            server.process.wait(30)
        else:
            server.stop("immediate")
        server.start()


def test_nothing_acknowledged_is_lost_and_the_chain_holds(world: World, tmp_path: Path) -> None:
    """Every record, request and withdrawal that was acknowledged stands; a request stands with its record or not at all."""
    log: AuditLogUnderTest = make_log(world.database, tmp_path)
    log.sign()
    world.let_rivals()  # a withdrawal whose answer was lost leaves its request open
    writers = Writers(world)
    threads = [writers.run(writers.audit), writers.run(writers.ask)]
    try:
        killed_during(world, writers)
        time.sleep(0.3)
    finally:
        writers.stop.set()
        for thread in threads:
            thread.join(60)
    assert not writers.other
    log.sign()
    assert log.verify().sound, log.verify()
    assert len(writers.numbers) > 20 and writers.requests, "too little was written to show anything"
    numbers = records(world, "body::jsonb #>> '{payload,f21}'")
    assert len(numbers) == len(set(numbers)) and {str(one) for one in writers.numbers} <= set(numbers)
    states = {str(row[0]): str(row[1]) for row in world.database.sql("bc_reader", "SELECT id, state FROM bc.request")}
    withdrawn = {each for each, gone in writers.requests.items() if gone}
    cancelled = {each for each, state in states.items() if state == "Cancelled"}
    assert set(writers.requests) <= set(states) and withdrawn <= cancelled
    assert sorted(states) == sorted(records(world, REQUEST, "request.create")), "a request and its record, or neither"
    assert sorted(cancelled) == sorted(records(world, REQUEST, "request.withdraw"))


REQUEST = "body::jsonb ->> 'request_id'"


def records(world: World, what: str, verb: str | None = None) -> list[str]:
    """A value of every record that has it; of one verb: of acts that were done."""
    where = f"{what} IS NOT NULL AND body::jsonb #>> '{{payload,f21}}' IS {'NOT ' if verb is None else ''}NULL"
    if verb is not None:
        where += (
            f" AND body::jsonb ->> 'verb' = '{verb}' AND body::jsonb ->> 'kind' = 'completed'"
            " AND body::jsonb ->> 'request_id' IN (SELECT id FROM bc.request)"
        )
    return [str(row[0]) for row in world.database.sql("postgres", f"SELECT {what} FROM bc_audit.record WHERE {where}")]
