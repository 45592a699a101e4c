"""A believable estate: every status once, told as the rules would tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bc_lib.domain.assessment import Answer, Assessment, Lag, Reason, Status, Verdict
from bc_lib.domain.inventory import (
    Channel,
    ChannelKind,
    Endpoint,
    Environment,
    Group,
    Heartbeat,
    Inventory,
    Member,
    Platform,
    Resource,
    Route,
    Site,
    Thresholds,
    Tls,
)
from bc_lib.domain.observation import LagSource, Observation
from bc_lib.ports.reading import StoredStatus
from bc_lib.testing import fake_nodes as nodes

REFERENCE = "env:BC_DEMO_MONITOR"


def database(
    name: str,
    *,
    tier: int = 1,
    owner: str = "Payments team",
    port: int = 55431,
    rpo_s: float = 30.0,
    environment: Environment = Environment.DEMO,
) -> Resource:
    """A PostgreSQL pair between Frankfurt and Amsterdam."""
    endpoints = tuple(
        Endpoint(
            site=site,
            node=site,
            host="127.0.0.1",
            port=port + offset,
            database=name.removesuffix("-db"),
            secret=REFERENCE,
            tls=Tls.DISABLE,
        )
        for offset, site in enumerate(("fra", "ams"))
    )
    return Resource(
        name=name,
        platform=Platform.POSTGRESQL,
        tier=tier,
        environment=environment,
        owner=owner,
        home_site="fra",
        dr_site="ams",
        endpoints=endpoints,
        rpo_s=rpo_s,
        heartbeat=Heartbeat(interval_s=1.0),
        thresholds=Thresholds(lag_warn_s=rpo_s / 3, lag_critical_s=rpo_s, retained_wal_warn_bytes=512 * 1024**2),
    )


def web(name: str) -> Resource:
    """An HTTP application at both sites."""
    return Resource(
        name=name,
        platform=Platform.HTTP,
        tier=2,
        environment=Environment.DEMO,
        owner="Shop team",
        home_site="fra",
        dr_site="ams",
        thresholds=Thresholds(latency_warn_s=0.5),
        depends_on=("payments",),
        endpoints=tuple(
            Endpoint(site=site, node=site, url=f"http://127.0.0.1:5548{n}/health", json_field="version")
            for n, site in enumerate(("fra", "ams"), 1)
        ),
    )


INVENTORY = Inventory(
    sites=(Site(name="fra", title="Frankfurt"), Site(name="ams", title="Amsterdam")),
    resources=(
        database("orders-db"),
        database("billing-db", port=55433),
        database("reports-db", tier=2, owner="Reporting team", port=55435, rpo_s=60.0),
        web("shop-web"),
        database("ledger-db", owner="Finance platform", port=55437),
        database("archive-db", tier=2, owner="Records", port=55439),
        database("loyalty-db", tier=2, owner="Marketing <loyalty & rewards>", port=55441, environment=Environment.TEST),
    ),
    groups=(
        Group(
            name="payments",
            tier=1,
            owner="Payments team",
            rpo_s=30.0,
            members=(Member(resource="orders-db"), Member(resource="billing-db", after=("orders-db",))),
        ),
        Group(
            name="finance",
            tier=1,
            owner="Finance platform",
            rpo_s=30.0,
            members=(
                Member(resource="ledger-db"),
                Member(resource="archive-db"),
                Member(resource="reports-db", after=("ledger-db", "archive-db")),
            ),
        ),
    ),
    channels=(Channel(name="ops-mail", kind=ChannelKind.MAIL, url="env:BC_DEMO_MAIL_URL"),),
    routes=(Route(tiers=(1, 2), environments=(Environment.DEMO,), channels=("ops-mail",)),),
)

YES = Verdict(answer=Answer.YES)


def statuses(now: datetime) -> Sequence[StoredStatus]:
    """One stored status of each kind; archive-db was last seen four minutes ago, loyalty-db never."""
    at = now - timedelta(seconds=6)
    return (
        _green("orders-db", at),
        _paused("billing-db", at),
        _delayed("reports-db", at),
        _web("shop-web", at),
        _blind("ledger-db", at),
        _green("archive-db", now - timedelta(minutes=4)),
    )


def healthy(name: str, now: datetime) -> StoredStatus:
    """A green database seen six seconds ago."""
    return _green(name, now - timedelta(seconds=6))


def _stored(assessment: Assessment, observation: Observation, since: timedelta) -> StoredStatus:
    return StoredStatus(
        resource=assessment.resource,
        assessment=assessment,
        observation=observation,
        since=assessment.observed_at - since,
    )


def _green(name: str, at: datetime) -> StoredStatus:
    beat = f"Caught up to heartbeat {at - timedelta(seconds=1):%H:%M:%S} UTC; potential loss window up to 2 s."
    return _stored(
        Assessment(
            resource=name,
            observed_at=at,
            status=Status.GREEN,
            active_site="fra",
            marker="0/5000148",
            heartbeat_statement=beat,
            reasons=(),
            could_switch_over=YES,
            could_fail_over=Verdict(
                answer=Answer.WITH_LOSS,
                reasons=(
                    Reason(
                        code="ASYNC_WINDOW", text="Replication is asynchronous: up to 2 s of commits could be lost."
                    ),
                ),
            ),
            lag=Lag(received_bytes=0, replayed_bytes=328, received_s=0.0, replayed_s=0.4, source=LagSource.HEARTBEAT),
        ),
        nodes.pair(name, at),
        timedelta(days=3, hours=2),
    )


def _paused(name: str, at: datetime) -> StoredStatus:
    reason = Reason(
        code="REPLAY_PAUSED",
        node="ams",
        figures={"lag_s": 47.0},
        text="Replay is paused at Amsterdam: 47 s of received changes are not applied, over the RPO of 30 s.",
    )
    return _stored(
        Assessment(
            resource=name,
            observed_at=at,
            status=Status.RED,
            reasons=(reason,),
            active_site="fra",
            marker="0/4FF1020",
            could_switch_over=Verdict(answer=Answer.NO, reasons=(reason,)),
            could_fail_over=Verdict(
                answer=Answer.WITH_LOSS,
                reasons=(
                    Reason(code="POSSIBLE_LOSS", text="47 s of received changes must be replayed before it can serve."),
                ),
            ),
            lag=Lag(
                received_bytes=0, replayed_bytes=7_340_032, received_s=0.3, replayed_s=47.0, source=LagSource.HEARTBEAT
            ),
            heartbeat_statement=f"Caught up to heartbeat {at - timedelta(seconds=47):%H:%M:%S} UTC; "
            "potential loss window up to 48 s.",
            findings=(
                Reason(
                    code="PARITY_LIMITS",
                    node="ams",
                    text="max_connections differs: 200 at Frankfurt, 100 at Amsterdam.",
                ),
            ),
        ),
        nodes.pair(name, at, replay_paused=True, replay_behind=7_340_032),
        timedelta(seconds=52),
    )


def _delayed(name: str, at: datetime) -> StoredStatus:
    reason = Reason(
        code="REPLAY_DELAYED",
        node="ams",
        figures={"delay_s": 120.0},
        text="Amsterdam applies changes 2 min late on purpose, over the RPO target of 1 min.",
    )
    return _stored(
        Assessment(
            resource=name,
            observed_at=at,
            status=Status.YELLOW,
            reasons=(reason,),
            active_site="fra",
            marker="0/4FF1020",
            could_switch_over=Verdict(answer=Answer.WITH_LOSS, reasons=(reason,)),
            could_fail_over=Verdict(answer=Answer.WITH_LOSS, reasons=(reason,)),
            lag=Lag(
                received_bytes=0,
                replayed_bytes=18_874_368,
                received_s=0.2,
                replayed_s=121.0,
                source=LagSource.HEARTBEAT,
            ),
        ),
        nodes.pair(name, at, replay_behind=18_874_368),
        timedelta(days=12),
    )


def _blind(name: str, at: datetime) -> StoredStatus:
    reason = Reason(
        code="DR_BLIND",
        node="ams",
        text="Amsterdam cannot be seen from here: no answer within 5 s. Frankfurt still streams to it.",
    )
    unknown = Verdict(answer=Answer.UNKNOWN, reasons=(reason,))
    return _stored(
        Assessment(
            resource=name,
            observed_at=at,
            status=Status.BLIND,
            reasons=(reason,),
            active_site="fra",
            could_switch_over=unknown,
            could_fail_over=unknown,
        ),
        nodes.pair(name, at, dr_visible=False),
        timedelta(minutes=3, seconds=20),
    )


def _web(name: str, at: datetime) -> StoredStatus:
    return _stored(
        Assessment(
            resource=name,
            observed_at=at,
            status=Status.GREEN,
            active_site="fra",
            reasons=(),
            could_switch_over=YES,
            could_fail_over=YES,
        ),
        nodes.web(name, at),
        timedelta(hours=9),
    )
