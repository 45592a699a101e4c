"""The kill switch: no start anywhere, and runs stop where it is safe."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.runs import Frozen
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting


def freeze(gate: Gate, actor: Actor, reason: str) -> Frozen:
    """Forbid starts until somebody thaws. Raises Denial ALREADY_FROZEN and others."""
    with acting(gate, actor, Verb.FREEZE, Subject()) as act:
        found = act.work.freeze(actor, reason_of(reason))
        act.record("run.freeze", "frozen", payload={"reason": found.reason})
        return found


def reason_of(text: str) -> str:
    """A reason that can be shown. Raises Denial TEXT_INVALID."""
    said = text.strip()
    try:
        if len(check_text("reason", said)) > MAX_TEXT:
            raise InvalidName("reason")
    except InvalidName as error:
        raise refusal("TEXT_INVALID", field="reason", most=MAX_TEXT) from error
    return said
