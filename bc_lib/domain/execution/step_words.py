"""Steps, moments inside them and who carries them out, as people speak of them: no keys, no process ids."""

from __future__ import annotations

from collections.abc import Iterable

from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.requests.plan import Step
from bc_lib.domain.words import capital

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
MARKS = {
    MarkName.FENCED: "old primary proven stopped",
    MarkName.FENCE_OWED: "old primary not proven stopped",
    MarkName.CAUGHT_UP: "caught up",
    MarkName.PROMOTED: "promoted",
    MarkName.WRITTEN: "a client's write was acknowledged",
    MarkName.UNDONE: "taken back",
    MarkName.TWO_WRITERS: "two servers took writes",
    MarkName.ONE_WRITER: "one server takes writes again",
}


def noun(step: Step, *, of_many: bool = False) -> str:
    """`the rewind of Frankfurt`; of a group with its resource: `the rewind of Frankfurt (orders-db)`."""
    named = _NOUNS.get(Action(step.action)) if step.action in set(Action) else None
    words = named.format(old=step.old, new=step.new) if named else step.key
    return f"{words} ({step.resource})" if of_many else words


def called(step: Step, among: Iterable[Step]) -> str:
    """The same, with its resource where `among` are steps of more than one."""
    return noun(step, of_many=len({each.resource for each in among}) > 1)


def sentence(step: Step, among: Iterable[Step], rest: str = "") -> str:
    """The same at the head of a sentence, whose other words are `rest`."""
    return capital(f"{called(step, among)}{rest}")


def executor_words(holder: str) -> str:
    """Who carried a run out: `process 4711 on host-1`; what is no such name stays as it is."""
    host, _, process = holder.rpartition(":")
    return f"process {process} on {host}" if host and process.isdigit() else holder


def check_title(check: str, steps: Iterable[Step]) -> str:
    """A check's name: `fed by primary`; of one server `clock of Frankfurt`, where `steps` act there."""
    for step in steps:
        for node, place in ((step.node, step.new), (step.peer, step.old)):
            if node and check.endswith(f"-{node}"):
                return f"{check.removesuffix(f'-{node}').replace('-', ' ')} of {place}"
    return check.replace("-", " ")


def check_words(named: str) -> str:
    """`the check “lag” of orders-db`, of a check named with its resource; what is no such name stays as it is."""
    resource, slash, check = named.rpartition("/")
    return f"the check “{check.replace('-', ' ')}” of {resource}" if slash else named
