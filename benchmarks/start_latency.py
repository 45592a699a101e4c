"""From the confirmation to the first step, through Airflow, on a demo that runs (NFR-005; goal: p95 under 5 s).

    BC_DATA_DIR=... python -m benchmarks.start_latency [--rounds 20] [--kind switchover] [--after 5] [--write]

Each round is a request of its own for orders-db: asked for, approved by two, confirmed, each through the services; the
dispatcher and the DAG carry it out. Both times are the database's: when the phrase was accepted, when the first step
was claimed. The table also says where the time went, from the times that Airflow keeps of its tasks.

`--after`: how long the DAG has waited for the confirmation when it comes, in seconds, and up to one more: Airflow looks
once a second. A person reads the plan and types the phrase meanwhile. 0: at the very moment in which the wait begins,
before the triggerer has heard of it.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from urllib.parse import quote

import psycopg

from bc_lib import bootstrap, config
from bc_lib.config import DbRole
from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import NewRequest
from bc_lib.integrations.sign_on.demo import DemoSignOn
from bc_lib.runtime import secretsfile, state
from bc_lib.runtime.folders import PROJECT
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from benchmarks.campaign import looking
from benchmarks.campaign.place import NODES
from benchmarks.campaign.report import put
from benchmarks.campaign.stack import demo_pair

NAME, ASK_S, OVER_S, LOOK_S, GOAL_S = "orders-db", 180.0, 300.0, 0.1, 5.0
MARKS = ("<!-- start: begin -->", "<!-- start: end -->")
TASKS = """
SELECT task_id, extract(epoch FROM coalesce(queued_dttm, start_date)), extract(epoch FROM start_date),
       extract(epoch FROM end_date)
FROM task_instance WHERE run_id = %s
"""


@dataclass
class Figures:
    """Seconds, one a round. `parts`: by what the time went into."""

    whole: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)

    def add(self, name: str, seconds: float) -> None:
        """One round's share."""
        self.parts.setdefault(name, []).append(seconds)


