"""What is watched: sites, resources, groups, and where notices go (FR-001, FR-003).

Times are seconds, sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bc_lib.domain.managers import Manager


class Platform(StrEnum):
    """What a resource is; each has one connector package of the same name."""

    POSTGRESQL = "postgresql"
    HTTP = "http"


class Environment(StrEnum):
    """Environment a monitored resource belongs to. Only PROD is production."""

    PROD = "prod"
    STAGING = "staging"
    TEST = "test"
    DEV = "dev"
    DEMO = "demo"

    @property
    def production(self) -> bool:
        return self is Environment.PROD


class Tls(StrEnum):
    """TLS of a connection; VERIFY_FULL unless said otherwise. DISABLE is for loopback only (SEC-004)."""

    VERIFY_FULL = "verify-full"
    VERIFY_CA = "verify-ca"
    DISABLE = "disable"


class ChannelKind(StrEnum):
    """How a notice travels. A PAGER wakes people."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    CHAT = "chat"
    PAGER = "pager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place a resource can live at: people read the title, and type the name."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One node of a resource at a site. `node` is unique in the resource and defaults to the site's name.

    A database has host, port, database, secret; an HTTP application has url and perhaps json_field. `site_title` is
    filled by the inventory that holds it.
    """

    site: str
    node: str
    host: str | None = None
    port: int | None = None
    database: str | None = None
    secret: str | None = None
    tls: Tls = Tls.VERIFY_FULL
    ca_file: str | None = None
    url: str | None = None
    json_field: str | None = None
    host_control: str | None = None  # agent:URL or ssh:USER@HOST; None: a person acts on the host
    site_title: str = field(default="", compare=False, repr=False)

    @property
    def place(self) -> str:
        """Where it is, as people read it: `Frankfurt`, `pg-2 (Frankfurt)`."""
        title = self.site_title or self.site
        return title if self.node == self.site else f"{self.node} ({title})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When an indicator is a warning or critical. None: the rule's default (see rules/)."""

    lag_warn_s: float | None = None
    lag_critical_s: float | None = None
    retained_wal_warn_bytes: int | None = None
    latency_warn_s: float | None = None
    long_transaction_warn_s: float | None = None
    alert_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A row written at the primary every `interval_s` and read at the DR site (FR-014)."""

    interval_s: float


class CheckKind(StrEnum):
    """What an integrity check compares across sites at a marker (FR-037)."""

    ROW_COUNT = "row-count"  # of `table`
    CHECKSUM = "checksum"  # of all rows of `table`
    QUERY = "query"  # one value of `query`: a business question


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityCheck:
    """One configured comparison. `table` for counts and checksums, `query` for business questions."""

    name: str
    kind: CheckKind
    table: str | None = None
    query: str | None = None


class TrafficKind(StrEnum):
    """How clients find the new primary."""

    MULTI_HOST = "multi-host"  # the clients' driver knows all hosts (libpq)
    WEBHOOK = "webhook"  # we call an address that moves them
    MANUAL = "manual"  # a person moves them


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What acting on a resource needs; a resource without it is monitored only (S8: other secrets than monitoring's).

    `secret` is the execution account, `client_secret` the clients' own account, with which a write proves that service
    is back. `webhook` belongs to TrafficKind.WEBHOOK. `allow_overrides` names prechecks that may be overridden.
    """

    secret: str
    client_secret: str
    host_secret: str | None = None
    traffic: TrafficKind = TrafficKind.MULTI_HOST
    webhook: str | None = None
    integrity: tuple[IntegrityCheck, ...] = ()
    allow_overrides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One replicated database or application dependency. `tier` 1 is critical, 2 is not."""

    name: str
    platform: Platform
    tier: int
    environment: Environment
    owner: str
    home_site: str
    dr_site: str
    endpoints: tuple[Endpoint, ...]
    interval_s: float = 15.0
    rpo_s: float | None = None
    rto_s: float | None = None
    execution: Execution | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    heartbeat: Heartbeat | None = None
    depends_on: tuple[str, ...] = ()
    notes: str = ""
    manager: Manager = Manager.NONE  # who else moves it; then it is never moved from here
    manager_overruled: str = ""  # why signs of a manager do not count: an administrator's reason

    def title(self, site: str) -> str:
        """A site of it as people read it; its name where the inventory has no title for it."""
        return next((each.site_title for each in self.endpoints if each.site == site and each.site_title), site)

    def place(self, node: str) -> str:
        """A node of it as people read it; its name where the inventory has no such node."""
        return next((each.place for each in self.endpoints if each.node == node), self.title(node))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A resource inside a group; `after` names members that move before it."""

    resource: str
    after: tuple[str, ...] = ()


class IfPartial(StrEnum):
    """What a group's run does when a member cannot be moved after others were: said before, in the plan."""

    FINISH = "finish"  # stay where it is, a person finishes
    RETURN = "return"  # move the moved members back


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Resources that move together, in dependency order."""

    name: str
    tier: int
    owner: str
    members: tuple[Member, ...]
    rpo_s: float | None = None
    rto_s: float | None = None
    if_partial: IfPartial = IfPartial.FINISH


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where notices go. `url` is an Apprise URL or a secret reference to one."""

    name: str
    kind: ChannelKind
    url: str
    production: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Notices of resources with this tier and environment go to these channels."""

    tiers: tuple[int, ...]
    environments: tuple[Environment, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything that is watched, as one value; each endpoint knows its site's title."""

    sites: tuple[Site, ...] = ()
    resources: tuple[Resource, ...] = ()
    groups: tuple[Group, ...] = ()
    channels: tuple[Channel, ...] = ()
    routes: tuple[Route, ...] = ()

    def __post_init__(self) -> None:
        titles = {site.name: site.title for site in self.sites}
        object.__setattr__(self, "resources", tuple(_titled(each, titles) for each in self.resources))

    def resource_map(self) -> Mapping[str, Resource]:
        """Resources by name."""
        return {resource.name: resource for resource in self.resources}


def _titled(resource: Resource, titles: Mapping[str, str]) -> Resource:
    ends = tuple(replace(each, site_title=titles.get(each.site, "")) for each in resource.endpoints)
    return replace(resource, endpoints=ends)
