"""An honest preview of a plan, from the inventory and what was seen last: it promises nothing that nobody looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bc_lib.domain.current import Current
from bc_lib.domain.dependencies import order
from bc_lib.domain.inventory import Endpoint, Environment, Group, Inventory, Platform, Resource
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.domain.observation import Observation
from bc_lib.domain.requests.binding import upper_bound
from bc_lib.domain.requests.plan import Measurement, Plan, Scope, Step, Target
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType

MOVABLE = frozenset({Platform.POSTGRESQL})
PRODUCTION_FIRST = (Environment.PROD, Environment.STAGING, Environment.TEST, Environment.DEV, Environment.DEMO)
LIMITS = ("This is a preview from the last observations; the runner measures again before it starts.",)
Seen = Mapping[str, tuple[Current, Observation | None]]


def preview(
    inventory: Inventory, seen: Seen, policy: Policy, kind: RequestType, scope: Scope, target_site: str
) -> Plan:
    """The plan for moving `scope` to `target_site`. Raises Denial where the request makes no sense now."""
    members = resources_of(inventory, scope)
    movable = tuple(each for each in members if each.platform in MOVABLE)
    if not movable:
        raise refusal("NOTHING_TO_MOVE", scope=scope.name)
    for each in movable:
        _check_site(scope, each, target_site)
    if kind is not RequestType.DRILL and all(_active(seen, each) == target_site for each in movable):
        raise refusal("ALREADY_THERE", scope=scope.name, site=target_site)
    tier, environment = strictest(inventory, scope)
    rule = policy.rule_for(kind, tier, environment)
    if rule is None:
        raise refusal("NO_POLICY")
    targets = tuple(_target(each, target_site) for each in movable)
    return Plan(
        type=kind,
        scope=scope,
        target_site=target_site,
        tier=tier,
        environment=environment.value,
        policy_version=rule.version,
        policy_position=rule.position,
        effect=_effect(kind, scope, targets),
        targets=targets,
        steps=_steps(kind, targets),
        measurements=_measurements(movable, seen),
        observed=_observed(movable, seen),
        limits=(*LIMITS, *_limits(kind, movable, seen)),
    )


def resources_of(inventory: Inventory, scope: Scope) -> tuple[Resource, ...]:
    """The scope's resources in dependency order. Raises Denial UNKNOWN_SCOPE."""
    known = inventory.resource_map()
    group = next((each for each in inventory.groups if each.name == scope.name), None)
    if scope.kind == "group" and group is not None:
        names = order({member.resource: member.after for member in group.members})
        return tuple(known[name] for name in names)
    if scope.kind == "resource" and scope.name in known:
        return (known[scope.name],)
    raise refusal("UNKNOWN_SCOPE", scope=f"{scope.kind} {scope.name[:MAX_LENGTH]!a}")


def strictest(inventory: Inventory, scope: Scope) -> tuple[int, Environment]:
    """Tier and environment that decide who approves: the strictest of a group and its members."""
    members = resources_of(inventory, scope)
    group: Group | None = next(
        (each for each in inventory.groups if scope.kind == "group" and each.name == scope.name), None
    )
    tier = min([each.tier for each in members] + ([group.tier] if group else []))
    return tier, min((each.environment for each in members), key=PRODUCTION_FIRST.index)


def _check_site(scope: Scope, each: Resource, target_site: str) -> None:
    sites = (each.home_site, each.dr_site)
    if target_site not in sites:
        raise refusal(
            "TARGET_SITE_UNKNOWN", scope=scope.name, site=ascii(target_site[:MAX_LENGTH]), sites=" and ".join(sites)
        )


def _active(seen: Seen, each: Resource) -> str | None:
    found = seen.get(each.name)
    last = found[0].last if found else None
    return last.active_site if last else None


def _target(each: Resource, target_site: str) -> Target:
    other = each.dr_site if target_site == each.home_site else each.home_site
    return Target(
        resource=each.name,
        platform=each.platform.value,
        tier=each.tier,
        environment=each.environment.value,
        from_site=other,
        to_site=target_site,
        endpoints=tuple(_endpoint(end) for end in each.endpoints),
    )


def _endpoint(end: Endpoint) -> str:
    """Everything that says where a step would act, and with which secret (a reference) and TLS."""
    parts = (end.site, end.node, end.host, end.port, end.database, end.secret, end.tls.value, end.ca_file, end.url)
    return "|".join("" if part is None else str(part) for part in parts)


def _effect(kind: RequestType, scope: Scope, targets: Sequence[Target]) -> str:
    what = f"{scope.name} ({len(targets)} databases)" if len(targets) > 1 else scope.name
    if kind is RequestType.DRILL:
        return f"Rehearses moving {what} to {targets[0].to_site}."
    return f"Clients of {what} would write at {targets[0].to_site} instead of {targets[0].from_site}."


def _steps(kind: RequestType, targets: Sequence[Target]) -> tuple[Step, ...]:
    found: list[Step] = []
    for each in targets:
        name, old, new = each.resource, each.from_site, each.to_site
        fence = f"stop writes at {old}" if kind is not RequestType.FAILOVER else f"keep clients away from {old}"
        found += [
            Step(resource=name, action="check", summary=f"{name}: check both sites again"),
            Step(resource=name, action="fence", summary=f"{name}: {fence}"),
            Step(resource=name, action="promote", summary=f"{name}: make {new} the primary", point_of_no_return=True),
            Step(resource=name, action="verify", summary=f"{name}: prove that clients can write at {new}"),
        ]
    return tuple(found)


def _measurements(members: Sequence[Resource], seen: Seen) -> tuple[Measurement, ...]:
    """Estimated loss is what was not received yet; unknown or stale stays unknown."""
    found = []
    for each in members:
        view = seen[each.name][0] if each.name in seen else None
        lag = view.last.lag if view is not None and view.last is not None and view.status is view.last.status else None
        for name, value in (
            ("replication lag", lag.replayed_s if lag else None),
            ("estimated loss", lag.received_s if lag else None),
        ):
            found.append(Measurement(name=f"{name} of {each.name}", value=value, upper=upper_bound(value)))
    return tuple(found)


def _observed(members: Sequence[Resource], seen: Seen) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in members:
        observation = seen[each.name][1] if each.name in seen else None
        for node in observation.nodes if observation else ():
            if node.facts is None:
                continue
            if node.facts.version:
                found[f"version of {each.name} at {node.node}"] = str(node.facts.version)
            if node.facts.system_identifier:
                found[f"system identifier of {each.name} at {node.node}"] = str(node.facts.system_identifier)
    return dict(sorted(found.items()))


def _limits(kind: RequestType, members: Sequence[Resource], seen: Seen) -> list[str]:
    unknown = [item.name for item in _measurements(members, seen) if item.value is None]
    found = [f"Not known now: {', '.join(unknown)}."] if unknown else []
    if kind is RequestType.FAILOVER:
        found.append(
            "A failover can lose what the other site had not received; nothing here says that it loses nothing."
        )
    return found
