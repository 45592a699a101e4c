"""The inventory as rows of its tables, and back."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bc_lib.domain.inventory import (
    Channel,
    ChannelKind,
    Endpoint,
    Environment,
    Execution,
    Group,
    Heartbeat,
    IfPartial,
    Inventory,
    Member,
    Platform,
    Resource,
    Route,
    Site,
    Thresholds,
    Tls,
)
from bc_lib.domain.managers import Manager
from bc_lib.store.codec import from_json, to_json

Row = Mapping[str, Any]
Rows = dict[str, list[dict[str, Any]]]
THRESHOLDS = tuple(field.name for field in dataclasses.fields(Thresholds))
# In the order in which they may be filled; each refers to earlier ones only.
TABLES = (
    "site",
    "resource",
    "endpoint",
    "resource_group",
    "group_member",
    "group_order",
    "dependency",
    "channel",
    "route",
    "route_channel",
)


def to_rows(inventory: Inventory) -> Rows:
    """Rows by table. `position` keeps the order that people wrote."""
    rows: Rows = {name: [] for name in TABLES}
    groups = {group.name for group in inventory.groups}
    for place, site in enumerate(inventory.sites):
        rows["site"].append({"name": site.name, "title": site.title, "position": place})
    for place, resource in enumerate(inventory.resources):
        _resource_rows(rows, resource, place, groups)
    for place, group in enumerate(inventory.groups):
        _group_rows(rows, group, place)
    for place, channel in enumerate(inventory.channels):
        rows["channel"].append(
            {
                "name": channel.name,
                "kind": channel.kind.value,
                "url": channel.url,
                "production": channel.production,
                "position": place,
            }
        )
    for place, route in enumerate(inventory.routes):
        rows["route"].append(
            {"position": place, "tiers": list(route.tiers), "environments": [one.value for one in route.environments]}
        )
        rows["route_channel"] += [
            {"route": place, "channel": name, "position": n} for n, name in enumerate(route.channels)
        ]
    return rows


def _resource_rows(rows: Rows, resource: Resource, place: int, groups: set[str]) -> None:
    rows["resource"].append(
        {
            "name": resource.name,
            "platform": resource.platform.value,
            "tier": resource.tier,
            "environment": resource.environment.value,
            "owner": resource.owner,
            "home_site": resource.home_site,
            "dr_site": resource.dr_site,
            "interval_s": resource.interval_s,
            "rpo_s": resource.rpo_s,
            "rto_s": resource.rto_s,
            "execution": to_json(resource.execution) if resource.execution else None,
            **{name: getattr(resource.thresholds, name) for name in THRESHOLDS},
            "heartbeat_interval_s": resource.heartbeat.interval_s if resource.heartbeat else None,
            "notes": resource.notes,
            "manager": resource.manager.value,
            "manager_overruled": resource.manager_overruled,
            "position": place,
        }
    )
    for n, endpoint in enumerate(resource.endpoints):
        rows["endpoint"].append({**_end(endpoint), "tls": endpoint.tls.value, "resource": resource.name, "position": n})
    for n, name in enumerate(resource.depends_on):
        rows["dependency"].append(
            {
                "resource": resource.name,
                "position": n,
                "on_resource": None if name in groups else name,
                "on_group": name if name in groups else None,
            }
        )


def _end(endpoint: Endpoint) -> Row:
    return {name: value for name, value in dataclasses.asdict(endpoint).items() if name != "site_title"}


def _group_rows(rows: Rows, group: Group, place: int) -> None:
    rows["resource_group"].append(
        {
            "name": group.name,
            "tier": group.tier,
            "owner": group.owner,
            "rpo_s": group.rpo_s,
            "rto_s": group.rto_s,
            "if_partial": group.if_partial.value,
            "position": place,
        }
    )
    for n, member in enumerate(group.members):
        rows["group_member"].append({"group_name": group.name, "resource": member.resource, "position": n})
        rows["group_order"] += [
            {"group_name": group.name, "resource": member.resource, "after": after, "position": k}
            for k, after in enumerate(member.after)
        ]


def from_rows(rows: Mapping[str, Sequence[Row]]) -> Inventory:
    """The inventory from rows that are in the order of `position`."""
    endpoints, dependencies = _by(rows["endpoint"], "resource"), _by(rows["dependency"], "resource")
    members, order = _by(rows["group_member"], "group_name"), _by(rows["group_order"], "group_name")
    channels = _by(rows["route_channel"], "route")
    return Inventory(
        sites=tuple(Site(name=row["name"], title=row["title"]) for row in rows["site"]),
        resources=tuple(_resource(row, endpoints[row["name"]], dependencies[row["name"]]) for row in rows["resource"]),
        groups=tuple(_group(row, members[row["name"]], order[row["name"]]) for row in rows["resource_group"]),
        channels=tuple(
            Channel(name=row["name"], kind=ChannelKind(row["kind"]), url=row["url"], production=row["production"])
            for row in rows["channel"]
        ),
        routes=tuple(_route(row, channels[row["position"]]) for row in rows["route"]),
    )


def _by(rows: Sequence[Row], key: str) -> defaultdict[Any, list[Row]]:
    found: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _resource(row: Row, endpoints: Sequence[Row], dependencies: Sequence[Row]) -> Resource:
    beat = row["heartbeat_interval_s"]
    return Resource(
        name=row["name"],
        platform=Platform(row["platform"]),
        tier=row["tier"],
        environment=Environment(row["environment"]),
        owner=row["owner"],
        home_site=row["home_site"],
        dr_site=row["dr_site"],
        interval_s=row["interval_s"],
        rpo_s=row["rpo_s"],
        rto_s=row["rto_s"],
        execution=None if row["execution"] is None else from_json(Execution, row["execution"]),
        notes=row["notes"],
        manager=Manager(row["manager"]),
        manager_overruled=row["manager_overruled"],
        thresholds=Thresholds(**{key: row[key] for key in THRESHOLDS}),
        heartbeat=None if beat is None else Heartbeat(interval_s=beat),
        endpoints=tuple(map(_endpoint, endpoints)),
        depends_on=tuple(one["on_resource"] or one["on_group"] for one in dependencies),
    )


def _endpoint(row: Row) -> Endpoint:
    values = {key: row[key] for key in row if key not in {"resource", "position", "tls"}}
    return Endpoint(**values, tls=Tls(row["tls"]))


def _group(row: Row, members: Sequence[Row], order: Sequence[Row]) -> Group:
    after = _by(order, "resource")
    return Group(
        name=row["name"],
        tier=row["tier"],
        owner=row["owner"],
        rpo_s=row["rpo_s"],
        rto_s=row["rto_s"],
        if_partial=IfPartial(row["if_partial"]),
        members=tuple(
            Member(resource=one["resource"], after=tuple(step["after"] for step in after[one["resource"]]))
            for one in members
        ),
    )


def _route(row: Row, channels: Sequence[Row]) -> Route:
    return Route(
        tiers=tuple(row["tiers"]),
        environments=tuple(Environment(one) for one in row["environments"]),
        channels=tuple(one["channel"] for one in channels),
    )
