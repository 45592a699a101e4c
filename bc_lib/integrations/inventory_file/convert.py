"""Entries of the file to values of the domain."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.inventory import (
    Channel,
    Endpoint,
    Execution,
    Group,
    Heartbeat,
    IntegrityCheck,
    Inventory,
    Member,
    Resource,
    Route,
    Site,
    Thresholds,
)
from bc_lib.integrations.inventory_file.models import (
    ChannelEntry,
    Entry,
    ExecutionEntry,
    GroupEntry,
    ResourceEntry,
    RouteEntry,
    SiteEntry,
)


def inventory(entries: dict[str, list[Any]]) -> Inventory:
    """The inventory of all entries by section."""
    values: dict[str, Any] = {section: tuple(_value(entry) for entry in found) for section, found in entries.items()}
    return Inventory(**values)


def _value(entry: Entry) -> Site | Resource | Group | Channel | Route:
    match entry:
        case SiteEntry():
            return Site(name=entry.name, title=entry.title)
        case ResourceEntry():
            return _resource(entry)
        case GroupEntry():
            members = tuple(Member(resource=one.resource, after=tuple(one.after)) for one in entry.members)
            return Group(
                name=entry.name,
                tier=entry.tier,
                owner=entry.owner,
                rpo_s=entry.rpo,
                rto_s=entry.rto,
                if_partial=entry.if_partial,
                members=members,
            )
        case ChannelEntry():
            return Channel(name=entry.name, kind=entry.kind, url=entry.url, production=entry.production)
        case RouteEntry():
            return Route(
                tiers=tuple(entry.tiers), environments=tuple(entry.environments), channels=tuple(entry.channels)
            )
    raise TypeError(f"{type(entry).__name__} is no section of the file")


def _resource(entry: ResourceEntry) -> Resource:
    limits = entry.thresholds
    return Resource(
        name=entry.name,
        platform=entry.platform,
        tier=entry.tier,
        environment=entry.environment,
        owner=entry.owner,
        home_site=entry.home_site,
        dr_site=entry.dr_site,
        interval_s=entry.interval,
        rpo_s=entry.rpo,
        rto_s=entry.rto,
        execution=_execution(entry.execution) if entry.execution else None,
        notes=entry.notes,
        manager=entry.manager,
        manager_overruled=entry.manager_overruled,
        depends_on=tuple(entry.depends_on),
        heartbeat=Heartbeat(interval_s=entry.heartbeat.interval) if entry.heartbeat else None,
        endpoints=tuple(Endpoint(**{**one.model_dump(), "node": one.node or one.site}) for one in entry.endpoints),
        thresholds=Thresholds(
            lag_warn_s=limits.lag_warn,
            lag_critical_s=limits.lag_critical,
            retained_wal_warn_bytes=limits.retained_wal_warn,
            latency_warn_s=limits.latency_warn,
            long_transaction_warn_s=limits.long_transaction_warn,
            alert_after_s=limits.alert_after,
        ),
    )


def _execution(entry: ExecutionEntry) -> Execution:
    return Execution(
        secret=entry.secret,
        client_secret=entry.client_secret,
        host_secret=entry.host_secret,
        traffic=entry.traffic,
        webhook=entry.webhook,
        integrity=tuple(IntegrityCheck(**one.model_dump()) for one in entry.integrity),
        allow_overrides=tuple(entry.allow_overrides),
    )
