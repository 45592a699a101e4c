"""One open request for a resource: who comes second is told which one there is. The database decides (no_rival)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import NewRequest
from bc_lib.ports.requests import OpenRequest, Reading


def refuse_rival(reading: Reading, new: NewRequest, plan: Plan, person: int | None) -> None:
    """Raises Denial OPEN_REQUEST where another request is open for a resource of the plan.

    `person`: who asks; the holder of an unused break-glass grant for the scope may. None: a schedule asks.
    """
    resources = [target.resource for target in plan.targets]
    if person is not None and reading.glass_for(person, new.scope):
        return
    found = reading.open_request(resources, new.retry_of, new.schedule)
    if found is not None:
        raise denial_of(found)


def rival(reading: Reading, scope: Scope, resources: Sequence[str], person: int) -> OpenRequest | None:
    """The request that stands against a new one of this person about these resources; None where none does."""
    return None if reading.glass_for(person, scope) else reading.open_request(resources)


def denial_of(found: OpenRequest) -> Denial:
    """The one sentence."""
    return refusal("OPEN_REQUEST", resource=found.resource, holder=found.holder, what=found.what, who=found.who)
