"""Everything that runs during a campaign, begun and ended as one."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bc_lib.integrations.checkpoints.keys import new_key
from bc_lib.runtime.descendants import become_subreaper, end_all
from bc_lib.runtime.folders import PROJECT
from benchmarks.campaign import looking
from benchmarks.campaign.place import Place
from benchmarks.campaign.processes import Broken, Child, Runner
from benchmarks.campaign.shared import SharedDatabase
from benchmarks.campaign.world import World
from benchmarks.switchover.outage import read_notes

START_S, WHOLE_S, VERIFY_S = 120.0, 90.0, 300.0


@dataclass
class Client:
    """Writes every 10 ms over the clients' own address; `notes` says what was acknowledged."""

    conninfo: str = field(repr=False)
    notes: Path
    process: Child = field(init=False)
    _read: int = 0

    def __post_init__(self) -> None:
        first = str(int(time.time() * 1000))  # always above those of an earlier start
        words = [self.conninfo, str(self.notes), first]
        self.process = Child("benchmarks.switchover.writer", words, self.notes.parent / "client.log")

    def acknowledged(self) -> set[int]:
        """Rows that were acknowledged since the last call, as far as they are noted by now."""
        with self.notes.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return set(read_notes(whole.decode().splitlines(keepends=True)).numbers)


@dataclass
class Ground:
    """`ttl_s`: of a run's lease."""

    place: Place
    ttl_s: float
    key: str = field(default_factory=new_key, repr=False)  # of the audit log's checkpoints
    shared: SharedDatabase = field(init=False)
    world: World = field(init=False)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.shared = SharedDatabase(self.place)
        self.world = World(self.place, self.shared)

    @contextmanager
    def running(self) -> Iterator[Ground]:
        """The pair, the shared database, the client. All end with it, however it ends."""
        become_subreaper()
        with ExitStack() as stack:
            stack.callback(end_all, 15.0)
            stack.callback(self.shared.close)
            self.shared.start()
            target = Child("benchmarks.campaign.target", [str(self.place.root)], self.place.root / "target.log")
            stack.callback(target.end)
            target.must_say("ready", START_S)
            stack.callback(self.world.close)
            self.world.prepare()
            yield self

    @contextmanager
    def writing(self) -> Iterator[Client]:
        """Only while the pair takes writes can the client begin."""
        looking.make_table(self.place)
        folder = self.place.root / "notes"
        folder.mkdir(exist_ok=True)
        self.client = Client(self.place.client(), folder / f"{time.time_ns()}")
        try:
            yield self.client
        finally:
            self.client.process.end()

    def runner(self, request: str) -> Runner:
        """A new one, which begins as soon as it may."""
        env = {**self.world.environment(), "BC_RUN_LEASE_S": str(self.ttl_s)}
        return Runner(request, self.place.root / "runner.log", env)

    def wait_whole(self) -> bool:
        """One primary and its standby; False where they do not become that."""
        with contextlib.suppress(Broken):
            looking.wait_until("the pair's way to being whole", lambda: looking.whole(self.place), WHOLE_S)
            return True
        return False

    def lost_ever(self) -> int:
        """Rows of every start of this campaign that were acknowledged and are not there now. Ends the client first, so
        that its last notes are on disk. Raises Broken."""
        self.client.process.end()
        looking.wait_until("the pair's way to being whole", lambda: looking.whole(self.place), WHOLE_S)
        (primary,) = looking.primaries(self.place)
        known: set[int] = set()
        for file in (self.place.root / "notes").glob("[0-9]*"):
            with file.open(encoding="utf-8") as lines:
                known |= read_notes(lines).numbers
        return len(looking.missing(self.place, primary, known))

    def verify_audit(self) -> tuple[int, list[str]]:
        """Seal what is new, as a signer would have by now, then see `verify_audit`."""
        env = {"PATH": "/usr/bin:/bin", **self.world.environment()}
        signer = {"BC_AUDIT_SIGNING_KEY": self.key, "BC_DATABASE_URL_SIGNER": self.shared.url("bc_signer")}
        command = [sys.executable, "-m", "bc_lib.cli", "audit", "sign"]
        done = subprocess.run(
            command, cwd=PROJECT, env=env | signer, capture_output=True, text=True, timeout=VERIFY_S, check=False
        )
        count, wrong = verify_audit(env)
        return count, wrong if done.returncode == 0 else [*wrong, f"sealing said: {done.stderr[-300:].strip()}"]


def verify_audit(env: Mapping[str, str]) -> tuple[int, list[str]]:
    """`bcctl audit verify`: how many records there are, and what is wrong with them. Raises Broken."""
    done = subprocess.run(
        [sys.executable, "-m", "bc_lib.cli", "audit", "verify", "--json"],
        cwd=PROJECT,
        env=dict(env),
        capture_output=True,
        text=True,
        timeout=VERIFY_S,
        check=False,
    )
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise Broken(f"bcctl audit verify said: {(done.stdout + done.stderr)[-300:]}") from None
    return int(found["records"]), [str(each) for each in found["wrong"]]
