"""What an inventory must satisfy before it may be applied (FR-001, A12, A13).

Every trouble is found, not only the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlsplit

from bc_lib.domain.dependencies import find_cycle, inventory_edges, show
from bc_lib.domain.endpoints import InvalidEndpoint, check_endpoint
from bc_lib.domain.execution_rules import execution_troubles
from bc_lib.domain.inventory import Channel, Environment, Group, Inventory, Platform, Resource, Route
from bc_lib.domain.inventory_diff import route_name
from bc_lib.domain.managers import Manager
from bc_lib.domain.names import MAX_LENGTH, InvalidName, check_name, check_text

SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S = 1.0, 900.0
MAX_NOTES = 2000
LARGEST = {
    "thresholds.retained_wal_warn": 2.0**50,
    "heartbeat.interval": 86_400.0,
}  # bytes, seconds; the database has the same
YEAR_S = 31_536_000.0  # any other figure
LONGEST_WAIT_S = 86_400.0
REFERENCES = ("env:", "vault:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One trouble. `kind` and `index` say where (resource 3 counts from 0), `field` is a path inside it.

    `first` is the index of the earlier one where a name stands twice.
    """

    kind: str
    index: int
    text: str
    field: str | None = None
    first: int | None = None


Say = Callable[[str, str], Problem]


def problems(inventory: Inventory, also_known: Collection[str] = ()) -> tuple[Problem, ...]:
    """All troubles of `inventory`; empty when it may be applied.

    `also_known`: names that exist but could not be read, so that one trouble does not look like many.
    """
    found: list[Problem] = []
    for kind, items in (
        ("site", inventory.sites),
        ("resource", inventory.resources),
        ("group", inventory.groups),
        ("channel", inventory.channels),
    ):
        found += _names(kind, [item.name for item in items])
    found += _shared_names(inventory)
    for index, site in enumerate(inventory.sites):
        found += _text("site", index, "title", site.title)
    for index, resource in enumerate(inventory.resources):
        found += _resource(index, resource, inventory, also_known)
    for index, group in enumerate(inventory.groups):
        found += _group(index, group, inventory, also_known)
    for index, channel in enumerate(inventory.channels):
        found += _channel(index, channel)
    found += _routes(inventory, also_known)
    return (*found, *_cycle(inventory))


