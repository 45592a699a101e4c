"""The first line of a resource's or group's page while a request or run of it stands: which, and whom it waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.run import Run
from bc_lib.domain.own_runs import OwnRun
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.waiting import Do, Wait
from bc_lib.domain.requests.waiting_words import path, todo, told
from bc_lib.services.requests.inbox import Open
from streamlit_app.presenters.request_words import title
from streamlit_app.presenters.run import progress_line

BEGINS = frozenset({Action.STOP.value, Action.MOVE.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """One sentence, and what can be done: words and address."""

    text: str
    label: str
    href: str


def standing(
    names: Collection[str], running: Sequence[tuple[Request, Run | None]], found: Open | None
) -> tuple[StandingLine, ...]:
    """Runs first, then requests that have not begun."""
    wanted = frozenset(names)
    waits = {
        item.request.id: item
        for item in (found.items if found else ())
        if item.request and item.plan and item.waits[0].do is not Do.SIGN_OFF
    }
    lines = []
    for request, run in running:
        if run is None or not wanted & {each.step.resource for each in run.steps}:
            continue
        item = waits.pop(request.id, None)
        if item:
            lines.append(_waiting(f"Run {request.id} ({title(request)})", item.waits))
        else:
            text = f"Run {request.id} is under way: {title(request)}, {progress_line(run)}."
            lines.append(StandingLine(text=text, label="Open the run", href=f"/run?id={request.id}"))
    for name, item in waits.items():
        touched = {target.resource for target in item.plan.targets} if item.plan else set()
        if wanted & touched and item.request:
            lines.append(_waiting(f"Request {name} ({title(item.request)})", item.waits))
    return tuple(lines)


def explained(name: str, running: Sequence[tuple[Request, Run | None]]) -> Mapping[str, str]:
    """Codes of this resource's trouble that a run brings about, each with the run's id."""
    found: dict[str, str] = {}
    for request, run in running:
        begun = [each for each in run.steps if each.step.resource == name and each.step.action in BEGINS] if run else []
        if run is not None and run.ended_at is None and any(each.claimed_at for each in begun):
            own = OwnRun(request=request.id, restored=run.restored_at is not None)
            found |= dict.fromkeys(own.explains(), request.id)
    return found


def _waiting(name: str, waits: Sequence[Wait]) -> StandingLine:
    return StandingLine(text=told(name, waits), label=f"{todo(waits[0])}…", href=path(waits[0]))
