"""Since when clients of a failover cannot write: with the last moment at which they certainly could."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.assessment import Status
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.reading import Snapshot, StoredStatus


def down_since(snapshot: Snapshot, kind: RequestType, plan: Plan) -> datetime | None:
    """The last write known to be acknowledged, or the last look that saw the primary alive, whichever is later; where
    neither is known, the look that first missed it, and the outage is longer than that. None: they can write."""
    if kind is not RequestType.FAILOVER:
        return None
    names = {target.resource for target in plan.targets}
    began = [_began(each) for each in snapshot.statuses if each.resource in names]
    return min((at for at in began if at is not None), default=None)


def _began(status: StoredStatus) -> datetime | None:
    seen = status.assessment
    if seen.loss is not None and seen.loss.outage_began_at is not None:
        return seen.loss.outage_began_at
    # A primary that is seen takes writes, however red its light is.
    return status.since if seen.status is Status.RED and seen.active_site is None else None
