"""A step as people speak of it, without its key."""

from __future__ import annotations

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.requests.plan import Step

_NOUNS = {
    Action.CHECK: "the check of both sites",
    Action.REHEARSE: "the rehearsal",
    Action.STOP: "the stop of {old}",
    Action.MOVE: "the move to {new}",
    Action.TRAFFIC: "the switch of the clients to {new}",
    Action.VERIFY: "the test write at {new}",
    Action.HOLD: "the hold at {new}",
    Action.PRESERVE: "the copy of {old}",
    Action.REJOIN: "the rejoin of {old}",
    Action.REPROTECT: "the return of {old} as the standby",
    Action.REWIND: "the rewind of {old}",
    Action.POSTCHECK: "the check afterwards",
}


def noun(step: Step, *, of_many: bool = False) -> str:
    """`the rewind of fra`; of a group with its resource: `the rewind of fra (orders-db)`."""
    named = _NOUNS.get(Action(step.action)) if step.action in set(Action) else None
    words = named.format(old=step.peer or "the old primary", new=step.node or "the other site") if named else step.key
    return f"{words} ({step.resource})" if of_many else words
