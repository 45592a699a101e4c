"""Rows of runs to the domain's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bc_lib.domain.actor import Role
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.run import Mark, Run, RunAct, RunActKind, RunEvent, RunLease, RunStep
from bc_lib.domain.loss import LossProof
from bc_lib.domain.requests.plan import Scope, Step
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.runs import CheckAsked, Checked, Frozen, Past
from bc_lib.store.codec import from_json, to_json
from bc_lib.store.requests_rows import proof

# A row as a mapping: of a statement, or of to_jsonb, where moments are text.
Fields = Mapping[Any, Any]


def findings(value: Sequence[Any]) -> tuple[Finding, ...]:
    """Findings of a JSON array."""
    return tuple(from_json(Finding, each) for each in value)


def findings_json(found: Sequence[Finding]) -> list[Any]:
    """A JSON array of findings."""
    return [to_json(each) for each in found]


def step(row: Fields) -> RunStep:
    """A journal entry."""
    return RunStep(
        step=from_json(Step, row["step"]),
        position=row["position"],
        state=StepState(row["state"]),
        epoch=row["epoch"],
        attempts=row["attempts"],
        claimed_at=_moment(row["claimed_at"]),
        ended_at=_moment(row["ended_at"]),
        sentence=row["sentence"],
        facts=row["facts"],
        findings=findings(row["findings"]),
    )


def act(row: Fields) -> RunAct:
    """A decision, with the person as of now."""
    return RunAct(
        id=row["id"],
        request=row["request"],
        kind=RunActKind(row["kind"]),
        step=row["step"],
        value=row["value"],
        note=row["note"],
        person=row["person_now"],
        name=row["name"],
        issuer=row["issuer"],
        subject=row["subject"],
        role=Role(row["role"]),
        plan_revision=row["plan_revision"],
        plan_digest=row["plan_digest"],
        at=_surely(row["at"]),
        proof=proof(row["proof"]),
    )


def run(row: Any) -> Run:
    """A run with everything that belongs to it."""
    return Run(
        request=row.request,
        plan_revision=row.plan_revision,
        started_at=row.started_at,
        steps=tuple(step(each) for each in row.steps or ()),
        marks=tuple(_mark(each) for each in row.marks or ()),
        acts=tuple(act(each) for each in row.acts or ()),
        prechecks=findings(row.prechecks),
        proofs=tuple(from_json(LossProof, each) for each in row.proofs),
        owed=tuple(Owed(each) for each in row.owed),
        outcome=Outcome(row.outcome) if row.outcome else None,
        members={name: MemberOutcome(value) for name, value in row.members.items()},
        outage_began_at=row.outage_began_at,
        restored_at=row.restored_at,
        unprotected_since=row.unprotected_since,
        ended_at=row.ended_at,
        executor=row.executor,
        held_because=row.held_because,
    )


def lease(row: Any) -> RunLease:
    """The right to act for a run."""
    return RunLease(request=row.request, holder=row.holder, epoch=row.epoch, expires_at=row.expires_at, ttl_s=row.ttl_s)


def frozen(row: Any) -> Frozen:
    """The kill switch that is thrown."""
    return Frozen(id=row.id, since=row.since, by=row.name, reason=row.reason)


def event(row: Any) -> tuple[int, RunEvent]:
    """A line of the log with its number."""
    return row.id, RunEvent(at=row.at, level=row.level, text=row.text, step=row.step)


def past(row: Any) -> Past:
    """An earlier run, as one resource saw it."""
    return Past(
        request=row.id,
        type=row.type,
        resource=row.resource,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        step_s={action: float(seconds) for action, seconds in row.step_s.items()},
        outage_s=None if row.outage_s is None else float(row.outage_s),
    )


def _mark(row: Fields) -> Mark:
    return Mark(step=row["step"], name=MarkName(row["name"]), at=_surely(row["at"]), facts=row["facts"])


def _moment(value: str | datetime | None) -> datetime | None:
    return None if value is None else _surely(value)


def _surely(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def check_values(asked: CheckAsked) -> dict[str, str]:
    """Its key."""
    return {
        "type": asked.kind.value,
        "scope_kind": asked.scope.kind,
        "scope_name": asked.scope.name,
        "target_site": asked.target_site,
        "drill": asked.drill,
    }


def check_asked(row: Any) -> CheckAsked:
    """What was asked."""
    return CheckAsked(
        kind=RequestType(row.type),
        scope=Scope(kind=row.scope_kind, name=row.scope_name),
        target_site=row.target_site,
        drill=row.drill,
    )


def checked(row: Any) -> Checked:
    """What was answered."""
    return Checked(
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        findings=tuple(findings(row.findings)),
        against=tuple(str(each) for each in row.against),
    )
