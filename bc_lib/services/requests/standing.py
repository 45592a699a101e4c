"""How a request stands: its votes counted against its rule, with roles and proofs as they are now."""

from __future__ import annotations

from bc_lib.domain.requests.policy import Rule, Standing, standing
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.ports.requests import Reading
from bc_lib.services.gate import Gate


def rule_of(reading: Reading, request: Request) -> Rule:
    """The rule the request is under. Raises Denial where the policy has changed since and the rule is gone."""
    wanted = (request.policy_version, request.policy_position)
    found = next((rule for rule in reading.policy().rules if (rule.version, rule.position) == wanted), None)
    if found is None:
        raise refusal("APPROVAL_VOID", request=request.id, difference="the approval policy changed")
    return found


def standing_of(gate: Gate, reading: Reading, request: Request) -> Standing:
    """Count the votes on the current plan."""
    keys = reading.keys(request.id)
    return standing(
        rule_of(reading, request),
        reading.votes(request.id),
        requester=request.requester,
        editors=request.editors,
        revision=request.plan_revision,
        proven=lambda vote: gate.verifier.verify(vote.statement(), vote.proof, keys),
    )


def glass_broken(reading: Reading, request: Request) -> bool:
    """True where a break-glass grant stands in for the approvers of the current plan."""
    return request.breakglass is not None and reading.grant(request.breakglass).covers(
        request.id, request.plan_revision
    )


def glass_fault(gate: Gate, reading: Reading, request: Request) -> tuple[str, str] | None:
    """Code and reason where the grant that stands in for approvers, or its use, carries no valid proof; else None."""
    if request.breakglass is None or not glass_broken(reading, request):
        return None
    keys = reading.keys(request.id)
    for what, given in (
        ("the break-glass grant", reading.grant_proof(request.breakglass)),
        ("the use of the break-glass grant", reading.use_proof(request.breakglass)),
    ):
        if given is None or not gate.verifier.verify(given[0], given[1], keys):
            return "PROOF_INVALID", f"{what} carries no valid proof"
    return None
