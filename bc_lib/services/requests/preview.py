"""The plan of a request, from the inventory and what was seen last: it promises nothing that nobody looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bc_lib.domain.current import Current
from bc_lib.domain.dependencies import group_edges, order
from bc_lib.domain.dependencies import waves as waves_in
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.execution.total import total_s
from bc_lib.domain.inventory import Endpoint, Environment, Group, IfPartial, Inventory, Resource
from bc_lib.domain.loss.judge import seconds
from bc_lib.domain.managed import managing_of
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.domain.observation import Observation, Role
from bc_lib.domain.one_server import again, shared
from bc_lib.domain.plans.compose import Member, steps, waves_of
from bc_lib.domain.plans.failback import not_ready
from bc_lib.domain.plans.figures import loss_words
from bc_lib.domain.plans.movable import movable_of
from bc_lib.domain.plans.production import stranger
from bc_lib.domain.plans.recovery_time import target_of
from bc_lib.domain.plans.sense import objection, whereabouts
from bc_lib.domain.plans.topology import standbys_of, topology_of
from bc_lib.domain.requests.binding import upper_bound
from bc_lib.domain.requests.plan import Measurement, Plan, Scope, Target
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.sites import check_site

PRODUCTION_FIRST = (Environment.PROD, Environment.STAGING, Environment.TEST, Environment.DEV, Environment.DEMO)
LIMITS = ("Made from the last observations; the runner measures again before it starts.",)
Seen = Mapping[str, tuple[Current, Observation | None]]


def preview(
    inventory: Inventory,
    seen: Seen,
    policy: Policy,
    kind: RequestType,
    scope: Scope,
    target_site: str,
    drill: DrillKind | None = None,
    *,
    asking: bool = True,
) -> Plan:
    """The plan for moving `scope` to `target_site`. Raises Denial where the request makes no sense now.

    `asking`: also refuse what is seen to be dead now; False for what was asked for already or is only compared, whose
    start looks for itself.
    """
    members = resources_of(inventory, scope)
    movable = movable_of(members)
    if not movable:
        raise refusal("NOTHING_TO_MOVE", scope=scope.name)
    _check_sense(inventory, seen, kind, scope, target_site, movable, asking=asking)
    there = tuple(each for each in movable if _active(seen, each) == target_site)
    movable = tuple(each for each in movable if each not in there)
    tier, environment = strictest(inventory, scope)
    rule = policy.rule_for(kind, tier, environment)
    if rule is None:
        raise refusal("NO_POLICY")
    group = _group(inventory, scope)
    waves = waves_of([each.name for each in movable], waves_in(group_edges(group)) if group else ((movable[0].name,),))
    moving = tuple(
        Member(
            resource=each,
            nodes=topology_of(each, _observation(seen, each), target_site, _was_primary(seen, each)),
            wave=waves[each.name],
        )
        for each in movable
    )
    if kind is RequestType.DRILL and drill is None:
        drill = DrillKind.REHEARSAL
    targets = tuple(_target(each, target_site) for each in moving)
    if_partial = _if_partial(kind, group)
    planned = steps(kind, moving, drill, if_partial)
    measurements = _measurements(kind, movable, seen)
    views = [seen[each.name][0] for each in movable if kind is RequestType.FAILOVER and each.name in seen]
    proofs = tuple(each.loss for each in views if each.loss is not None)
    return Plan(
        type=kind,
        scope=scope,
        target_site=target_site,
        tier=tier,
        environment=environment.value,
        policy_version=rule.version,
        policy_position=rule.position,
        effect=_effect(kind, scope, targets, drill),
        targets=targets,
        steps=planned,
        measurements=measurements,
        observed=_observed(movable, seen),
        limits=(*LIMITS, *_there_already(there, target_site), *_limits(kind, moving, measurements, group)),
        drill=drill.value if drill else "",
        if_partial=if_partial.value if if_partial else "",
        timeout_s=total_s(planned),
        loss=loss_words(kind, [each.name for each in movable], proofs),
        proofs=proofs,
        fences=tuple(each.fence for each in views if each.fence is not None),
        rto_s=target_of(group, movable),
    )


def _check_sense(
    inventory: Inventory,
    seen: Seen,
    kind: RequestType,
    scope: Scope,
    target_site: str,
    movable: Sequence[Resource],
    *,
    asking: bool,
) -> None:
    for each in movable:
        check_site(scope.name, each, target_site)
        if kind is RequestType.FAILBACK and target_site != each.home_site:
            raise refusal("FAILBACK_HOME", scope=scope.name, home=each.title(each.home_site))
        _check_manager(seen, each)
        _check_one_primary(seen, scope, each)
        if asking:
            _check_alive(seen, kind, scope, each, target_site)
    if all(_active(seen, each) == target_site for each in movable):
        raise refusal("ALREADY_THERE", scope=scope.name, site=movable[0].title(target_site))
    away = [each.name for each in movable if kind is RequestType.DRILL and _active(seen, each) == target_site]
    if away:
        raise refusal("GROUP_SPLIT", scope=scope.name, resources=", ".join(away), site=movable[0].title(target_site))
    for each in movable if kind is RequestType.FAILBACK else ():
        view, observation = seen.get(each.name, (None, None))
        why = not_ready(each, topology_of(each, observation, target_site), observation, view.last if view else None)
        if why and _active(seen, each) != target_site:
            raise refusal("FAILBACK_NOT_READY", scope=scope.name, why=why)
    odd = stranger(inventory, movable)
    if odd is not None:
        raise refusal("WRONG_ENVIRONMENT", request=scope.name, resource=odd.name, environment=odd.environment.value)


def _check_manager(seen: Seen, each: Resource) -> None:
    """Decision 24: never beneath a manager, whatever kind of move; what is not known the checks look at again."""
    _, observation = seen.get(each.name, (None, None))
    nodes = observation.nodes if observation else ()
    found = managing_of(each, {node.node: node.facts for node in nodes if node.facts is not None})
    if found.refusal is not None:
        raise refusal("MANAGED", why=found.refusal)


def _check_one_primary(seen: Seen, scope: Scope, each: Resource) -> None:
    """F15: refused as long as it is seen so; what is too old to count is looked at by the checks of the start."""
    view, observation = seen.get(each.name, (None, None))
    if view is None or not any(reason.code == "TWO_PRIMARIES" for reason in view.reasons):
        return
    nodes = observation.nodes if observation else ()
    twice = again(shared(nodes))
    primaries = [node for node in nodes if node.facts and node.facts.role is Role.PRIMARY and node.node not in twice]
    names = [each.place(node.node) for node in primaries]
    raise refusal(
        "TWO_PRIMARIES", resource=each.name, count=max(2, len(names)), nodes=" and ".join(names), scope=scope.name
    )


def _check_alive(seen: Seen, kind: RequestType, scope: Scope, each: Resource, target_site: str) -> None:
    view, observation = seen.get(each.name, (None, None))
    denial = objection(kind, scope.name, each, whereabouts(each, view, observation), target_site)
    if denial is not None:
        raise denial


def _group(inventory: Inventory, scope: Scope) -> Group | None:
    if scope.kind != "group":
        return None
    return next((each for each in inventory.groups if each.name == scope.name), None)


def _was_primary(seen: Seen, each: Resource) -> str | None:
    last = seen[each.name][0].last if each.name in seen else None
    return last.last_primary.node if last and last.last_primary else None


def _observation(seen: Seen, each: Resource) -> Observation | None:
    return seen[each.name][1] if each.name in seen else None


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


def _active(seen: Seen, each: Resource) -> str | None:
    found = seen.get(each.name)
    last = found[0].last if found else None
    return last.active_site if last else None


def _target(member: Member, target_site: str) -> Target:
    each = member.resource
    other = each.dr_site if target_site == each.home_site else each.home_site
    return Target(
        resource=each.name,
        platform=each.platform.value,
        tier=each.tier,
        environment=each.environment.value,
        from_site=other,
        to_site=target_site,
        endpoints=tuple(_endpoint(end) for end in each.endpoints),
        from_node=member.nodes.primary.node,
        to_node=member.nodes.chosen.node,
        from_title=each.title(other),
        to_title=each.title(target_site),
        execution=_execution(each),
    )


def _execution(each: Resource) -> str:
    """How it would be acted on: accounts (references), traffic hook, checks."""
    return json.dumps(asdict(each.execution), sort_keys=True) if each.execution else ""


def _endpoint(end: Endpoint) -> str:
    """Everything that says where a step would act, and with which secret (a reference) and TLS."""
    parts = (
        end.site,
        end.node,
        end.host,
        end.port,
        end.database,
        end.secret,
        end.tls.value,
        end.ca_file,
        end.url,
        end.host_control,
    )
    return "|".join("" if part is None else str(part) for part in parts)


def _effect(kind: RequestType, scope: Scope, targets: Sequence[Target], drill: DrillKind | None) -> str:
    what = f"{scope.name} ({len(targets)} databases)" if len(targets) > 1 else scope.name
    old, new = targets[0].old, targets[0].new
    if kind is not RequestType.DRILL:
        return f"Clients of {what} would write at {new} instead of {old}."
    if drill is DrillKind.LIVE:
        return f"Clients of {what} would really write at {new} for the length of the drill, then at {old} again."
    return f"Rehearses moving {what} to {new}: everything but the effects."


def _measurements(kind: RequestType, members: Sequence[Resource], seen: Seen) -> tuple[Measurement, ...]:
    """Estimated loss is the bound of the one proof; unknown or stale stays unknown."""
    found = []
    for each in members:
        view = seen[each.name][0] if each.name in seen else None
        lag = view.last.lag if view is not None and view.last is not None and view.fresh else None
        for name, value in (
            ("replication lag", lag.replayed_s if lag else None),
            ("estimated loss", seconds(view.loss) if view is not None and view.loss is not None else None),
        ):
            if kind is RequestType.FAILOVER or name != "estimated loss":
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
                found[f"version of {each.name} at {each.place(node.node)}"] = str(node.facts.version)
            if node.facts.system_identifier:
                found[f"system identifier of {each.name} at {each.place(node.node)}"] = str(
                    node.facts.system_identifier
                )
    return dict(sorted(found.items()))


def _if_partial(kind: RequestType, group: Group | None) -> IfPartial | None:
    """What a group's run does when a member cannot move after others did. Only a planned move of whole pairs can be
    returned: after a failover there is no standby to go back to, and a drill's way back is a person's decision."""
    if group is None:
        return None
    return group.if_partial if kind in {RequestType.SWITCHOVER, RequestType.FAILBACK} else IfPartial.FINISH


def _limits(
    kind: RequestType, members: Sequence[Member], measurements: Sequence[Measurement], group: Group | None
) -> list[str]:
    unknown = [item.name for item in measurements if item.value is None]
    found = [f"Not known now: {', '.join(unknown)}."] if unknown else []
    if group is not None and _if_partial(kind, group) is not group.if_partial:
        found.append(f"{group.name} is returned only from a planned move; here the run stops and a person finishes it.")
    if kind is RequestType.FAILOVER:
        found.append(
            "A failover can lose what the other site had not received; nothing here says that it loses nothing."
        )
    for each in members:
        name = each.resource.name
        if each.resource.execution is None:
            found.append(f"{name} has no execution account in the inventory, so its steps cannot be carried out.")
        if not each.nodes.seen:
            found.append(f"The primary of {name} was not seen, so {each.nodes.primary.place} is taken for it.")
        if each.nodes.others:
            found.append(
                f"Further standbys of {name} follow {each.nodes.chosen.place}: {standbys_of(each.nodes.others)}."
            )
        found += _by_hand(each)
    return found


def _there_already(members: Sequence[Resource], site: str) -> list[str]:
    """A group that was moved in part is finished by moving the rest."""
    return [
        f"{each.name} was last seen taking writes at {each.title(site)} already, so it is not moved."
        for each in members
    ]


def _by_hand(member: Member) -> list[str]:
    ends = (member.nodes.primary, member.nodes.chosen)
    hosts = [end.place for end in ends if end.host_control is None]
    if member.resource.execution is None or not hosts:
        return []
    return [f"No host control at {', '.join(hosts)} of {member.resource.name}: a person acts there and attests it."]
