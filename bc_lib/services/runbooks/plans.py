"""Every action of a resource or group as it would be done now, or why it would not. It only reads what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bc_lib.domain.current import Current
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Group, Inventory, Resource
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy, Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.requests import RequestReader
from bc_lib.services.requests.look import seen_now
from bc_lib.services.requests.preview import Seen, preview, resources_of, strictest

ALREADY = "ALREADY_THERE"  # says less than why the other site is not possible
ACTIONS = (
    (RequestType.FAILOVER, None),
    (RequestType.SWITCHOVER, None),
    (RequestType.DRILL, DrillKind.LIVE),
    (RequestType.FAILBACK, None),  # the last one: it is seldom possible, and then one line
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A kind of move to a site. `plan`: as it would be now; `why_not`: the sentence where there is none."""

    kind: RequestType
    site: str
    rule: Rule | None
    plan: Plan | None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """Everything about one resource or group. `now`: the database's clock when it was read."""

    now: datetime
    scope: Scope
    tier: int
    group: Group | None
    resources: tuple[Resource, ...]
    current: tuple[Current, ...]
    actions: tuple[Action, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        """Whom to call, each once: the group's first."""
        found = [self.group.owner] if self.group else []
        return tuple(dict.fromkeys([*found, *(each.owner for each in self.resources)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A runbook that can be made; one that breaks keeps none of the others from being made."""

    scope: Scope
    make: Callable[[], Runbook]

    @property
    def stem(self) -> str:
        """The name of its file; names of groups and resources may be the same."""
        return f"runbook-{self.scope.kind}-{self.scope.name}"


def runbooks(read: RequestReader) -> list[Planned]:
    """Of every group, then of every resource. What is stored is read once, before the first."""
    inventory, policy = read.inventory(), read.policy()
    seen, now = seen_now(read, inventory), read.now()
    scopes = [Scope(kind="group", name=each.name) for each in inventory.groups]
    scopes += [Scope(kind="resource", name=each.name) for each in inventory.resources]
    return [Planned(scope=scope, make=partial(_runbook, inventory, policy, seen, now, scope)) for scope in scopes]


def _runbook(inventory: Inventory, policy: Policy, seen: Seen, now: datetime, scope: Scope) -> Runbook:
    resources = resources_of(inventory, scope)
    tier, environment = strictest(inventory, scope)
    actions = []
    for kind, drill in ACTIONS:
        plan, site, why = _plan(inventory, policy, seen, scope, kind, drill, resources)
        rule = policy.rule_for(kind, tier, environment)
        actions.append(Action(kind=kind, site=site, rule=rule, plan=plan, why_not=why))
    return Runbook(
        now=now,
        scope=scope,
        tier=tier,
        group=next((each for each in inventory.groups if scope.kind == "group" and each.name == scope.name), None),
        resources=resources,
        current=tuple(seen[each.name][0] for each in resources),
        actions=tuple(actions),
    )


def _plan(
    inventory: Inventory,
    policy: Policy,
    seen: Seen,
    scope: Scope,
    kind: RequestType,
    drill: DrillKind | None,
    resources: Sequence[Resource],
) -> tuple[Plan | None, str, str]:
    """The plan to the first site that makes sense, the site, and why there is none."""
    first = resources[0]
    sites = (first.home_site,) if kind is RequestType.FAILBACK else (first.dr_site, first.home_site)
    why = ""
    for site in sites:
        try:
            return preview(inventory, seen, policy, kind, scope, site, drill), site, ""
        except Denial as denial:
            why = denial.sentence if not why or denial.code != ALREADY else why
    return None, sites[0], why
