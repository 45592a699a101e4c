"""A plan as lines of text: for the command line, for paper, and for whoever cannot open the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bc_lib.domain.loss import told
from bc_lib.domain.plans.figures import LOSS, statements
from bc_lib.domain.requests.plan import Measurement, Plan, Step
from bc_lib.domain.words import duration


def plan_json(plan: Plan) -> dict[str, Any]:
    """Everything about a plan as JSON values."""
    return {
        "type": plan.type.value,
        "scope": asdict(plan.scope),
        "target_site": plan.target_site,
        "drill": plan.drill or None,
        "effect": plan.effect,
        "digest": plan.digest(),
        "steps": [asdict(step) for step in plan.steps],
        "targets": [asdict(target) for target in plan.targets],
        "observed": dict(plan.observed),
        "measurements": [asdict(each) for each in plan.measurements],
        "loss_to_accept": plan.loss or None,
        "loss": list(loss_lines(plan)),
        "if_partial": plan.if_partial or None,
        "timeout_s": plan.timeout_s or None,
        "limits": list(plan.limits),
    }


def plan_lines(plan: Plan) -> list[str]:
    """Effect, steps in waves with the point of no return, figures, limits."""
    found = [plan.effect, ""]
    for place, step in enumerate(plan.steps, start=1):
        found += _step(place, step)
    if plan.if_partial:
        what = {"finish": "the run stops there and a person finishes", "return": "those that moved are moved back"}
        found.append(f"If a member cannot be moved after others were: {what[plan.if_partial]}.")
    if plan.timeout_s:
        found.append(
            f"In all at most {duration(plan.timeout_s)} until clients write again, without waiting for people; then it "
            "stops where it may."
        )
    found += ["", *(figure_text(each) for each in other_figures(plan))]
    found += loss_lines(plan)
    if plan.loss:
        found.append(f"To accept before the start: losing {plan.loss}.")
    return found + [f"Note: {each}" for each in plan.limits]


def other_figures(plan: Plan) -> tuple[Measurement, ...]:
    """The measurements beside the loss, which has its own sentence."""
    return tuple(each for each in plan.measurements if not each.name.startswith(LOSS))


def loss_lines(plan: Plan) -> tuple[str, ...]:
    """What a failover can lose, and whether two servers could take writes, in the one sentence of each."""
    return told(statements(plan), plan.fences)


def _step(place: int, step: Step) -> list[str]:
    said = flags(step)
    lines = [f"{place:>3}. [wave {step.wave}] {step.summary}" + (f"  ({'; '.join(said)})" if said else "")]
    if step.undo:
        lines.append(f"       undo {step.undo}")
    lines.append(f"       seen by: {step.probe} At most {duration(step.timeout_s)}.")
    return lines


def flags(step: Step) -> list[str]:
    """What is special about a step, in words."""
    return [
        word
        for word, shown in (
            ("POINT OF NO RETURN", step.point_of_no_return),
            ("by hand, attested", step.manual),
            ("asks for an allowance of its own", step.needs_allowance),
            ("may stop after it", step.may_stop_after),
            ("after clients write again", step.after_restore),
            ("only if a member cannot be moved", step.returns),
        )
        if shown
    ]


def figure_text(each: Measurement) -> str:
    """`name: value`, with what the approvals cover."""
    if each.value is None:
        return f"{each.name}: not known"
    return f"{each.name}: {duration(each.value)}" + (f", approved up to {duration(each.upper)}" if each.upper else "")
