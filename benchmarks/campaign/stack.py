"""The whole stack under a campaign: `bcctl up --demo` in a data folder of its own, its parts killed one by one."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import psutil
from sqlalchemy import Engine

from bc_lib import bootstrap
from bc_lib.config import DbRole
from bc_lib.domain.actor import Actor
from bc_lib.integrations.sign_on.demo import DemoSignOn
from bc_lib.runtime import state
from bc_lib.runtime.descendants import become_subreaper, tree
from bc_lib.services.gate import Gate
from benchmarks.campaign import looking
from benchmarks.campaign.ground import Client
from benchmarks.campaign.place import NODES, Place, private
from benchmarks.campaign.processes import Broken, Child

UP_S, DOWN_S, READY = 420.0, 120.0, "Ready. Open"


class Part(StrEnum):
    """What is killed. Values stand in the JSON file."""

    SCHEDULER = "scheduler"
    TASK = "the task that acts"
    TRIGGERER = "triggerer"
    API_SERVER = "API server"
    ALL = "scheduler, task, triggerer and API server at once"


WORDS = {Part.SCHEDULER: ("scheduler",), Part.TRIGGERER: ("triggerer",), Part.API_SERVER: ("api-server", "api_server")}
AIRFLOW = {"airflow", "bc_lib.runtime.airflow_part"}
WEIGHTS = {Part.SCHEDULER: 3, Part.TASK: 4, Part.TRIGGERER: 2, Part.API_SERVER: 2, Part.ALL: 2}


@dataclass(frozen=True, slots=True)
class Kill:
    """`aimed`: `at_s` after the first order to stop; else `share` of an undisturbed run after the confirmation."""

    part: Part
    aimed: bool
    share: float
    at_s: float


def kills(seed: int, number: int) -> tuple[Kill, ...]:
    """One or two of a round, from the seed alone."""
    dice = random.Random(f"stack/{seed}/{number}")
    return tuple(
        Kill(
            dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0],
            dice.random() < 0.4,
            dice.uniform(0.0, 1.1),
            dice.uniform(0.0, 0.4),
        )
        for _ in range(1 + (dice.random() < 0.3))
    )


@dataclass
class Stack:
    """`data`: BC_DATA_DIR of the stack; this process must have been started with it."""

    data: Path
    place: Place = field(init=False)
    gate: Gate = field(init=False)
    engine: Engine = field(init=False)
    client: Client | None = None

    @contextmanager
    def running(self) -> Iterator[Stack]:
        """Everything, with the client; all of it ends with this, however it ends."""
        become_subreaper()
        with self.up():
            looking.make_table(self.place)
            notes = self.data / "notes"
            notes.mkdir(exist_ok=True)
            self.client = Client(self.place.superuser(*NODES), notes / f"{time.time_ns()}")
            try:
                yield self
            finally:
                self.client.process.end()

    @contextmanager
    def up(self) -> Iterator[Stack]:
        """Everything but the client. BC_DATA_DIR and BC_ENV must be set at the beginning; later they don't matter."""
        self.data.mkdir(parents=True, exist_ok=True)
        child = Child("bc_lib.cli", ["up", "--demo"], self.data / "up.log", {"BC_ENV": "demo"})
        try:
            self._wait_ready(child)
            self.place, self.gate = demo_pair(self.data), bootstrap.gate(DbRole.UI)
            self.engine = bootstrap.engine(DbRole.UI)
            yield self
        finally:
            child.end(DOWN_S)

    def acknowledged(self) -> set[int]:
        """The client's rows since the last call; none where there is no client."""
        return self.client.acknowledged() if self.client is not None else set()

    def actor(self, name: str) -> Actor:
        """A demo user."""
        return DemoSignOn("demo").actor(name, datetime.now(UTC))

    def kill(self, part: Part, request: str) -> bool:
        """kill -9; False where that part does not run now."""
        found = [self._task(request)] if part is Part.TASK else [self.unit(each) for each in WORDS if each is part]
        if part is Part.ALL:
            found = [self.unit(each) for each in WORDS] + [self._task(request)]
        alive = [process for process in found if process is not None]
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        return bool(alive)

    def leases(self, question: str) -> int:
        """How many are not released."""
        with self.engine.connect() as connection:
            return int(connection.exec_driver_sql(question).scalar_one())

    def _task(self, request: str) -> psutil.Process | None:
        """The process that holds the lease, where it is below our supervisor."""
        lease = self.gate.store.read.lease(request)
        pid = lease.holder.rpartition(":")[2] if lease is not None else ""
        return next((one for one in tree(self._supervisor()) if str(one.pid) == pid), None)

    def unit(self, part: Part) -> psutil.Process | None:
        """The process of a part of Airflow; None where it does not run now."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in psutil.Process(self._supervisor()).children():
                with contextlib.suppress(psutil.Error):
                    words = " ".join(one.cmdline()).split()
                    if AIRFLOW & set(words) and any(word in words for word in WORDS[part]):
                        return one
        return None

    def _supervisor(self) -> int:
        found = state.read_alive(self.data)
        if found is None:
            raise Broken("bcctl up has ended.")
        return found.pid

    def _wait_ready(self, child: Child) -> None:
        until = time.monotonic() + UP_S
        while time.monotonic() < until and child.alive:
            if READY in (child.line(1.0) or ""):
                return
        raise Broken("bcctl up --demo did not start; its log is up.log in the data folder.")


def demo_pair(data: Path) -> Place:
    """The orders-db of a demo that runs, as everybody else in the campaign sees a pair."""
    demo = data / "demo"
    ports = json.loads((demo / "state.json").read_text(encoding="utf-8"))["ports"]
    words = json.loads((demo / "secrets.json").read_text(encoding="utf-8"))
    found = Place(
        root=demo,
        programs=Path(),
        ports={node: int(ports[f"server orders-db-{node}"]) for node in NODES},
        passwords={"superuser": words["superuser"]},
    )
    private(found.passfile, f"*:*:*:postgres:{words['superuser']}\n")
    os.chmod(found.passfile, 0o600)
    return found
