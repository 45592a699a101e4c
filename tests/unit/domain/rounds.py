"""Rounds made up for the rules: a healthy pair and what can happen to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bc_lib.domain.assessment import Assessment
from bc_lib.domain.inventory import Endpoint, Environment, Heartbeat, Platform, Resource, Thresholds
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import (
    Downstream,
    HeartbeatSeen,
    NodeFacts,
    NodeObservation,
    Observation,
    Reach,
    Role,
    Upstream,
)
from bc_lib.domain.rules import assess
from bc_lib.testing.builders import LIMITS

T0 = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
STEP = timedelta(seconds=15)
CONNECTED = T0 - timedelta(days=1)


def resource(**more: Any) -> Resource:
    """A tier-1 pair: fra at home, ams for DR, RPO 30 s, lag 10 s / 30 s."""
    given: dict[str, Any] = {
        "name": "orders-db",
        "platform": Platform.POSTGRESQL,
        "tier": 1,
        "environment": Environment.DEMO,
        "owner": "Payments",
        "home_site": "fra",
        "dr_site": "ams",
        "rpo_s": 30.0,
        "thresholds": Thresholds(lag_warn_s=10, lag_critical_s=30),
        "endpoints": (Endpoint(site="fra", node="fra"), Endpoint(site="ams", node="ams")),
        "heartbeat": Heartbeat(interval_s=1),
    }
    return Resource(**(given | more))


def lsn(number: int) -> str:
    """A position from a number of bytes."""
    return f"{number >> 32:X}/{number & 0xFFFFFFFF:X}"


def primary(at: datetime, position: int = 5000, **more: Any) -> NodeFacts:
    """A primary that writes and feeds one standby."""
    given: dict[str, Any] = {
        "role": Role.PRIMARY,
        "version": "18.6",
        "node_time": at,
        "timeline": 1,
        "system_identifier": "7",
        "current_lsn": lsn(position),
        "downstreams": (
            Downstream(
                application_name="ams",
                client_address="10.0.0.2",
                slot_name="slot_ams",
                began_at=CONNECTED,
                state="streaming",
                sync_state="async",
                flush_lag_s=0.01,
                replay_lag_s=0.02,
                reply_age_s=0.1,
            ),
        ),
        "heartbeat": HeartbeatSeen(beat_at=at - timedelta(seconds=0.4), timeline=1),
        "read_only": False,
        "settings": dict(LIMITS),
    }
    return NodeFacts(**(given | more))


def standby(at: datetime, position: int = 5000, replayed: int | None = None, **more: Any) -> NodeFacts:
    """A standby that receives and replays everything."""
    given: dict[str, Any] = {
        "role": Role.STANDBY,
        "version": "18.6",
        "node_time": at,
        "timeline": 1,
        "system_identifier": "7",
        "received_lsn": lsn(position),
        "replayed_lsn": lsn(position if replayed is None else replayed),
        "replay_paused": False,
        "replay_delay_s": 0.0,
        "upstream": streams(),
        "heartbeat": HeartbeatSeen(beat_at=at - timedelta(seconds=0.4), timeline=1),
        "replay_conflicts": 0,
        "settings": dict(LIMITS),
    }
    return NodeFacts(**(given | more))


def streams(name: str = "ams", **more: Any) -> Upstream:
    """The receiver of a standby that the primary lists."""
    given: dict[str, Any] = {
        "status": "streaming",
        "last_message_age_s": 0.2,
        "slot_name": f"slot_{name}",
        "application_name": name,
        "began_at": CONNECTED,
    }
    return Upstream(**(given | more))


def sender(name: str = "ams", **more: Any) -> Downstream:
    """The primary's line about a standby."""
    given: dict[str, Any] = {"application_name": name, "slot_name": f"slot_{name}"}
    return replace(primary(T0).downstreams[0], **(given | more))


CUT = Upstream(status=None)


def node(name: str, at: datetime, facts: NodeFacts | None, reach: Reach = Reach.OK, **more: Any) -> NodeObservation:
    """One node; with facts None it did not answer."""
    given = {"latency_s": 0.01} | more
    return NodeObservation(
        node=name,
        site=name.split("-", maxsplit=1)[0],
        observed_at=at,
        reach=reach if facts is None else Reach.OK,
        facts=facts,
        **given,
    )


def pair(at: datetime, fra: NodeFacts | Reach | None, ams: NodeFacts | Reach | None) -> Observation:
    """Both sites; a Reach instead of facts says how the node failed to answer."""

    def one(name: str, what: NodeFacts | Reach | None) -> NodeObservation:
        if isinstance(what, Reach) or what is None:
            return node(name, at, None, what or Reach.UNREACHABLE)
        return node(name, at, what)

    return Observation(resource="orders-db", observed_at=at, nodes=(one("fra", fra), one("ams", ams)))


def healthy(at: datetime, position: int = 5000) -> Observation:
    """Nothing wrong."""
    return pair(at, primary(at, position), standby(at, position))


def remembered(rounds: int = 2, res: Resource | None = None) -> tuple[Memory, datetime]:
    """The memory after some healthy rounds, and the time of the next one."""
    memory, at = Memory(), T0
    for number in range(rounds):
        _, memory = assess(res or resource(), healthy(at, 5000 + number), memory)
        at += STEP
    return memory, at


def codes(assessment: Assessment) -> set[str]:
    """Codes of reasons and findings together."""
    return {reason.code for reason in (*assessment.reasons, *assessment.findings)}
