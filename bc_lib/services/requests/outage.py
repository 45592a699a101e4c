"""Since when clients of a request's databases cannot write, while that lasts: read from the proofs about their loss."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Status
from bc_lib.domain.execution.run import Run
from bc_lib.domain.execution.stated import outage
from bc_lib.domain.loss import Outage, outage_of
from bc_lib.domain.loss.outage import before
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.ports.reading import Snapshot, StoredStatus


def outage_so_far(snapshot: Snapshot, request: Request, plan: Plan, run: Run | None) -> Outage | None:
    """By the run where there is one, before it by the monitor. None: clients can write, or could when it was over."""
    if run is not None:
        return outage(run) if run.restored_at is None and run.ended_at is None else None
    return None if request.state.over else outage_seen(snapshot, request.type, plan)


def outage_seen(snapshot: Snapshot, kind: RequestType, plan: Plan) -> Outage | None:
    """Of a failover, as the monitor saw it. None: clients can write."""
    if kind is not RequestType.FAILOVER:
        return None
    names = {target.resource for target in plan.targets}
    found = [outage for each in snapshot.statuses if each.resource in names for outage in _of(each)]
    return min(found, key=lambda each: each.began_at, default=None)


def _of(status: StoredStatus) -> Iterator[Outage]:
    seen = status.assessment
    found = outage_of([seen.loss] if seen.loss is not None else [])
    if found is not None:
        yield found
    elif seen.status is Status.RED and seen.active_site is None:
        # No standby tells of it. A primary that is seen takes writes, however red its light is.
        yield before(status.since)
