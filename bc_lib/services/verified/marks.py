"""Reads the live drills that ended, makes the plans as they would be now, and judges (domain.verified)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.verified.judge import judge, part
from bc_lib.domain.verified.values import Drill, Mark
from bc_lib.ports.requests import RequestReader
from bc_lib.services.requests.look import seen_now
from bc_lib.services.requests.preview import Seen, preview

NEWEST = 5000  # older requests are not looked at: that can make a drill overdue or unseen, never verified


def marks(read: RequestReader) -> Mapping[Scope, Mark]:
    """The mark of every resource and group of the inventory."""
    inventory, policy = read.inventory(), read.policy()
    seen, drills = seen_now(read, inventory), _drills(read)
    now = read.now()
    found = {}
    for each in inventory.resources:
        scope = Scope(kind="resource", name=each.name)
        mine = [
            replace(drill, plan=part(drill.plan, each.name))
            for drill in drills
            if each.name in {target.resource for target in drill.plan.targets}
        ]
        plan = _plan(inventory, seen, policy, scope, mine)
        found[scope] = judge(each.tier, now, mine, plan if isinstance(plan, str) else part(plan, each.name))
    for group in inventory.groups:
        scope = Scope(kind="group", name=group.name)
        mine = [drill for drill in drills if drill.plan.scope == scope]
        found[scope] = judge(group.tier, now, mine, _plan(inventory, seen, policy, scope, mine))
    return found


def _drills(read: RequestReader) -> list[Drill]:
    ended = read.list(states=(State.SUCCEEDED, State.FAILED), limit=NEWEST).requests
    return [
        Drill(
            request=each.id,
            ended_at=each.state_since,
            succeeded=each.state is State.SUCCEEDED,
            plan=read.plan(each.id).plan,
        )
        for each in ended
        if each.type is RequestType.DRILL and each.drill == DrillKind.LIVE
    ]


def _plan(inventory: Inventory, seen: Seen, policy: Policy, scope: Scope, drills: list[Drill]) -> Plan | str:
    """A live drill's plan now, in the direction that makes sense; else why there is none."""
    if not drills:
        return "no drill to compare with."
    newest = max(drills, key=lambda each: each.ended_at).plan
    why = "its sites are not known."
    for site in dict.fromkeys(
        [newest.target_site, *(site for each in newest.targets for site in (each.from_site, each.to_site))]
    ):
        try:
            return preview(inventory, seen, policy, RequestType.DRILL, scope, site, DrillKind.LIVE)
        except Denial as denial:
            why = denial.sentence
    return why
