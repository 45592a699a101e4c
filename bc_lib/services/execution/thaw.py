"""Takes the kill switch back."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof, thaw_statement
from bc_lib.services.execution.freeze import reason_of
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.requests.decide import sign


def thaw(gate: Gate, actor: Actor, reason: str, *, proof: Proof | None = None) -> None:
    """Allow starts again. Raises Denial NOT_FROZEN and others."""
    with acting(gate, actor, Verb.THAW, Subject()) as act:
        said = reason_of(reason)
        frozen = act.work.frozen()
        if frozen is None:
            raise refusal("NOT_FROZEN")
        statement = thaw_statement(frozen.id, said, actor.issuer, actor.subject)
        act.work.thaw(frozen, actor, said, proof or sign(gate, act.work, actor, statement))
        act.record("run.thaw", "thawed", payload={"reason": said})
