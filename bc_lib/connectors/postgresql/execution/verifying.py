"""After an act: is it as it should be, seen anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bc_lib.connectors.postgresql.execution import orders, probing, statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.scene import Pad
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution import attested
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.derive import SYNCHRONOUS_OWED
from bc_lib.domain.execution.findings import Finding
from bc_lib.ports.mechanism import CredentialUnavailable, Effect


def verify(ground: Ground, facts: Mapping[str, Any]) -> Sequence[Finding]:
    """Findings about the step of `ground`; none where its act proved everything itself."""
    pad = Pad(ground.resource.name)
    action = Action(ground.work.step.action)
    if ground.work.step.manual:
        sentence = str(facts.get(attested.BY) or facts.get(attested.WAIVED) or "")
        pad.warn(action.value, f"Not proven: it is the word of {sentence}.")
    elif action is Action.MOVE:
        _moved(ground, facts, pad)
    elif action in {Action.REPROTECT, Action.REWIND, Action.PRESERVE}:
        seen = probing.probe(ground)
        if seen.effect is Effect.SEEN:
            pad.ok(action.value, seen.sentence)
        elif seen.facts.get(SYNCHRONOUS_OWED):  # the standby is there, and a person has said that this is enough
            pad.warn(action.value, seen.sentence)
        else:
            pad.unknown(action.value, seen.sentence)
        _others(ground, facts, pad)
    return tuple(pad.found)


def _moved(ground: Ground, facts: Mapping[str, Any], pad: Pad) -> None:
    new = ground.target.place
    try:
        with ground.open(ground.target) as link:
            in_recovery, _, _, timeline, lsn = link.row(statements.PRIMARY_NOW)
    except (Trouble, CredentialUnavailable) as error:
        pad.unknown("promoted", f"{new} cannot be asked: {error}")
        return
    if in_recovery:
        pad.block("promoted", f"{new} is a standby.")
    else:
        pad.ok("promoted", f"{new} takes writes.", f"timeline {timeline}, {lsn}")
    _fenced(ground, facts, pad)
    _others(ground, facts, pad)


def _fenced(ground: Ground, facts: Mapping[str, Any], pad: Pad) -> None:
    old = ground.old.place
    state, trouble = ground.host_state(ground.old.node)
    if state is not None and (state.running is False or state.standby_on_disk):
        pad.ok("fenced", f"{old} does not take writes.", orders.control_file(state))
    elif state is not None and state.running:
        pad.block("fenced", f"{old} runs again as a primary: two servers may take writes.", hint="Stop it at once.")
    elif facts.get("fence") == "owed" or MarkName.FENCE_OWED in ground.work.marks:
        pad.warn("fenced", f"Whether {old} takes writes is not proven: {trouble}", hint="The fence is owed.")
    elif facts.get("fence") == "attested":
        pad.warn("fenced", str(facts.get("fence_sentence", "")))
    else:
        pad.warn("fenced", f"{old} was stopped; its host does not answer now: {trouble}")


def _others(ground: Ground, facts: Mapping[str, Any], pad: Pad) -> None:
    for name, sentence in facts.get("troubles", {}).items():
        pad.warn(f"after-{name.replace('_', '-')}", sentence, hint="A person must do it.")
    for other in facts.get("others", ()):
        if not other.get("follows"):
            pad.warn(
                f"follows-{other['node']}",
                f"{ground.resource.place(other['node'])} does not follow: {other.get('sentence', '')}",
            )
