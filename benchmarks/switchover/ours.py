"""This product under the same client: requests through the services, run by `bcctl run`, without Airflow."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from bc_lib.domain.requests.states import RequestType
from bc_lib.runtime.folders import PROJECT
from bc_lib.services.execution.acknowledge import acknowledge
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.consent import consent, loss_now
from benchmarks.campaign import place as places
from benchmarks.campaign.place import NAME, NODES, Place
from benchmarks.campaign.processes import Child
from benchmarks.campaign.shared import SharedDatabase
from benchmarks.campaign.world import World
from benchmarks.switchover.ground import SETTINGS as SAME
from benchmarks.switchover.ground import Ground
from benchmarks.switchover.measure import Contender
from benchmarks.switchover.result import Failed

TITLE = "Business Continuity"
SETTINGS = (
    "`bcctl run`, no Airflow; asked for, approved and confirmed by a script at once: no time for people, and in a "
    "failover none to detect it either, which the peers' figures include"
)
START_S, RUN_S = 120.0, 180.0


class OurPair:
    """Two servers, their hosts' API in a process of its own, a shared database, the services."""

    def __init__(self, ground: Ground, place: Place) -> None:
        """Make and start everything. Raises Failed, ServerFailed."""
        self._place = place
        self.ports = (place.ports[NODES[0]], place.ports[NODES[1]])
        self._shared = SharedDatabase(place)
        self._shared.start()
        self._target = Child("benchmarks.campaign.target", [str(place.root)], ground.root / "target.log")
        if self._target.line(START_S) != "ready":
            raise Failed("the pair's hosts did not start")
        self._world = World(place, self._shared)
        self._world.prepare()
        self._between_s: list[float] = []
        self._first_s: list[float] = []
        self.versions = ""

    def _measured(self) -> str:
        """What was measured beside the outage."""
        first, between = sorted(self._first_s), sorted(self._between_s)
        return (
            f"confirmation to first step median {statistics.median(first):.2f} s, p95 {_p95(first):.2f} s; "
            f"between two steps median {statistics.median(between):.3f} s, worst {between[-1]:.3f} s "
            f"({len(first)} runs)"
        )

    def ready(self, leader: int) -> bool:
        """The servers are all there is to settle."""
        return leader in self.ports

    def switch_over(self, leader: int) -> None:
        """A switchover to the other site."""
        self._run(self._ready(RequestType.SWITCHOVER, leader), "Succeeded")

    def kill(self, leader: int) -> None:
        """kill -9 of PostgreSQL on the leader's node; a failover at once, its loss accepted; then the way back."""
        folder = self._place.root / self._node(leader) / "data"
        postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        victims = [postmaster, *postmaster.children(recursive=True)]
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
        psutil.wait_procs(victims[1:], timeout=5)
        request = self._ready(RequestType.FAILOVER, leader, beat=False)
        gate, olga = self._world.gate, self._world.actor("olga")
        consent(gate, olga, request, loss_now(gate, request))
        # The rounds follow one another within the block period, which a person must acknowledge.
        acknowledge(gate, olga, request, note="rounds of a benchmark")
        self._run(request, "ServiceRestored")
        allow(gate, self._world.actor("ian"), request, f"{NAME}/rewind")
        self._run(request, "Succeeded")

    def _ready(self, kind: RequestType, leader: int, *, beat: bool = True) -> str:
        self._world.observe(beat=beat)
        other = next(node for node in NODES if self._place.ports[node] != leader)
        return self._world.ready(kind, other, "benchmark").id

    def _run(self, request: str, wanted: str) -> None:
        """`bcctl run`, again where it left something that its next visit does. Raises Failed."""
        until, said = time.monotonic() + RUN_S, dict[str, Any]()
        while time.monotonic() < until:
            done = subprocess.run(
                [sys.executable, "-m", "bc_lib.cli", "run", request, "--json"],
                cwd=PROJECT,
                env={**os.environ, **self._world.environment()},
                capture_output=True,
                text=True,
                timeout=RUN_S,
                check=False,
            )
            said = json.loads(done.stdout) if done.stdout.startswith("{") else {"text": done.stderr[-500:]}
            if said.get("state") in {wanted, "Succeeded"}:
                break
            if said.get("state") == "Failed" or "denied" in said:
                raise Failed("the request was refused or failed", str(said))
            time.sleep(0.5)
        else:
            raise Failed(f"the request did not reach {wanted}", str(said))
        if said["state"] == "Succeeded":
            self._note(request)

    def _note(self, request: str) -> None:
        """What we add ourselves: until the first step, and between the end of a step and the beginning of the next."""
        read = self._world.gate.store.read
        run, confirmed = read.run(request), read.get(request).confirmed_at
        steps = [step for step in run.steps if step.claimed_at is not None] if run is not None else []
        began = [step.claimed_at for step in steps if step.claimed_at is not None]
        for before, after in pairwise(steps):
            # What people must allow first is no overhead of ours.
            if before.ended_at is not None and after.claimed_at is not None and not after.step.needs_allowance:
                self._between_s.append((after.claimed_at - before.ended_at).total_seconds())
        if confirmed is not None and began:
            self._first_s.append((min(began) - confirmed).total_seconds())
            self.versions = self._measured()

    def _node(self, port: int) -> str:
        return next(node for node in NODES if self._place.ports[node] == port)


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def pair(ground: Ground, programs: Path) -> Contender:
    """A pair that the product manages: two servers made by `programs` below `ground`, moved by requests. Raises Failed,
    ServerFailed."""
    place = places.make(ground.root / "ours", programs, ground.password, **SAME)
    return OurPair(ground, place)
