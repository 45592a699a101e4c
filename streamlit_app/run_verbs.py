"""Decisions about runs, each through its service, about the plan revision that was looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunActKind
from bc_lib.services.execution.acknowledge import acknowledge
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.attest import attest
from bc_lib.services.execution.consent import consent
from bc_lib.services.execution.end_hold import end_hold
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.override import override
from bc_lib.services.execution.resolve import resolve
from bc_lib.services.execution.stop import stop
from bc_lib.services.execution.thaw import thaw
from bc_lib.services.execution.waive import waive
from bc_lib.services.gate import Gate

K = RunActKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided. `step` is empty where it is about the whole run."""

    request: str
    revision: int
    kind: RunActKind
    step: str = ""
    value: str = ""
    note: str = ""


Verb = Callable[[Gate, Actor, Decision], object]
VERBS: dict[RunActKind, Verb] = {
    K.STOP: lambda gate, who, d: stop(gate, who, d.request, note=d.note, revision=d.revision),
    K.RESOLVE: lambda gate, who, d: resolve(gate, who, d.request, d.step, d.value, note=d.note, revision=d.revision),
    K.ATTEST: lambda gate, who, d: attest(gate, who, d.request, d.step, d.value, note=d.note, revision=d.revision),
    K.WAIVE: lambda gate, who, d: waive(gate, who, d.request, note=d.note, revision=d.revision),
    K.OVERRIDE: lambda gate, who, d: override(gate, who, d.request, d.value, note=d.note, revision=d.revision),
    K.CONSENT: lambda gate, who, d: consent(gate, who, d.request, d.value, note=d.note, revision=d.revision),
    K.ALLOW: lambda gate, who, d: allow(gate, who, d.request, d.step, note=d.note, revision=d.revision),
    K.END_HOLD: lambda gate, who, d: end_hold(gate, who, d.request, d.step, note=d.note, revision=d.revision),
    K.ACKNOWLEDGE: lambda gate, who, d: acknowledge(gate, who, d.request, note=d.note, revision=d.revision),
}
SWITCHES: dict[str, Callable[[Gate, Actor, str], object]] = {"freeze": freeze, "thaw": thaw}


def decide(gate: Gate, actor: Actor, decision: Decision) -> Decision:
    """Ask the service. Raises Denial with what to say."""
    VERBS[decision.kind](gate, actor, decision)
    return decision
