"""What is different between a request's plan and what was last really tried."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.domain.verified.judge import part, since, unseen
from bc_lib.domain.verified.values import Drill
from bc_lib.ports.requests import RequestReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`drill`: the newest live drill that ended before the request was made; None: there was none.

    `steps`: whether the steps were compared too, which makes sense between two live drills only. `unseen`: what was
    seen at the drill and not when this plan was made.
    """

    drill: Drill | None
    changes: tuple[str, ...] = ()
    steps: bool = False
    unseen: tuple[str, ...] = ()


def compared(read: RequestReader, request: Request, plan: Plan) -> Compared:
    """The plan of `request` against the newest live drill of its scope; of a resource also its group's."""
    drill = read.drills.before(request.scope, request.created_at)
    if drill is None:
        return Compared(drill=None)
    alike = plan.type is RequestType.DRILL and plan.drill == drill.plan.drill
    if request.scope.kind == "resource":
        drill = replace(drill, plan=part(drill.plan, request.scope.name))
        plan = part(plan, request.scope.name)
    return Compared(
        drill=drill, changes=since(drill.plan, plan, steps=alike), steps=alike, unseen=unseen(drill.plan, plan)
    )
