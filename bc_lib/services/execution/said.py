"""What people decided about a run, as far as it counts: proven, by somebody who may, and by two where that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bc_lib.domain.authorization import TABLE
from bc_lib.domain.execution.acts import PER_TRY, RULES, agreed, newest_words, persons_needed
from bc_lib.domain.execution.run import Run, RunAct, RunActKind
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Statement
from bc_lib.ports.requests import Reading
from bc_lib.ports.runs import RunReading
from bc_lib.services.gate import Gate


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
    # What is allowed before the first try was always signed without a number.
    numbered = kind in PER_TRY and (kind is not RunActKind.ALLOW or tries > 0)
    about = f"{kind.value}:{step}:{value}" + (f":{tries}" if numbered else "")
    return Statement(
        request=request.id,
        plan_revision=request.plan_revision,
        plan_digest=digest,
        decision=about,
        role=role,
        issuer=who[0],
        subject=who[1],
    )


def valid(gate: Gate, reading: Reads, request: Request, kind: RunActKind, step: str = "") -> list[RunAct]:
    """Decisions of a kind on the current plan, oldest first, each proven and by somebody who may still."""
    wanted = [act for act in reading.acts(request.id) if act.kind is kind and act.step == step]
    return _counting(gate, reading, request, reading.run(request.id), wanted)


def all_valid(gate: Gate, reading: Reads, request: Request, run: Run | None) -> list[RunAct]:
    """The same, of every kind. `run`: as read a moment ago."""
    return _counting(gate, reading, request, run, reading.acts(request.id))


def _counting(gate: Gate, reading: Reads, request: Request, run: Run | None, acts: Sequence[RunAct]) -> list[RunAct]:
    acts = [act for act in acts if act.plan_revision == request.plan_revision]
    if not acts:
        return []
    keys, digest = reading.keys(request.id), reading.plan(request.id).digest
    tries = {each.step.key: each.attempts for each in (run.steps if run else ())}

    def proven(act: RunAct) -> bool:
        who = (act.issuer, act.subject)
        wanted = statement_of(request, digest, act.kind, act.step, act.value, act.role, who, tries.get(act.step, 0))
        return gate.verifier.verify(wanted, act.proof, keys)

    return [act for act in acts if _may(reading, request, act) and proven(act)]


def settled(gate: Gate, reading: Reads, request: Request, kind: RunActKind, step: str = "") -> Settled | None:
    """The decision of a kind that enough different persons made; each person's newest word counts."""
    return _agreed(newest_words(valid(gate, reading, request, kind, step)), persons_needed(kind, request.tier))


def settled_values(gate: Gate, reading: Reads, request: Request, kind: RunActKind) -> list[Settled]:
    """Like settled, for kinds where one person may say several things, such as overriding two checks."""
    by_value: dict[str, dict[int, RunAct]] = {}
    for act in valid(gate, reading, request, kind):
        by_value.setdefault(act.value, {})[act.person] = act
    needed = persons_needed(kind, request.tier)
    found = [_agreed(list(each.values()), needed) for each in by_value.values()]
    return [each for each in found if each is not None]


def _agreed(acts: Sequence[RunAct], needed: int) -> Settled | None:
    same = agreed(acts, needed)
    return Settled(value=same[-1].value, acts=same) if same else None


def _may(reading: Reads, request: Request, act: RunAct) -> bool:
    """The role is held now, and a rule that excludes the requester does."""
    row = TABLE[RULES[act.kind].verb]
    person = reading.person(act.issuer, act.subject)
    if person is None or person.disabled or act.role not in {role.value for role in person.roles & row.roles}:
        return False
    return not (row.requester.value == "never" and request.asked_by(person.id))
