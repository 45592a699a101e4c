"""Small values for tests: an inventory, an observation, a round. Everything may be overridden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from bc_lib.domain.actor import Actor
from bc_lib.domain.actor import Role as PersonRole
from bc_lib.domain.alerts import AlertState, Notice, NoticeKind, Severity
from bc_lib.domain.assessment import Answer, Assessment, Lag, Reason, Status, Verdict
from bc_lib.domain.inventory import (
    Channel,
    ChannelKind,
    Endpoint,
    Environment,
    Inventory,
    Platform,
    Resource,
    Route,
    Site,
    Tls,
)
from bc_lib.domain.loss import Basis, LossProof
from bc_lib.domain.memory import Memory, NodeMemory
from bc_lib.domain.observation import LagSource, NodeFacts, NodeObservation, Observation, Reach, Role
from bc_lib.ports.monitoring import Round

SITES = (Site(name="fra", title="Frankfurt"), Site(name="ams", title="Amsterdam"))
LIMITS = {
    "max_connections": "100",
    "max_worker_processes": "8",
    "max_wal_senders": "10",
    "max_prepared_transactions": "0",
    "max_locks_per_transaction": "64",
}
SETTINGS = LIMITS | {"wal_level": "replica", "shared_buffers": "128MB", "max_wal_size": "1GB"}


def administrator(subject: str = "ada") -> Actor:
    """Somebody who may change the inventory."""
    return Actor(
        subject=subject,
        display_name=subject,
        roles=frozenset({PersonRole.ADMIN}),
        how="test",
        at=datetime.now(UTC),
        channel="test",
    )


def resource(name: str = "orders-db", **more: Any) -> Resource:
    """A PostgreSQL resource with one node at each of the two sites."""
    secret = "env:BC_TEST_MONITOR"  # noqa: S105 - a reference
    nodes = tuple(
        Endpoint(
            site=site,
            node=site,
            host="127.0.0.1",
            port=port,
            database="app",
            secret=secret,
            tls=Tls.DISABLE,
            host_control="ssh:postgres@127.0.0.1",
        )
        for site, port in (("fra", 55431), ("ams", 55432))
    )
    values: dict[str, Any] = {
        "platform": Platform.POSTGRESQL,
        "tier": 1,
        "environment": Environment.TEST,
        "owner": "Payments team",
        "home_site": "fra",
        "dr_site": "ams",
        "endpoints": nodes,
        "rpo_s": 30.0,
    }
    return Resource(name=name, **{**values, **more})


def inventory(*resources: Resource, **more: Any) -> Inventory:
    """An inventory with two sites and one mail channel for everything."""
    values: dict[str, Any] = {
        "sites": SITES,
        "resources": resources or (resource(),),
        "channels": (Channel(name="ops-mail", kind=ChannelKind.MAIL, url="env:BC_TEST_MAIL"),),
        "routes": (Route(tiers=(1, 2), environments=tuple(Environment), channels=("ops-mail",)),),
    }
    return Inventory(**{**values, **more})


def observation(name: str, at: datetime, *, latency_s: float = 0.002, lag_lsn: str = "0/3000148") -> Observation:
    """A primary at fra and a standby at ams, both well."""
    primary = NodeFacts(
        role=Role.PRIMARY,
        version="18.6",
        node_time=at,
        timeline=1,
        system_identifier="7300000000000000001",
        current_lsn="0/3000148",
        settings=dict(SETTINGS),
        extensions={"plpgsql": "1.0"},
        missing=(),
    )
    standby = NodeFacts(
        role=Role.STANDBY,
        version="18.6",
        node_time=at,
        timeline=1,
        system_identifier="7300000000000000001",
        received_lsn="0/3000148",
        replayed_lsn=lag_lsn,
        replayed_at=at,
        settings=dict(SETTINGS),
        extensions={"plpgsql": "1.0"},
    )
    nodes = tuple(
        NodeObservation(node=site, site=site, observed_at=at, reach=Reach.OK, latency_s=latency_s, facts=facts)
        for site, facts in (("fra", primary), ("ams", standby))
    )
    return Observation(resource=name, observed_at=at, nodes=nodes)


def assessment(
    name: str, at: datetime, status: Status = Status.GREEN, *, lag_s: float | None = 0.0, codes: Sequence[str] = ()
) -> Assessment:
    """An assessment with these reason codes."""
    answer = Verdict(answer=Answer.YES if status is Status.GREEN else Answer.NO)
    return Assessment(
        resource=name,
        observed_at=at,
        status=status,
        could_switch_over=answer,
        could_fail_over=answer,
        active_site="fra",
        reasons=tuple(
            Reason(code=code, text=f"{code} at ams.", node="ams", figures={"lag_s": lag_s}) for code in codes
        ),
        lag=Lag(
            received_bytes=0,
            replayed_bytes=int(lag_s * 1000) if lag_s is not None and isfinite(lag_s) else None,
            received_s=lag_s,
            replayed_s=lag_s,
            source=LagSource.HEARTBEAT,
        ),
        marker="0/3000148",
        loss=loss(name, at, lag_s) if lag_s is not None and isfinite(lag_s) else None,
    )


def loss(name: str, at: datetime, lag_s: float) -> LossProof:
    """What a failover from fra to ams would lose at `at`, while both are seen."""
    return LossProof(
        resource=name,
        source="fra",
        target="ams",
        held_until=at - timedelta(seconds=lag_s),
        basis=Basis.LAG,
        seen_at=at,
    )


def notice(
    name: str = "orders-db", *, key: str = "breach-1", at: datetime, environment: Environment = Environment.TEST
) -> Notice:
    """A breach."""
    return Notice(
        kind=NoticeKind.BREACH,
        severity=Severity.CRITICAL,
        resource=name,
        tier=1,
        environment=environment,
        code="LAG_CRITICAL",
        text=f"{name} is behind.",
        occurred_at=at,
        dedup_key=key,
        incident=f"{name}/LAG_CRITICAL",
        figures={"lag_s": 42.0},
    )


def round_of(
    name: str,
    at: datetime,
    status: Status = Status.GREEN,
    *,
    lag_s: float | None = 0.0,
    codes: Sequence[str] = (),
    notices: Sequence[Notice] = (),
) -> Round:
    """One round with everything in it."""
    memory = Memory(nodes=(NodeMemory(node="fra", role=Role.PRIMARY, seen_at=at, timeline=1),))
    return Round(
        observation=observation(name, at),
        assessment=assessment(name, at, status, lag_s=lag_s, codes=codes),
        memory=memory,
        alert=AlertState(flips=(at,)),
        notices=tuple(notices),
    )
