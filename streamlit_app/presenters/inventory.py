"""What is watched, in tables. Secrets are shown as references, which is all there is."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.inventory import Channel, Endpoint, Group, Inventory, Resource, Route
from streamlit_app.presenters.words import UNKNOWN, count, duration, size

DEFAULT = "default"
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """One resource with everything that is set for it."""

    name: str
    facts: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    endpoints: tuple[tuple[str, str, str, str], ...]
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryPage:
    """The whole page; rows are tuples of cells under `*_head`."""

    headline: str
    revision: int
    resources: tuple[Endpoints, ...]
    groups: tuple[tuple[str, ...], ...]
    channels: tuple[tuple[str, ...], ...]
    routes: tuple[tuple[str, ...], ...]
    hidden: int


def inventory_page(inventory: Inventory, revision: int, text: str = "") -> InventoryPage:
    """The inventory as far as `text` finds it in names, owners and platforms."""
    found = [each for each in inventory.resources if _found(each, text)]
    return InventoryPage(
        headline=f"{count(len(inventory.resources), 'resource')} in {count(len(inventory.groups), 'group')} "
        f"at {count(len(inventory.sites), 'site')}",
        revision=revision,
        resources=tuple(
            _resource(each, inventory) for each in sorted(found, key=lambda r: (r.tier, r.name))[:MAX_SHOWN]
        ),
        groups=tuple(_group(each) for each in inventory.groups),
        channels=tuple(_channel(each) for each in inventory.channels),
        routes=tuple(_route(each) for each in inventory.routes),
        hidden=max(0, len(found) - MAX_SHOWN),
    )


def _found(resource: Resource, text: str) -> bool:
    words = f"{resource.name} {resource.owner} {resource.platform.value} {resource.environment.value}".lower()
    return all(part in words for part in text.lower().split())


def _resource(resource: Resource, inventory: Inventory) -> Endpoints:
    titles = {site.name: site.title for site in inventory.sites}
    limits = resource.thresholds
    settings = [
        ("Home site", titles.get(resource.home_site, resource.home_site)),
        ("DR site", titles.get(resource.dr_site, resource.dr_site)),
        ("Checked every", duration(resource.interval_s)),
        ("RPO target", _seconds(resource.rpo_s, "none set")),
        ("Lag warning", _seconds(limits.lag_warn_s)),
        ("Lag critical", _seconds(limits.lag_critical_s)),
        (
            "Retained WAL warning",
            size(limits.retained_wal_warn_bytes) if limits.retained_wal_warn_bytes is not None else DEFAULT,
        ),
        ("Latency warning", _seconds(limits.latency_warn_s)),
        ("Long transaction warning", _seconds(limits.long_transaction_warn_s)),
        ("Alert after", _seconds(limits.alert_after_s)),
        ("Heartbeat", f"every {duration(resource.heartbeat.interval_s)}" if resource.heartbeat else "none"),
        ("Depends on", ", ".join(resource.depends_on) or "nothing named"),
        ("Managed by", resource.manager.shown),
        *([("Signs of a manager overruled", resource.manager_overruled)] if resource.manager_overruled else []),
    ]
    return Endpoints(
        name=resource.name,
        facts=(f"Tier {resource.tier}", resource.platform.value, resource.environment.value, resource.owner),
        settings=tuple(settings),
        endpoints=tuple(_endpoint(each, titles) for each in resource.endpoints),
        notes=resource.notes,
    )


def _seconds(value: float | None, absent: str = DEFAULT) -> str:
    return duration(value) if value is not None else absent


def _endpoint(endpoint: Endpoint, titles: dict[str, str]) -> tuple[str, str, str, str]:
    site = titles.get(endpoint.site, endpoint.site)
    where = endpoint.url or f"{endpoint.host or UNKNOWN}:{endpoint.port or '?'}/{endpoint.database or ''}"
    shown = where if endpoint.node == endpoint.site else f"{endpoint.node}: {where}"
    if endpoint.url:
        return site, shown, endpoint.secret or "none needed", "https" if endpoint.url.startswith("https:") else "no TLS"
    return site, shown, endpoint.secret or "none", f"TLS {endpoint.tls.value}"


def _group(group: Group) -> tuple[str, ...]:
    members = "; ".join(f"{m.resource} (after {', '.join(m.after)})" if m.after else m.resource for m in group.members)
    return group.name, str(group.tier), group.owner, _seconds(group.rpo_s, "none set"), members


def _channel(channel: Channel) -> tuple[str, ...]:
    return (
        channel.name,
        channel.kind.value,
        _reference(channel.url),
        "production" if channel.production else "not production",
    )


def _reference(url: str) -> str:
    """A reference as it is; of an address that was given openly only its scheme, for the rest may hold a password."""
    if url.startswith(("env:", "vault:")):
        return url
    return f"{url.split(':', 1)[0]}: (address not shown)"


def _route(route: Route) -> tuple[str, ...]:
    return (
        ", ".join(str(tier) for tier in route.tiers),
        ", ".join(each.value for each in route.environments),
        ", ".join(route.channels),
    )
