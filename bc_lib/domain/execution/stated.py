"""What may be said about the data of a run: of each move its loss, and whether two servers may take writes."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.execution import derive, loss
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.loss import Fence, LossProof, LossStatement, Outage, outage_of, state
from bc_lib.domain.loss.outage import before
from bc_lib.domain.requests.plan import Plan, Target


def losses(run: Run, plan: Plan) -> tuple[LossStatement, ...]:
    """For each resource that moved: the ways there, then the ways back."""
    return tuple(state(_proof(run, target, move), move.step.key) for target, move in _moves(run, plan))


def expected(run: Run) -> tuple[LossStatement, ...]:
    """Of a run that has moved nothing: as it was known at the start."""
    return tuple(state(each) for each in run.proofs)


def outage(run: Run) -> Outage | None:
    """Since when clients could not write; None where their writes were never stopped."""
    began = run.outage_began_at
    if began is None:
        return None
    found = outage_of(run.proofs)
    if found is not None and found.began_at == began:
        return found
    return before(began) if began < run.started_at else Outage(began_at=began)


def writers(run: Run, plan: Plan) -> tuple[Fence, ...]:
    """What keeps each old primary from taking writes beside the new one; the newest move of each resource counts."""
    found = {}
    for target, move in _moves(run, plan):
        fenced = run.marked(move.step.key, MarkName.FENCED)
        proof = _proof(run, target, move)
        at = fenced.at if fenced else None
        found[target.resource] = loss.fence(target.resource, proof.source, proof.old, move.facts, at, proof.ended)
    return tuple(found.values())


def _moves(run: Run, plan: Plan) -> Iterator[tuple[Target, RunStep]]:
    moves = [each for each in run.steps if each.step.action == Action.MOVE and each.state in derive.EFFECTIVE]
    for back in (False, True):
        for target in plan.targets:
            for each in moves:
                if each.step.resource == target.resource and each.step.key.endswith(derive.BACK) is back:
                    yield target, each


def _proof(run: Run, target: Target, move: RunStep) -> LossProof:
    checked = next(
        (e.facts for e in run.steps if e.step.resource == target.resource and e.step.action == Action.CHECK), {}
    )
    fenced = run.marked(move.step.key, MarkName.FENCED)
    before = next((each for each in run.proofs if each.resource == target.resource), None)
    return loss.proof(
        target.resource,
        old=move.step.peer or target.from_node or target.from_site,
        new=move.step.node or target.to_node or target.to_site,
        places=(move.step.old if move.step.peer else target.old, move.step.new if move.step.node else target.new),
        moved=move.facts,
        checked=checked,
        fenced_at=fenced.at if fenced else None,
        before=None if move.step.key.endswith(derive.BACK) else before,
    )
