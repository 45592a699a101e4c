"""What would change if a rule set were the policy, in words (FR-031)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.inventory_diff import Change, ChangeKind, FieldChange
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.policy_change import changes
from bc_lib.domain.requests.policy_rules import PolicyProblem, problems, unreachable
from bc_lib.domain.requests.states import WAITING
from bc_lib.domain.words import count
from bc_lib.services.gate import Gate
from bc_lib.services.plan_inventory import NO_CHANGE, SIGNS, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPlan:
    """The difference between the policy and the rules that are wanted. `waiting`: requests that would be void."""

    base: Policy
    rules: tuple[Rule, ...]
    changes: tuple[Change, ...]
    problems: tuple[PolicyProblem, ...]
    unreachable: tuple[Rule, ...]
    waiting: int


def plan_policy(gate: Gate, rules: Sequence[Rule], base: Policy | None = None) -> PolicyPlan:
    """Compare `rules` with the policy (or with `base`, which they were made from); changes nothing."""
    read = gate.store.read
    policy = base or read.policy()
    return PolicyPlan(
        base=policy,
        rules=tuple(rules),
        changes=changes(policy.rules, rules),
        problems=problems(rules),
        unreachable=unreachable(rules),
        waiting=len(read.list(states=tuple(WAITING), limit=1000).requests),
    )


def plan_lines(plan: PolicyPlan) -> list[str]:
    """The plan as people read it, each field before -> after."""
    if not plan.changes:
        return [NO_CHANGE]
    lines = change_lines(plan.changes)
    lines += [f"! rule {rule.name} is never reached: rules before it cover all of it" for rule in plan.unreachable]
    lines += [f"! cannot stand because {problem.text}" for problem in plan.problems]
    if plan.waiting:
        lines.append(f"{count(plan.waiting, 'waiting request')} must be approved again once this is the policy.")
    return [*lines, f"Made from version {plan.base.version} of the policy."]


def change_lines(found: Sequence[Change]) -> list[str]:
    """One line for each rule that differs, and one for each of its fields."""
    lines: list[str] = []
    for change in found:
        lines.append(f"{SIGNS[change.kind]} rule {change.name} {change.kind.value}")
        if change.kind is not ChangeKind.REMOVED:
            lines += [f"    {_field(one, change.kind)}" for one in change.fields]
    return lines


def _field(one: FieldChange, kind: ChangeKind) -> str:
    name, after = one.name.removesuffix("_s").replace("_", " "), shown(one.name, one.after)
    return f"{name}: {after}" if kind is ChangeKind.ADDED else f"{name}: {shown(one.name, one.before)} -> {after}"
