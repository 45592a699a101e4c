"""The format of the file. Unknown keys are refused; what it all means is judged by the domain's rules."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from bc_lib.domain.inventory import ChannelKind, CheckKind, Environment, IfPartial, Platform, Tls, TrafficKind
from bc_lib.domain.managers import Manager
from bc_lib.integrations.inventory_file import units

Seconds = Annotated[float, BeforeValidator(units.seconds)]
Size = Annotated[int, BeforeValidator(units.size)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
Tier = Literal[1, 2]


class Entry(BaseModel):
    """Whatever stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteEntry(Entry):
    name: StrictStr
    title: StrictStr


class EndpointEntry(Entry):
    site: StrictStr
    node: StrictStr | None = None
    host: StrictStr | None = None
    port: Port | None = None
    database: StrictStr | None = None
    secret: StrictStr | None = None
    tls: Tls = Tls.VERIFY_FULL
    ca_file: StrictStr | None = None
    url: StrictStr | None = None
    json_field: StrictStr | None = None
    host_control: StrictStr | None = None


class ThresholdsEntry(Entry):
    lag_warn: Seconds | None = None
    lag_critical: Seconds | None = None
    retained_wal_warn: Size | None = None
    latency_warn: Seconds | None = None
    long_transaction_warn: Seconds | None = None
    alert_after: Seconds | None = None


class HeartbeatEntry(Entry):
    interval: Seconds


class IntegrityEntry(Entry):
    name: StrictStr
    kind: CheckKind
    table: StrictStr | None = None
    query: StrictStr | None = None


class ExecutionEntry(Entry):
    secret: StrictStr
    client_secret: StrictStr
    host_secret: StrictStr | None = None
    traffic: TrafficKind = TrafficKind.MULTI_HOST
    webhook: StrictStr | None = None
    integrity: list[IntegrityEntry] = []
    allow_overrides: list[StrictStr] = []


class ResourceEntry(Entry):
    name: StrictStr
    platform: Platform
    tier: Tier
    environment: Environment
    owner: StrictStr
    home_site: StrictStr
    dr_site: StrictStr
    endpoints: list[EndpointEntry]
    interval: Seconds = 15.0
    rpo: Seconds | None = None
    rto: Seconds | None = None
    execution: ExecutionEntry | None = None
    thresholds: ThresholdsEntry = ThresholdsEntry()
    heartbeat: HeartbeatEntry | None = None
    depends_on: list[StrictStr] = []
    notes: StrictStr = ""
    manager: Manager = Manager.NONE
    manager_overruled: StrictStr = ""


class MemberEntry(Entry):
    resource: StrictStr
    after: list[StrictStr] = []


class GroupEntry(Entry):
    name: StrictStr
    tier: Tier
    owner: StrictStr
    members: list[MemberEntry]
    rpo: Seconds | None = None
    rto: Seconds | None = None
    if_partial: IfPartial = IfPartial.FINISH


class ChannelEntry(Entry):
    name: StrictStr
    kind: ChannelKind
    url: StrictStr
    production: StrictBool = False


class RouteEntry(Entry):
    tiers: list[Tier]
    environments: list[Environment]
    channels: list[StrictStr]


SECTIONS: dict[str, type[Entry]] = {
    "sites": SiteEntry,
    "resources": ResourceEntry,
    "groups": GroupEntry,
    "channels": ChannelEntry,
    "routes": RouteEntry,
}
# By the path without places: which keys are allowed where.
MODELS: dict[tuple[str, ...], type[Entry]] = {
    **{(name,): model for name, model in SECTIONS.items()},
    ("resources", "endpoints"): EndpointEntry,
    ("resources", "thresholds"): ThresholdsEntry,
    ("resources", "heartbeat"): HeartbeatEntry,
    ("resources", "execution"): ExecutionEntry,
    ("resources", "execution", "integrity"): IntegrityEntry,
    ("groups", "members"): MemberEntry,
}
