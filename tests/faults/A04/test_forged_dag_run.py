"""A04: a DAG run that somebody starts by hand for a confirmed request: refused, audited, told to security (decision 3)."""

from __future__ import annotations

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.dispatch.register import register
from bc_lib.store.dispatch import DispatchStore
from tests.fixtures.requests import World, refused

FORGED = ("manual__2026-11-24T03:00:00+00:00", "scheduled__2026-11-24", "{id}~1", "{id}~2", "{id}", "' OR 1=1 --", "")


def test_forged_runs_of_a_confirmed_request(world: World) -> None:
    """Nobody ordered any of them; the request stays as it is, and security reads of each at two addresses."""
    request, store = world.ready(kind=RequestType.SWITCHOVER), DispatchStore(world.database.engine("bc_runner"))
    before = len(world.outbox())
    for form in FORGED:
        name = form.format(id=request.id)
        for conf in (request.id, None, {"request": request.id}, "r-999999"):
            found = refused(register, world.runner, store, dag="switchover", run_id=name, request=conf)
            assert found == "FORGED_DAG_RUN", (name, conf)
    denied = [entry for entry in world.audit.entries if entry.verb == "dag.register"]
    assert {(entry.reason_code, entry.outcome) for entry in denied} == {("FORGED_DAG_RUN", "denied")}
    assert len(denied) == 4 * len(FORGED)
    told = [key for key in world.outbox()[before:] if key.startswith("dag/")]
    assert len(told) == 2 * len(FORGED), "each forged run is told once to each of the two addresses of security"
    assert world.state(request) is State.READY_TO_START
    assert world.runner.store.read.run(request.id) is None
