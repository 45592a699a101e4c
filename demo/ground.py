"""What the estate stands on: folders, the servers' account, programs, ports, passwords and the state file."""

from __future__ import annotations

import fcntl
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bc_lib.runtime import folders, pg_binaries
from bc_lib.runtime.account import Account, owned_folder, reachable_by, server_account
from bc_lib.runtime.pgserver import PgServer
from demo import credentials
from demo.credentials import Passwords
from demo.hostnode import HostNode
from demo.keptport import KeptPort
from demo.layout import ESTATE_FILE, Layout, Pair, load
from demo.pair import PairServers
from demo.ports import Ports
from demo.refusal import CannotStart
from demo.statefile import State

FIRST_SERVER_PORT = 25441
CONTROL_PORT = 25490
SMTP_PORT = 25491
HOST_PORT = 25492


@dataclass
class Ground:
    """Made by `prepare`; holds the lock that keeps a second agent away for as long as it lives."""

    home: Path  # <data>/demo
    servers: Path  # <servers>/estate, owned by the servers' account
    account: Account | None
    bin: Path
    layout: Layout
    state: State
    passwords: Passwords
    lock: IO[str]
    said: list[str] = field(default_factory=list)
    ports: Ports | None = None  # kept, because its claims end with it
    endpoints: dict[str, KeptPort] = field(default_factory=dict)  # by node
    nodes: dict[str, HostNode] = field(default_factory=dict)
    control_port: int = 0
    smtp_port: int = 0
    host_port: int = 0

    def pair_servers(self, pair: Pair) -> PairServers:
        """The two servers of a pair."""
        nodes = {place.site: self.nodes[place.node] for place in pair.places}
        return PairServers(pair, nodes, self.passwords, self.servers / "replicator.pgpass")

    def note_built(self, pair: str) -> None:
        """Remember that a pair stands; called from several threads."""
        with self.state.guard:
            self.state.built.append(pair)
            self.state.save()

    def assign(self) -> None:
        """Adopt what still runs, give out every port, and write what others read. Blocks."""
        self.ports = ports = Ports(self.state)
        places = [place for pair in self.layout.pairs for place in pair.places]
        for offset, place in enumerate(places):
            server = PgServer(bin=self.bin, data=self.servers / place.node, port=0, account=self.account)
            node = self.nodes[place.node] = HostNode(place.node, server)
            node.held = self.state.run_that_stopped(place.node)
            server.port = ports.take(f"server {place.node}", FIRST_SERVER_PORT + offset, ours=node.adopt())
            node.kept = KeptPort(server.port)
            node.keep_port()
        for place in self.layout.places:
            kept = self.endpoints[place.node] = KeptPort(ports.take(f"endpoint {place.node}", place.port))
            kept.hold()  # building takes seconds; nobody gets it meanwhile
        self.control_port = ports.take("control", CONTROL_PORT)
        self.smtp_port = ports.take("smtp", SMTP_PORT)
        self.host_port = ports.take("host", HOST_PORT)
        self.said = ports.said
        self.state.save()
        self._write_files()

    def _write_files(self) -> None:
        credentials.write_passfile(self.servers / "replicator.pgpass", self.passwords, self.account)
        credentials.write_environment(self.home / "demo.env", self.passwords, self.smtp_port)
        credentials.write_execution_environment(self.home / "execution.env", self.passwords)
        effective = {place.port: self.endpoints[place.node].number for place in self.layout.places}
        effective[HOST_PORT] = self.host_port
        (self.home / "estate.yaml").write_text(with_ports(ESTATE_FILE.read_text(), effective))


def prepare() -> Ground:
    """Folders, lock, state and passwords. Raises CannotStart, RuntimeError."""
    account = server_account()
    where = folders.choose(account)
    home, servers = where.data / "demo", where.servers / "estate"
    _make_folders(where, account)
    lock = _lock(home)
    (home / "agent.json").unlink(missing_ok=True)  # of an agent that was killed; it must not look ready
    state = State.load(home / "state.json")
    passwords, fresh = credentials.load_or_make(home / "secrets.json")
    if fresh:
        state.built = []  # servers with passwords that nobody knows any more are of no use
    binaries = pg_binaries.find_bin(account, where.servers / "postgresql")
    return Ground(home, servers, account, binaries, load(), state, passwords, lock)


def with_ports(text: str, effective: dict[int, int]) -> str:
    """The estate file's text with other ports, its comments kept."""

    def other(found: re.Match[str]) -> str:
        port = int(found.group(2))
        return f"{found.group(1)}{effective.get(port, port)}"

    return re.sub(r"(port: |//127\.0\.0\.1:)(\d+)", other, text)


def _make_folders(where: folders.Folders, account: Account | None) -> None:
    where.data.mkdir(parents=True, exist_ok=True)
    (where.data / "demo").mkdir(mode=0o700, exist_ok=True)
    where.servers.mkdir(parents=True, exist_ok=True)
    for folder in (where.data, where.servers):
        if where.servers.is_relative_to(folder) and not reachable_by(folder / "x", account):
            folder.chmod(folder.stat().st_mode | 0o011)  # the servers' account must pass, not read
    owned_folder(where.servers / "estate", account, 0o755 if account else 0o700)


def _lock(home: Path) -> IO[str]:
    lock = (home / "agent.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise CannotStart(f"The demo already runs in {home} (process {lock.read().strip() or 'unknown'}).") from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
