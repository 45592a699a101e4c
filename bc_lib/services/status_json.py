"""The documented JSON of `bcctl status` (schema_version 1), also behind /metrics and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bc_lib.domain.assessment import Reason, Verdict
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import NodeObservation
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified.values import Mark
from bc_lib.services.estate import Estate, GroupView, ResourceView
from bc_lib.services.verified.mark_json import mark_json

SCHEMA_VERSION = 1


def estate_json(
    estate: Estate, name: str | None = None, verified: Mapping[Scope, Mark] | None = None
) -> dict[str, Any]:
    """The estate, or only the resource or group called `name` (a group brings its members).

    `verified` is told beside the health; where it was not read, the field is null.
    """
    marks = verified or {}
    group = estate.group(name) if name else None
    wanted = None if name is None else {name} | ({view.name for view in group.members} if group else set())
    return {
        "schema_version": SCHEMA_VERSION,
        "now": estate.now.isoformat(),
        "resources": [
            resource_json(view) | _verified(marks, "resource", view.name)
            for view in estate.resources
            if wanted is None or view.name in wanted
        ],
        "groups": [
            group_json(view) | _verified(marks, "group", view.group.name)
            for view in estate.groups
            if wanted is None or view.group.name in wanted
        ],
    }


def resource_json(view: ResourceView) -> dict[str, Any]:
    """One resource. Figures that are not known, or too old to be told as present, are null."""
    current, resource = view.current, view.current.resource
    last = current.last
    fresh = last if last is not None and current.status == last.status else None
    return {
        "name": resource.name,
        "platform": resource.platform.value,
        "tier": resource.tier,
        "environment": resource.environment.value,
        "active_site": fresh.active_site if fresh else None,
        "status": current.status.value,
        "last_known_status": last.status.value if last else None,
        "could_switch_over": verdict_json(current.could_switch_over),
        "could_fail_over": verdict_json(current.could_fail_over),
        "reasons": [reason_json(reason) for reason in current.reasons],
        "observed_at": current.observed_at.isoformat() if current.observed_at else None,
        "age_s": round(current.age_s, 1) if current.age_s is not None else None,
        "lag_s": fresh.lag.replayed_s if fresh else None,
        "received_lag_s": fresh.lag.received_s if fresh else None,
        "lag_bytes": fresh.lag.replayed_bytes if fresh else None,
        "lag_source": fresh.lag.source.value if fresh and fresh.lag.source else None,
        "rpo_s": resource.rpo_s,
        "marker": fresh.marker if fresh else None,
        "heartbeat": fresh.heartbeat_statement if fresh else None,
        "sites": _sites(view, resource),
        "groups": list(view.groups),
        "dependencies": [reason_json(reason) for reason in view.dependencies],
    }


def group_json(view: GroupView) -> dict[str, Any]:
    """One group with its worst member named."""
    judged = view.assessment
    return {
        "name": view.group.name,
        "tier": view.group.tier,
        "status": judged.status.value,
        "worst_member": judged.worst_member,
        "worst_members": list(judged.worst_members),
        "could_switch_over": verdict_json(judged.could_switch_over),
        "could_fail_over": verdict_json(judged.could_fail_over),
        "reasons": [reason_json(reason) for reason in judged.reasons],
        "members": list(judged.order),
        "waves": [list(wave) for wave in judged.waves],
    }


def _verified(marks: Mapping[Scope, Mark], kind: str, name: str) -> dict[str, Any]:
    mark = marks.get(Scope(kind=kind, name=name))
    return {"verified": mark_json(mark) if mark else None}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """An answer (yes, with_loss, no, unknown) with its reasons."""
    return {"answer": verdict.answer.value, "reasons": [reason_json(reason) for reason in verdict.reasons]}


def reason_json(reason: Reason) -> dict[str, Any]:
    """Code and sentence, with the node and the figures where there are any."""
    result: dict[str, Any] = {"code": reason.code, "text": reason.text}
    if reason.node:
        result["node"] = reason.node
    if reason.figures:
        result["figures"] = dict(reason.figures)
    return result


def _sites(view: ResourceView, resource: Resource) -> dict[str, Any]:
    nodes = view.stored.observation.nodes if view.stored else ()
    return {
        site: {"home": site == resource.home_site, "nodes": [_node(node) for node in nodes if node.site == site]}
        for site in (resource.home_site, resource.dr_site)
    }


def _node(node: NodeObservation) -> dict[str, Any]:
    facts = node.facts
    return {
        "node": node.node,
        "observed_at": node.observed_at.isoformat(),
        "reach": node.reach.value,
        "error": node.error,
        "latency_s": node.latency_s,
        "role": facts.role.value if facts else None,
        "version": facts.version if facts else None,
        "timeline": facts.timeline if facts else None,
        "received": facts.received_lsn if facts else None,
        "replayed": facts.replayed_lsn if facts else None,
        "current": facts.current_lsn if facts else None,
    }
