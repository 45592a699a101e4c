"""Runs as the live pieces show them: read for all sessions together, at most once a second, ageing honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.run import Run
from bc_lib.domain.own_runs import explains_then
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.values import Request
from bc_lib.ports.reading import StatusChange
from bc_lib.services.verified.compared import Compared, compared
from bc_lib.services.verified.covered import Covered, covered
from streamlit_app import deps
from streamlit_app.live import NothingRead
from streamlit_app.presenters import verified
from streamlit_app.runs import Activity, Experience, RunSeen, read_activity, read_experience, read_run

MOST_CHANGES = 200
"""Of one resource during one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A run, and since when the database has not answered."""

    seen: RunSeen
    away_since: datetime | None


def run(request_id: str) -> Watched | None:
    """The run now; None where nothing was ever read."""
    made = deps.screens()
    found = made.recent.get(("run", request_id), lambda: read_run(made.parts.gate, made.parts.runs, request_id))
    if found is None:
        return None
    return Watched(seen=found.value.moved_on(), away_since=found.value.now if found.old else None)


def explained(seen: RunSeen) -> Sequence[StatusChange] | None:
    """What the run itself made of the status of its resources, newest first; None where that is not known now."""
    made, run = deps.screens(), seen.run
    if run is None:
        return ()
    key = ("explained", run.request, run.ended_at is not None)
    found = made.recall.get(key, lambda: _explained(run, seen.plan.plan))
    return found.value if found and not found.old else None


def _explained(run: Run, plan: Plan) -> list[StatusChange]:
    reader = deps.screens().parts.reader
    changes = [
        each
        for target in plan.targets
        for each in reader.changes(target.resource, MOST_CHANGES, run.started_at, run.ended_at)
        if explains_then(run, each.resource, each.at, each.codes)
    ]
    return sorted(changes, key=lambda each: each.at, reverse=True)


def forget(request_id: str) -> None:
    """Read it anew: something about it was just decided, or a whole page begins."""
    deps.screens().recent.forget(("run", request_id))


def activity() -> Activity | None:
    """What is under way everywhere; None where that is not known now."""
    made = deps.screens()
    found = made.recent.get("activity", lambda: read_activity(made.parts.runs))
    return found.value if found and not found.old else None


def experience(resources: Sequence[str]) -> Experience | None:
    """Earlier runs of resources and who holds them; None where that is not known now."""
    made, names = deps.screens(), tuple(resources)
    found = made.recall.get(("past", names), lambda: read_experience(made.parts.runs, names))
    return found.value if found and not found.old else None


def marks() -> tuple[verified.Marks | None, bool]:
    """The recovery test of everything as it counts now, and whether that is from before the database went away."""
    made = deps.screens()
    try:
        reading = made.live.read()
    except NothingRead:
        return None, False
    found = made.anew.get("marks", lambda: made.marks.now(reading.estate))
    return (found.value, found.old or reading.away_since is not None) if found else (None, False)


def recovery(kind: str, name: str) -> verified.Tested:
    """The recovery test of one resource or group."""
    found, old = marks()
    return verified.recovery(found, kind, name, old=old)


def coverage() -> tuple[Covered | None, bool]:
    """The coverage of critical systems, and whether that is from before the database went away."""
    made = deps.screens()
    known, old = marks()
    if known is None:
        return None, False
    found = made.anew.get("coverage", lambda: covered(made.parts.gate.store.read, known))
    return (found.value, old or found.old) if found else (None, False)


def since_drill(request: Request, plan: Plan) -> Compared | None:
    """The request's plan against the last live drill; None where that is not known now."""
    made = deps.screens()
    key = ("since", request.id, request.plan_revision)
    found = made.recall.get(key, lambda: compared(made.parts.gate.store.read, request, plan))
    return found.value if found else None


def airflow_link(request: Request) -> str | None:
    """Its DAG runs in Airflow; None where Airflow's address is not configured."""
    base = deps.screens().airflow_url
    return f"{base}/dags/{request.type.value}/runs?run_id_pattern={request.id}~" if base else None
