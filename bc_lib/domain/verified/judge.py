"""The verified state by the drills there were and the plan as it would be now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bc_lib.domain.evidence.compare import plan_changes
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.verified.values import DAY_S, Drill, Mark, Verified
from bc_lib.domain.words import duration

# Rules for critical systems commonly ask for a test at least once a year; tier 1 is tested twice as often. Every tier
# that is not named has the shortest period. A deployment may set others (bc_lib/config.py).
PERIODS_S: Mapping[int, float] = {1: 180 * DAY_S, 2: 365 * DAY_S}


def period_s(tier: int, periods: Mapping[int, float] = PERIODS_S) -> float:
    """How long a successful live drill counts."""
    return periods.get(tier, min(periods.values()))


def watched(tier: int, periods: Mapping[int, float] = PERIODS_S) -> Mark:
    """The mark of what cannot be moved."""
    said = "Watched only: nothing here can move it, so no drill of it is due."
    return Mark(state=Verified.WATCHED, sentence=said, period_s=period_s(tier, periods), overdue=False)


def judge(
    tier: int, now: datetime, drills: Sequence[Drill], plan: Plan | str, periods: Mapping[int, float] = PERIODS_S
) -> Mark:
    """`drills`: live ones that ended, in any order. `plan`: a live drill's plan as it would be now, or the sentence why
    there is none. `periods`: seconds by tier. The newest drill decides; one that ended after `now` can't be judged."""
    period = period_s(tier, periods)
    if not drills:
        return Mark(state=Verified.NEVER, sentence="No live drill has ended.", period_s=period, overdue=True)
    newest = max(drills, key=lambda each: each.ended_at)
    age = (now - newest.ended_at).total_seconds()
    succeeded = [(now - each.ended_at).total_seconds() for each in drills if each.succeeded]
    state, said, changes = _state(newest, age, plan)
    return Mark(
        state=state,
        sentence=said,
        period_s=period,
        overdue=not any(0 <= each <= period for each in succeeded),
        drill=newest.request,
        age_s=age if age >= 0 else None,
        changes=changes,
    )


def _state(newest: Drill, age: float, plan: Plan | str) -> tuple[Verified, str, tuple[str, ...]]:
    if age < 0:
        return Verified.UNKNOWN, f"Live drill {newest.request} ended after now by the clock; look at the clocks.", ()
    ago = f"{duration(age)} ago"
    if not newest.succeeded:
        return Verified.FAILED, f"The last live drill, {newest.request}, did not succeed ({ago}).", ()
    if isinstance(plan, str):
        return Verified.UNKNOWN, f"Tested by {newest.request} {ago}, but there is no plan now to compare: {plan}", ()
    changes = since(newest.plan, plan)
    if changes:
        return Verified.CHANGED, f"Tested by {newest.request} {ago}; what was tested is not what there is.", changes
    if missing := unseen(newest.plan, plan):
        return Verified.UNKNOWN, f"Tested by {newest.request} {ago}, but not seen now: {', '.join(missing)}.", ()
    return Verified.VERIFIED, f"Live drill {newest.request} succeeded {ago}, and nothing it tested has changed.", ()


def since(tested: Plan, now: Plan, *, steps: bool = True) -> tuple[str, ...]:
    """What changed since the last drill, in sentences: members, targets, endpoints, versions, steps, policy.

    `steps`: False where the two plans are of different kinds of moves, whose steps differ anyway.
    """
    found = plan_changes(tested, now, steps=steps)
    found += tuple(
        f"{name} was {was} and is {now.observed[name]}: another cluster."
        for name, was in sorted(tested.observed.items())
        if name.startswith("system identifier") and now.observed.get(name, was) != was
    )
    if tested.policy_version != now.policy_version:
        found += (f"The approval policy was version {tested.policy_version} and is version {now.policy_version}.",)
    return found


def unseen(tested: Plan, now: Plan) -> tuple[str, ...]:
    """Versions that were seen when it was tested and are not in `now`: whether they changed can't be said."""
    return tuple(sorted(name for name in tested.observed if "version" in name and name not in now.observed))


def part(plan: Plan, resource: str) -> Plan:
    """What a plan says about one resource, so that a group's drill can be compared with the resource's own plan.

    The hold of a live drill belongs to the whole, and the waves to the group.
    """
    return replace(
        plan,
        targets=tuple(each for each in plan.targets if each.resource == resource),
        steps=tuple(
            replace(each, wave=1) for each in plan.steps if each.resource == resource and each.action != Action.HOLD
        ),
        observed={name: value for name, value in plan.observed.items() if f" of {resource} at " in name},
    )
