"""Type the phrase of an approved request: everything is read again, then it is ready to start (FR-032, S3)."""

from __future__ import annotations

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.phrase import matches
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof, Statement
from bc_lib.domain.words import clock
from bc_lib.services.gate import Gate
from bc_lib.services.requests.decide import refuse_if_changed, sign
from bc_lib.services.requests.opened import must_be, opened
from bc_lib.services.requests.verify import refuse_unless_approved


def confirm(
    gate: Gate, actor: Actor, request_id: str, phrase: str, *, revision: int | None = None, proof: Proof | None = None
) -> Request:
    """Confirm the current plan; ReadyToStart. Raises Denial; approvals that no longer hold are void afterwards."""
    with opened(gate, actor, Verb.CONFIRM, request_id, revision) as each:
        work, request = each.act.work, each.request
        must_be(request, State.APPROVED)
        if request.window_start is not None and each.now < request.window_start:
            raise refusal("WINDOW_NOT_OPEN", request=request.id, opens=clock(request.window_start))
        if not matches(phrase, request.phrase):
            raise refusal("PHRASE_WRONG", phrase=request.phrase)
        refuse_if_changed(gate, each)
        refuse_unless_approved(gate, work, request)
        statement = Statement(
            request=request.id,
            plan_revision=request.plan_revision,
            plan_digest=each.plan.digest,
            decision="confirm",
            role=Role.OPERATOR.value,
            issuer=actor.issuer,
            subject=actor.subject,
        )
        given = proof or sign(gate, work, actor, statement)
        work.confirm(request, actor, request.phrase, given)
        if not gate.verifier.verify(statement, given, work.keys(request.id)):
            raise refusal("PROOF_UNAVAILABLE", why="the signature is not one of your current key.")
        request = work.move(request, State.READY_TO_START, Event.CONFIRM, each.act.person.name)
        each.act.record(
            "request.confirm",
            request.state.value,
            payload={
                "phrase": request.phrase,
                "revision": request.plan_revision,
                "plan_digest": each.plan.digest,
                "proof": given.key_id,
            },
        )
        return request
