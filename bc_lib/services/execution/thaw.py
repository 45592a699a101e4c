"""Takes the kill switch back."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.services.execution.freeze import reason_of
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting


def thaw(gate: Gate, actor: Actor, reason: str) -> None:
    """Allow starts again. Raises Denial NOT_FROZEN and others."""
    with acting(gate, actor, Verb.THAW, Subject()) as act:
        said = reason_of(reason)
        act.work.thaw(actor, said)
        act.record("run.thaw", "thawed", payload={"reason": said})