def p95(values: Sequence[float]) -> float:
    """The smallest value that 95 % do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


class Bench:
    """Beside the demo of BC_DATA_DIR."""

    def __init__(self, kind: RequestType, after_s: float) -> None:
        self.kind, self.after_s, self.gate, self.figures = kind, after_s, bootstrap.gate(DbRole.UI), Figures()
        data = config.load().data_dir
        running = state.read_alive(data)
        if running is None:
            raise SystemExit("No demo runs in this data folder: start it with make demo, and give its BC_DATA_DIR.")
        self._pair = demo_pair(data)
        word = quote(secretsfile.load(data)[secretsfile.AIRFLOW_ROLE], safe="")
        self._airflow = f"postgresql://{secretsfile.AIRFLOW_ROLE}:{word}@127.0.0.1:{running.ports['database']}/airflow"

    def round(self) -> float:
        """Seconds of one request."""
        request = self._confirmed()
        until = time.monotonic() + OVER_S
        while not (found := self.gate.store.read.get(request)).state.over and time.monotonic() < until:
            time.sleep(LOOK_S)
        run = self.gate.store.read.run(request)
        claimed = [step.claimed_at for step in run.steps if step.claimed_at is not None] if run is not None else []
        if not claimed or found.confirmed_at is None or found.state is not State.SUCCEEDED:
            raise SystemExit(f"{request} is {found.state.value}; nothing can be measured with it.")
        first = min(claimed)
        seconds = (first - found.confirmed_at).total_seconds()
        self.figures.whole.append(seconds)
        self.figures.load.append(os.getloadavg()[0])
        self._where(request, found.confirmed_at.timestamp(), first.timestamp())
        return seconds

    def _confirmed(self) -> str:
        until = time.monotonic() + ASK_S
        while True:
            try:
                request = create(self.gate, self._actor("olga"), self._new()).id
                approve(self.gate, self._actor("ian"), request, Role.APPROVER_IT)
                approved = approve(self.gate, self._actor("bea"), request, Role.APPROVER_BUSINESS)
                self._let_it_wait(request)
                return confirm(self.gate, self._actor("olga"), request, approved.phrase).id
            except Denial as denial:
                if time.monotonic() > until:
                    raise SystemExit(f"A request cannot be made: {denial.sentence}") from denial
                time.sleep(3.0)

    def _let_it_wait(self, request: str) -> None:
        """Until the DAG waits for the confirmation, and as long as its person takes."""
        with psycopg.connect(self._airflow, autocommit=True) as connection:
            until = time.monotonic() + OVER_S
            asked = "SELECT 1 FROM task_instance WHERE run_id = %s AND task_id = 'confirmation' AND state = 'deferred'"
            while connection.execute(asked, (f"{request}~1",)).fetchone() is None and time.monotonic() < until:
                time.sleep(LOOK_S)
        if self.after_s:
            time.sleep(self.after_s + random.random())

    def _new(self) -> NewRequest:
        (active,) = looking.primaries(self._pair)
        site = next(node for node in NODES if node != active)
        key, scope = f"latency-{time.time_ns()}", Scope(kind="resource", name=NAME)
        return NewRequest(type=self.kind, scope=scope, target_site=site, reason="start latency", key=key)

    def _actor(self, name: str) -> Actor:
        return DemoSignOn("demo").actor(name, datetime.now(UTC))

    def _where(self, request: str, confirmed: float, first: float) -> None:
        with psycopg.connect(self._airflow) as connection:
            rows = connection.execute(TASKS, (f"{request}~1",)).fetchall()
        times = {str(row[0]): [float(each or first) for each in row[1:]] for row in rows}
        seen = times["confirmation"][2]
        add = self.figures.add
        add("the waiting sees it", seen - confirmed)
        add("prechecks are queued", times["prechecks"][0] - seen)
        add("prechecks start", times["prechecks"][1] - times["prechecks"][0])
        add("prechecks", times["prechecks"][2] - times["prechecks"][1])
        add("execute is queued", times["execute"][0] - times["prechecks"][2])
        add("execute starts", times["execute"][1] - times["execute"][0])
        add("claim", first - times["execute"][1])


def table(figures: Figures, kind: RequestType, after_s: float) -> str:
    """Markdown, seconds."""
    rows = [(f"confirmation to first step, {len(figures.whole)} times a {kind.value}", figures.whole)]
    rows += [(f"- {name}", values) for name, values in figures.parts.items()]
    head = ["| what | median s | p95 s | max s |", "|---|---|---|---|"]
    body = [f"| {name} | {median(found):.2f} | {p95(found):.2f} | {max(found):.2f} |" for name, found in rows]
    least, most = min(figures.load), max(figures.load)
    load = f"One-minute load average during it: {least:.1f} to {most:.1f} on {os.cpu_count()} CPUs."
    waited = f"Confirmed {after_s:g} to {after_s + 1:g} s after" if after_s else "Confirmed at the moment in which"
    return "\n".join([*head, *body, "", f"{waited} the wait for it had begun. {load}"]) + "\n"


def main(words: list[str]) -> int:
    """0 where the goal is met, 1 where it is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start_latency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="requests to measure (default 20)")
    parser.add_argument("--kind", choices=["drill", "switchover"], default="switchover", help="drill: a rehearsal")
    parser.add_argument("--after", type=float, default=5.0, help="seconds of waiting for the phrase (default 5)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args(words)
    bench = Bench(RequestType(given.kind), given.after)
    for number in range(given.rounds):
        print(f"{number + 1}: {bench.round():.2f} s, load {bench.figures.load[-1]:.1f}", flush=True)
    found = table(bench.figures, bench.kind, bench.after_s)
    print(f"\n{found}")
    if given.write:
        options = f"--rounds {given.rounds} --kind {given.kind} --after {given.after:g}"
        command = f"`python -m benchmarks.start_latency {options}`"
        put(f"{command}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.\n\n{found}", PROJECT / "docs" / "benchmarks.md", MARKS)
    return int(p95(bench.figures.whole) > GOAL_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
