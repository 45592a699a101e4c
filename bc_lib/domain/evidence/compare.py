"""What is different between the plan that was last tested and this one, in sentences."""

from __future__ import annotations

from dataclasses import fields

from bc_lib.domain.requests.plan import Plan, Step, Target

PLACES = frozenset({"from_site", "to_site", "from_node", "to_node"})  # the way back has them the other way round
WHERE = frozenset({"node", "peer", "summary", "probe", "undo", "key"})
OF_TARGET = tuple(each.name for each in fields(Target) if each.name not in PLACES)
OF_STEP = tuple(each.name for each in fields(Step) if each.name not in WHERE)


def plan_changes(tested: Plan, now: Plan, *, steps: bool = True) -> tuple[str, ...]:
    """Everything but the direction; empty: the same members, endpoints, settings, versions and kinds of steps.

    `steps`: compare them too.
    """
    return (*_targets(tested, now), *_observed(tested, now), *(_steps(tested, now) if steps else ()))


def _targets(tested: Plan, now: Plan) -> list[str]:
    before, after = ({each.resource: each for each in plan.targets} for plan in (tested, now))
    found = [f"{name} was not part of it then." for name in after.keys() - before.keys()]
    found += [f"{name} was part of it then and is not now." for name in before.keys() - after.keys()]
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        found += [f"{name}: {field} is another." for field in OF_TARGET if getattr(old, field) != getattr(new, field)]
    return sorted(found)


def _observed(tested: Plan, now: Plan) -> list[str]:
    return [
        f"{name} was {tested.observed[name]} and is {now.observed[name]}."
        for name in sorted(tested.observed.keys() & now.observed.keys())
        if tested.observed[name] != now.observed[name] and "version" in name
    ]


def _steps(tested: Plan, now: Plan) -> list[str]:
    before, after = ({(each.resource, each.action): each for each in plan.steps} for plan in (tested, now))
    found = [f"{key[0]}: the step {key[1]} is new." for key in after.keys() - before.keys()]
    found += [f"{key[0]}: the step {key[1]} is not done any more." for key in before.keys() - after.keys()]
    for key in before.keys() & after.keys():
        for name in OF_STEP:
            old, new = getattr(before[key], name), getattr(after[key], name)
            if old != new:
                found.append(f"{key[0]}: {name} of the step {key[1]} was {old} and is {new}.")
    return sorted(found)
