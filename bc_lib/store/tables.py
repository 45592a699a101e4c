"""The tables of schema `bc` for SQLAlchemy Core. The migrations in sql/ decide; a test compares both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Identity,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ENUM, JSONB, UUID

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import Metric

SCHEMA = "bc"
metadata = MetaData(schema=SCHEMA)

# In the database's order, from good to bad.
STATUS_ORDER = (Status.GREEN, Status.YELLOW, Status.NEVER_SEEN, Status.STALE, Status.BLIND, Status.RED)
STATUS = ENUM(*(status.value for status in STATUS_ORDER), name="status", schema=SCHEMA, create_type=False)
MOMENT = DateTime(timezone=True)


def _key(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True)


def _must(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _may(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind)


instance = Table(
    "instance", metadata, _key("incarnation", Integer), _must("id", UUID), _must("since", MOMENT), _must("reason")
)

site = Table("site", metadata, _key("name"), _must("title"), _must("position", Integer))
resource = Table(
    "resource",
    metadata,
    _key("name"),
    _must("platform"),
    _must("tier", SmallInteger),
    _must("environment"),
    _must("owner"),
    _must("home_site"),
    _must("dr_site"),
    _must("interval_s", Double),
    _may("rpo_s", Double),
    _may("rto_s", Double),
    _may("execution", JSONB(none_as_null=True)),
    _may("lag_warn_s", Double),
    _may("lag_critical_s", Double),
    _may("retained_wal_warn_bytes", BigInteger),
    _may("latency_warn_s", Double),
    _may("long_transaction_warn_s", Double),
    _may("alert_after_s", Double),
    _may("heartbeat_interval_s", Double),
    _must("notes"),
    _must("manager"),
    _must("manager_overruled"),
    _must("position", Integer),
)
endpoint = Table(
    "endpoint",
    metadata,
    _key("resource"),
    _key("node"),
    _must("site"),
    _may("host"),
    _may("port", Integer),
    _may("database"),
    _may("secret"),
    _must("tls"),
    _may("ca_file"),
    _may("url"),
    _may("json_field"),
    _may("host_control"),
    _must("position", Integer),
)
resource_group = Table(
    "resource_group",
    metadata,
    _key("name"),
    _must("tier", SmallInteger),
    _must("owner"),
    _may("rpo_s", Double),
    _may("rto_s", Double),
    _must("if_partial"),
    _must("position", Integer),
)
group_member = Table("group_member", metadata, _key("group_name"), _key("resource"), _must("position", Integer))
group_order = Table(
    "group_order", metadata, _key("group_name"), _key("resource"), _key("after"), _must("position", Integer)
)
dependency = Table(
    "dependency", metadata, _key("resource"), _key("position", Integer), _may("on_resource"), _may("on_group")
)
channel = Table(
    "channel",
    metadata,
    _key("name"),
    _must("kind"),
    _must("url"),
    _must("production", Boolean),
    _must("position", Integer),
)
route = Table(
    "route",
    metadata,
    _key("position", Integer),
    _must("tiers", ARRAY(SmallInteger)),
    _must("environments", ARRAY(Text)),
)
route_channel = Table("route_channel", metadata, _key("route", Integer), _key("channel"), _must("position", Integer))
inventory_revision = Table(
    "inventory_revision",
    metadata,
    _key("singleton", Boolean),
    _must("revision", BigInteger),
    _must("changed_at", MOMENT),
)
inventory_change = Table(
    "inventory_change",
    metadata,
    _key("revision", BigInteger),
    _must("at", MOMENT),
    _must("actor"),
    _must("summary"),
    _must("before", JSONB),
    _must("after", JSONB),
    _may("rows", JSONB),
    _may("differs", JSONB),
)

observation = Table(
    "observation",
    metadata,
    _must("resource"),
    _must("observed_at", MOMENT),
    _must("status", STATUS),
    _must("codes", ARRAY(Text)),
    _may("active_site"),
    _may("lag_replayed_s", Double),
    _may("lag_received_s", Double),
    _may("lag_bytes", Double),
    _may("latency_s", Double),
    _may("marker"),
    _must("could_switch_over"),
    _must("could_fail_over"),
    _must("cold", Boolean),
    _must("nodes", JSONB),
)
current_status = Table(
    "current_status",
    metadata,
    _key("resource"),
    _must("status", STATUS),
    _must("observed_at", MOMENT),
    _must("since", MOMENT),
    _must("assessment", JSONB),
    _must("observation", JSONB),
    _must("memory", JSONB),
    _must("alert", JSONB),
    _must("epoch", BigInteger),
    _must("recorded_at", MOMENT),
)
status_change = Table(
    "status_change",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _must("resource"),
    _must("at", MOMENT),
    _may("before", STATUS),
    _must("after", STATUS),
    _must("codes", ARRAY(Text)),
    _must("text"),
)


def _buckets(name: str) -> Table:
    ends = [_may(f"{metric}_{end}", Double) for metric in Metric for end in ("low", "high")]
    return Table(
        name, metadata, _key("resource"), _key("start", MOMENT), _must("count", Integer), _must("worst", STATUS), *ends
    )


trend_minute = _buckets("trend_minute")
trend_hour = _buckets("trend_hour")

lease = Table(
    "lease",
    metadata,
    _key("name"),
    _must("holder"),
    _must("epoch", BigInteger),
    _must("acquired_at", MOMENT),
    _must("expires_at", MOMENT),
)
component_beat = Table(
    "component_beat", metadata, _key("component"), _key("instance"), _must("beat_at", MOMENT), _must("details", JSONB)
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _must("channel"),
    _must("dedup_key"),
    _may("resource"),
    _must("environment"),
    _must("production", Boolean),
    _must("notification", JSONB),
    _must("created_at", MOMENT),
    _must("due_at", MOMENT),
    _may("claimed_until", MOMENT),
    _must("attempts", Integer),
    _may("delivered_at", MOMENT),
    _may("dead_at", MOMENT),
    _may("last_error"),
)