def _names(kind: str, names: Sequence[str]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        try:
            check_name(kind, name)
        except InvalidName as error:
            yield Problem(kind=kind, index=index, field="name", text=str(error))
        first = names.index(name)
        if first != index:
            yield Problem(
                kind=kind, index=index, field="name", first=first, text=f"the name {_shown(name)} is given twice"
            )


def _shared_names(inventory: Inventory) -> Iterator[Problem]:
    resources = {resource.name for resource in inventory.resources}
    for index, group in enumerate(inventory.groups):
        if group.name in resources:
            yield Problem(
                kind="group",
                index=index,
                field="name",
                text=f"{_shown(group.name)} is the name of a resource too; give one of them another name",
            )


def _text(kind: str, index: int, field: str, text: str) -> Iterator[Problem]:
    try:
        check_text(field, text)
    except InvalidName as error:
        yield Problem(kind=kind, index=index, field=field, text=str(error))


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(name, names, 1)
    shown = ", ".join(map(_shown, names[:10])) or "none"
    return f"there is no {what} {name[:63]!a}; " + (f"did you mean {near[0]!a}?" if near else f"known: {shown}")


def _shown(name: str) -> str:
    """A name that may be a wrong one, so that it can stand in a message."""
    return name if name.isascii() and name.isprintable() and len(name) <= MAX_LENGTH else ascii(name[:MAX_LENGTH])


def _resource(index: int, resource: Resource, inventory: Inventory, also: Collection[str]) -> Iterator[Problem]:
    def problem(field: str, text: str) -> Problem:
        return Problem(kind="resource", index=index, field=field, text=text)

    yield from _text("resource", index, "owner", resource.owner)
    if len(resource.notes) > MAX_NOTES or any(not (char.isprintable() or char == "\n") for char in resource.notes):
        yield problem("notes", f"notes must be at most {MAX_NOTES} printable characters")
    if resource.manager_overruled:
        yield from _text("resource", index, "manager_overruled", resource.manager_overruled)
        if resource.manager is not Manager.NONE:
            yield problem("manager_overruled", f"nothing is overruled where manager is {resource.manager.value}")
    if resource.tier not in {1, 2}:
        yield problem("tier", "tier must be 1 or 2")
    yield from _sites(problem, resource, {site.name for site in inventory.sites} | set(also))
    yield from _figures(problem, resource)
    for field, text in execution_troubles(resource):
        yield problem(field, text)
    targets = {one.name for one in inventory.resources} | {one.name for one in inventory.groups} | set(also)
    for place, name in enumerate(resource.depends_on):
        if name not in targets:
            yield problem(f"depends_on.{place}", _unknown("resource or group", name, targets))
        elif name in resource.depends_on[:place]:
            yield problem(f"depends_on.{place}", f"{_shown(name)} is named twice")


def _sites(problem: Say, resource: Resource, known: set[str]) -> Iterator[Problem]:
    for field in ("home_site", "dr_site"):
        if getattr(resource, field) not in known:
            yield problem(field, _unknown("site", getattr(resource, field), known))
    if resource.home_site == resource.dr_site:
        yield problem(
            "dr_site", f"home_site and dr_site are both {_shown(resource.home_site)}; a resource needs two sites"
        )
    for site in dict.fromkeys((resource.home_site, resource.dr_site)):
        if site in known and not any(endpoint.site == site for endpoint in resource.endpoints):
            yield problem("endpoints", f"there is no endpoint at site {_shown(site)}")
    nodes = [endpoint.node for endpoint in resource.endpoints]
    for place, endpoint in enumerate(resource.endpoints):
        where = f"endpoints.{place}"
        if endpoint.site not in known:
            yield problem(f"{where}.site", _unknown("site", endpoint.site, known))
        if endpoint.node in nodes[:place]:
            yield problem(
                where,
                f"node {_shown(endpoint.node)} is given twice; endpoints at one site each need a node of their own",
            )
        try:
            check_name("node", endpoint.node)
            check_endpoint(resource, endpoint)
        except (InvalidName, InvalidEndpoint) as error:
            yield problem(where, str(error))


def _figures(problem: Say, resource: Resource) -> Iterator[Problem]:
    if not SHORTEST_INTERVAL_S <= resource.interval_s <= LONGEST_INTERVAL_S:
        yield problem("interval", "interval must be 1s to 15min")
    limits = resource.thresholds
    figures = {
        "rpo": resource.rpo_s,
        "rto": resource.rto_s,
        "thresholds.lag_warn": limits.lag_warn_s,
        "thresholds.lag_critical": limits.lag_critical_s,
        "thresholds.retained_wal_warn": limits.retained_wal_warn_bytes,
        "thresholds.latency_warn": limits.latency_warn_s,
        "thresholds.long_transaction_warn": limits.long_transaction_warn_s,
        "heartbeat.interval": resource.heartbeat.interval_s if resource.heartbeat else None,
    }
    for field, figure in figures.items():
        if figure is not None and not 0 < figure <= LARGEST.get(field, YEAR_S):
            yield problem(field, f"{field.rpartition('.')[2]} must be greater than zero and not absurdly large")
    if limits.alert_after_s is not None and not 0 <= limits.alert_after_s <= LONGEST_WAIT_S:
        yield problem("thresholds.alert_after", "alert_after must not be negative or absurdly large")
    if limits.lag_warn_s and limits.lag_critical_s and limits.lag_warn_s > limits.lag_critical_s:
        yield problem("thresholds.lag_warn", "lag_warn must not be greater than lag_critical")
    if resource.heartbeat is not None and resource.platform is not Platform.POSTGRESQL:
        yield problem("heartbeat", f"a heartbeat needs a database; {resource.platform.value} has none")


def _group(index: int, group: Group, inventory: Inventory, also: Collection[str]) -> Iterator[Problem]:
    def problem(field: str, text: str) -> Problem:
        return Problem(kind="group", index=index, field=field, text=text)

    yield from _text("group", index, "owner", group.owner)
    if group.tier not in {1, 2}:
        yield problem("tier", "tier must be 1 or 2")
    if group.rpo_s is not None and not 0 < group.rpo_s <= YEAR_S:
        yield problem("rpo", "rpo must be greater than zero and not absurdly large")
    if group.rto_s is not None and not 0 < group.rto_s <= YEAR_S:
        yield problem("rto", "rto must be greater than zero and not absurdly large")
    if not group.members:
        yield problem("members", "a group needs at least one member")
    known = {resource.name for resource in inventory.resources} | set(also)
    members = [member.resource for member in group.members]
    for place, member in enumerate(group.members):
        where = f"members.{place}"
        if member.resource not in known:
            yield problem(f"{where}.resource", _unknown("resource", member.resource, known))
        if member.resource in members[:place]:
            yield problem(where, f"{_shown(member.resource)} is a member twice")
        for step, name in enumerate(member.after):
            if name not in members:
                yield problem(f"{where}.after.{step}", _unknown("member", name, members))
            elif name in member.after[:step]:
                yield problem(f"{where}.after.{step}", f"{_shown(name)} is named twice")


def _channel(index: int, channel: Channel) -> Iterator[Problem]:
    if channel.url.startswith(REFERENCES):
        return
    try:
        parts = urlsplit(channel.url)
        holds_secret = parts.password is not None or bool(parts.query)
    except ValueError:
        holds_secret = True
    if not channel.url.isprintable() or "://" not in channel.url or len(channel.url) > 500:
        yield Problem(
            kind="channel",
            index=index,
            field="url",
            text="url must be an Apprise URL or a reference to one (env:NAME or vault:PATH)",
        )
    elif holds_secret:
        # The text is not repeated: it may hold a password.
        yield Problem(
            kind="channel",
            index=index,
            field="url",
            text="url holds a password or parameters; write a reference to it (env:NAME or vault:PATH)",
        )


def _routes(inventory: Inventory, also: Collection[str]) -> Iterator[Problem]:
    names = [route_name(route) for route in inventory.routes]
    for index, route in enumerate(inventory.routes):
        for field, text in _route(route, inventory, also):
            yield Problem(kind="route", index=index, field=field, text=text)
        first = names.index(names[index])
        if first != index:
            yield Problem(
                kind="route",
                index=index,
                first=first,
                text="the same tiers and environments are given twice; name all channels in one route",
            )


def _route(route: Route, inventory: Inventory, also: Collection[str]) -> Iterator[tuple[str, str]]:
    for field in ("tiers", "environments", "channels"):
        values = getattr(route, field)
        if not values:
            yield field, f"{field} must not be empty"
        elif len(set(values)) != len(values):
            yield field, f"{field} names something twice"
    if not set(route.tiers) <= {1, 2}:
        yield "tiers", "tiers are 1 and 2"
    channels = {channel.name: channel for channel in inventory.channels}
    harmless = [one.value for one in route.environments if one is not Environment.PROD]
    for place, name in enumerate(route.channels):
        if name not in channels and name not in also:
            yield f"channels.{place}", _unknown("channel", name, channels)
        elif name in channels and channels[name].production and harmless:
            yield (
                f"channels.{place}",
                f"channel {_shown(name)} is for production only, and this route is for {', '.join(harmless)} too",
            )


def _cycle(inventory: Inventory) -> Iterator[Problem]:
    edges = inventory_edges(inventory)
    cycle = find_cycle(edges)
    if cycle is None:
        return
    resources = [resource.name for resource in inventory.resources]
    first = next((name for name in cycle if name in resources), None)
    if first is None:
        return
    yield Problem(kind="resource", index=resources.index(first), text=f"dependency cycle: {show(map(_shown, cycle))}")
