"""Everything that would stand against a move, before anybody asks for it: nothing is stored, no request is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bc_lib.domain.execution.findings import Finding, blocking, fence_open, told
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import duration
from bc_lib.services.execution.against import frozen_denial
from bc_lib.services.execution.parts import BLOCK_S, Execution
from bc_lib.services.execution.prechecks import look
from bc_lib.services.requests.blacked_out import in_blackout
from bc_lib.services.requests.rivals import denial_of

NOBODY = "r-0"


def blockers(ex: Execution, plan: Plan) -> tuple[Sequence[Finding], tuple[str, ...]]:
    """What both sites say now, read-only, and every sentence that stands against a start; all of them, not the first.

    Never raises for trouble with a target: that is a finding.
    """
    found = look(ex, NOBODY, plan)
    return found, (*(told((each,)) for each in blocking(found)), *_ours(ex, plan, found))


def _ours(ex: Execution, plan: Plan, found: Sequence[Finding]) -> Iterator[str]:
    """What does not lie with the two sites."""
    read, names = ex.gate.store.read, [target.resource for target in plan.targets]
    open_one, frozen = read.open_request(names), read.frozen()
    if open_one is not None:
        yield denial_of(open_one).sentence
    denial, _ = in_blackout(read, read.policy(), plan)
    if denial is not None:
        yield denial.sentence
    if frozen is not None:
        yield frozen_denial(frozen).sentence
    if plan.type is not RequestType.FAILOVER:
        return
    for target in plan.targets:
        if fence_open(found, (target,)):
            yield refusal("FENCE_UNPROVEN", resource=target.resource, site=target.old).sentence
    now = read.now()
    recent = [now - each.started_at for each in read.past(names) if each.type == RequestType.FAILOVER]
    ago = min((each.total_seconds() for each in recent), default=BLOCK_S)
    if ago < BLOCK_S:
        yield (
            f"It failed over {duration(ago)} ago: another failover within {duration(BLOCK_S)} needs an acknowledgement "
            "with a reason."
        )
