"""What people decided about a run, as far as it counts: proven, by somebody who may, and by two where that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bc_lib.domain.authorization import TABLE
from bc_lib.domain.execution.acts import RULES
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Statement
from bc_lib.ports.requests import Reading
from bc_lib.ports.runs import RunReading
from bc_lib.services.gate import Gate

K = RunActKind
TWO_PERSONS = frozenset({K.RESOLVE, K.WAIVE, K.OVERRIDE, K.ATTEST})
# About what one try of a step did: the number of the try is signed too, so that no decision counts for another try.
PER_TRY = frozenset({K.RESOLVE, K.ATTEST})


class Reads(Reading, RunReading, Protocol):
    """What is looked up here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A decision that counts: its value and who made it."""

    value: str
    acts: tuple[RunAct, ...]

    @property
    def names(self) -> str:
        """`Ian and Ivy`."""
        return " and ".join(dict.fromkeys(act.name for act in self.acts))


def statement_of(
    request: Request, digest: str, kind: RunActKind, step: str, value: str, role: str, who: tuple[str, str], tries: int
) -> Statement:
    """What is signed. `tries`: of the step, where the decision is about one try of it."""
    about = f"{kind.value}:{step}:{value}" + (f":{tries}" if kind in PER_TRY else "")
    return Statement(
        request=request.id,
        plan_revision=request.plan_revision,
        plan_digest=digest,
        decision=about,
        role=role,
        issuer=who[0],
        subject=who[1],
    )


def persons_needed(kind: RunActKind, tier: int) -> int:
    """Two on tier 1 where a decision puts a person's word in the place of evidence (SEC-008)."""
    return 2 if tier == 1 and kind in TWO_PERSONS else 1


def valid(gate: Gate, reading: Reads, request: Request, kind: RunActKind, step: str = "") -> list[RunAct]:
    """Decisions of a kind on the current plan, oldest first, each proven and by somebody who may still."""
    run, keys = reading.run(request.id), reading.keys(request.id)
    tries = next((each.attempts for each in (run.steps if run else ()) if each.step.key == step), 0)
    digest = reading.plan(request.id).digest
    found = []
    for act in reading.acts(request.id):
        if act.kind is not kind or act.step != step or act.plan_revision != request.plan_revision:
            continue
        wanted = statement_of(request, digest, kind, step, act.value, act.role, (act.issuer, act.subject), tries)
        if _may(reading, request, act) and gate.verifier.verify(wanted, act.proof, keys):
            found.append(act)
    return found


def settled(gate: Gate, reading: Reads, request: Request, kind: RunActKind, step: str = "") -> Settled | None:
    """The decision of a kind that enough different persons made; each person's newest word counts."""
    newest: dict[int, RunAct] = {}
    for act in valid(gate, reading, request, kind, step):
        newest[act.person] = act
    return _agreed(list(newest.values()), persons_needed(kind, request.tier))


def settled_values(gate: Gate, reading: Reads, request: Request, kind: RunActKind) -> list[Settled]:
    """Like settled, for kinds where one person may say several things, such as overriding two checks."""
    by_value: dict[str, dict[int, RunAct]] = {}
    for act in valid(gate, reading, request, kind):
        by_value.setdefault(act.value, {})[act.person] = act
    needed = persons_needed(kind, request.tier)
    found = [_agreed(list(each.values()), needed) for each in by_value.values()]
    return [each for each in found if each is not None]


def _agreed(acts: Sequence[RunAct], needed: int) -> Settled | None:
    for value in dict.fromkeys(act.value for act in sorted(acts, key=lambda act: act.id, reverse=True)):
        same = tuple(act for act in acts if act.value == value)
        if len({act.person for act in same}) >= needed:
            return Settled(value=value, acts=same)
    return None


def _may(reading: Reads, request: Request, act: RunAct) -> bool:
    """The role is held now, and a rule that excludes the requester does."""
    row = TABLE[RULES[act.kind].verb]
    person = reading.person(act.issuer, act.subject)
    if person is None or person.disabled or act.role not in {role.value for role in person.roles & row.roles}:
        return False
    return not (row.requester.value == "never" and request.asked_by(person.id))
