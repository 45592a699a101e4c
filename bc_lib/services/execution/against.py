"""What stands against a start now, by the rules of the start itself: for pages, commands and programs (FR-033)."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.findings import blocking, told
from bc_lib.domain.execution.rehearsing import can_look, rehearsed
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock
from bc_lib.ports.runs import Frozen
from bc_lib.services.execution.conditions import agreed
from bc_lib.services.execution.parts import BLOCK_S
from bc_lib.services.execution.said import Reads
from bc_lib.services.gate import Gate
from bc_lib.services.requests.look import to_accept

NOT_YET = "It does not start yet: "
_DO = {
    "CONSENT_MISSING": "bcctl run consent {request} --loss '{loss}'",
    "FENCE_UNPROVEN": "bcctl run waive {request} --note REASON (or fence it)",
    "BLOCK_PERIOD": "bcctl run acknowledge {request} --note REASON",
    "FROZEN": "an administrator: bcctl thaw --reason REASON",
    "RESOURCE_BUSY": "bcctl run show {holder}",
    "CHECK_BLOCKS": "remove what was found, or bcctl run override {request} {check} --note REASON where policy lets it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The first thing in the way of a start. `code` and `sentence`: as the runner refuses; `do`: what ends it, empty
    where nothing that is done about this request does."""

    code: str
    sentence: str
    do: str = ""

    @property
    def words(self) -> str:
        """What the page, the commands and the request's log say."""
        return not_yet(self.sentence)


def not_yet(sentence: str) -> str:
    """Why a request that waits for its start does not."""
    return f"{NOT_YET}{sentence}"


def frozen_denial(frozen: Frozen) -> Denial:
    """Nothing starts while starts are frozen."""
    return refusal("FROZEN", since=clock(frozen.since), by=frozen.by, reason=frozen.reason)


def against(gate: Gate, reading: Reads, request: Request, plan: Plan) -> Against | None:
    """None where nothing is known to stand against it, or it waits for approvals, or was started. Shown, never decided
    by: the start asks again, with new checks, under its lock."""
    if request.state not in {State.APPROVED, State.READY_TO_START}:
        return None
    found = reading.prechecks(request.id)
    findings = found[1] if found else ()
    try:
        given = agreed(gate, reading, request, plan, findings, BLOCK_S)
    except Denial as denial:
        loss = to_accept(reading, request, plan) if denial.code == "CONSENT_MISSING" else ""
        return _of(denial, request=request.id, loss=loss)
    stops = blocking(findings, given.overridden)
    if stops and not (rehearsed(plan) and can_look(stops)):
        check = f"{stops[0].resource}/{stops[0].check}"
        return _of(refusal("CHECK_BLOCKS", findings=told(stops)), request=request.id, check=check)
    frozen = reading.frozen()
    if frozen is not None:
        return _of(frozen_denial(frozen))
    for resource, holder in reading.busy([target.resource for target in plan.targets]).items():
        return _of(refusal("RESOURCE_BUSY", resource=resource, holder=holder), holder=holder)
    return None


def _of(denial: Denial, **about: str) -> Against:
    return Against(code=denial.code, sentence=denial.sentence, do=_DO.get(denial.code, "").format(**about))
