"""One decision on a request, approve or deny: the same door for both (S1, S2, FR-031)."""

from __future__ import annotations

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.policy import Standing
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import Decision, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof, Statement, Vote
from bc_lib.ports.requests import Reading
from bc_lib.ports.vote_proof import ProofUnavailable
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Keep, audit_actor
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.opened import Opened, must_be, opened
from bc_lib.services.requests.standing import glass_fault, rule_of, standing_of
from bc_lib.services.requests.void import changed, faults, void

VERBS = {Decision.APPROVE: Verb.APPROVE, Decision.DENY: Verb.DENY}


def decide(
    gate: Gate,
    actor: Actor,
    request_id: str,
    role: Role,
    decision: Decision,
    reason: str,
    revision: int | None,
    proof: Proof | None,
) -> Request:
    """Record one vote and take the edge it leads to, if any; the request afterwards. Raises Denial."""
    with opened(gate, actor, VERBS[decision], request_id, revision) as each:
        act, work, request = each.act, each.act.work, each.request
        if role not in act.roles:
            raise refusal("ROLE_MISSING", role=role.value)
        if request.state is State.PENDING_APPROVAL:
            refuse_if_changed(gate, each)  # first, so that a forged word in somebody's name does not keep them silent
        if any(
            vote.person == act.person.id and vote.plan_revision == request.plan_revision
            for vote in work.votes(request.id)
        ):
            raise refusal("ALREADY_DECIDED", request=request.id)
        must_be(request, State.PENDING_APPROVAL)
        if role not in {need.role for need in rule_of(work, request).needs}:
            raise refusal("NOT_A_NEEDED_ROLE", request=request.id, role=role.value)
        statement = Statement(
            request=request.id,
            plan_revision=request.plan_revision,
            plan_digest=each.plan.digest,
            decision=decision.value,
            role=role.value,
            issuer=actor.issuer,
            subject=actor.subject,
        )
        vote = work.vote(
            request, each.plan, actor, statement, decision, reason, proof or sign(gate, work, actor, statement)
        )
        counted = standing_of(gate, work, request)
        _own_vote_counts(counted, vote)
        return _take_edge(gate, each, vote, counted)


def sign(gate: Gate, reading: Reading, actor: Actor, statement: Statement) -> Proof:
    """A proof from the sign-in, of this moment and incarnation. Raises Denial PROOF_UNAVAILABLE."""
    try:
        return gate.signer.sign(actor, statement, reading.incarnation(), reading.now())
    except ProofUnavailable as trouble:
        raise refusal("PROOF_UNAVAILABLE", why=str(trouble)) from trouble


def refuse_if_changed(gate: Gate, each: Opened) -> None:
    """Void and refuse where the plan, a role or a proof behind earlier votes is not what it was."""
    work, request = each.act.work, each.request
    found = changed(work, request)
    fault = ("PLAN_CHANGED", found[1]) if found else faults(gate, work, request) or glass_fault(gate, work, request)
    if fault:
        raise Keep(
            void(
                gate,
                work,
                request,
                found[0] if found else each.plan.plan,
                fault[1],
                by=each.act.person.name,
                actor=audit_actor(each.act.actor, each.act.person),
                code=fault[0],
                channel=each.act.actor.channel,
            )
        )


def _own_vote_counts(counted: Standing, vote: Vote) -> None:
    ignored = next((each for each in counted.ignored if each.vote.id == vote.id), None)
    if ignored:
        raise refusal("PROOF_UNAVAILABLE", why=f"{ignored.why}.")


def _take_edge(gate: Gate, each: Opened, vote: Vote, counted: Standing) -> Request:
    act, work, request = each.act, each.act.work, each.request
    name, reason = act.person.name, vote.reason or None
    if counted.denied_by is not None:
        request = work.move(request, State.REJECTED, Event.DENY, name, reason)
        tell(gate, work, RequestNoticeKind.DENIED, request, name, reason)
    elif counted.satisfied:
        request = work.move(request, State.APPROVED, Event.APPROVE, name, reason)
        tell(gate, work, RequestNoticeKind.APPROVED, request, name, reason)
    act.record(
        f"request.{vote.decision.value}",
        request.state.value,
        payload={
            "role": vote.role.value,
            "reason": vote.reason,
            "revision": vote.plan_revision,
            "plan_digest": vote.plan_digest,
            "policy": [request.policy_version, request.policy_position],
            "missing": counted.missing_text(),
            "satisfied": counted.satisfied,
            "proof": vote.proof.key_id if vote.proof else None,
        },
    )
    return request
