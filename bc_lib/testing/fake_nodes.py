"""Observations as the connectors would bring them, for fakes."""

from __future__ import annotations

from datetime import datetime, timedelta

from bc_lib.domain.observation import (
    Downstream,
    HeartbeatSeen,
    NodeFacts,
    NodeObservation,
    Observation,
    Reach,
    Role,
    Slot,
    Upstream,
)
from bc_lib.testing.builders import LIMITS

END = 0x5000148


def lsn(position: int) -> str:
    """A position as PostgreSQL writes it."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


def pair(
    name: str, at: datetime, *, replay_paused: bool = False, replay_behind: int = 0, dr_visible: bool = True
) -> Observation:
    """A primary in Frankfurt and its standby in Amsterdam."""
    replayed = lsn(END - replay_behind)
    primary = NodeObservation(
        node="fra",
        site="fra",
        observed_at=at,
        reach=Reach.OK,
        latency_s=0.0021,
        facts=NodeFacts(
            role=Role.PRIMARY,
            version="18.6",
            node_time=at,
            timeline=3,
            current_lsn=lsn(END),
            system_identifier="7521904411",
            settings=dict(LIMITS),
            started_at=at - timedelta(days=41),
            heartbeat=HeartbeatSeen(beat_at=at, timeline=3, lsn=lsn(END)),
            downstreams=(
                Downstream(
                    application_name="ams",
                    client_address="127.0.0.1",
                    state="streaming",
                    sync_state="async",
                    sent_lsn=lsn(END),
                    flushed_lsn=lsn(END),
                    replayed_lsn=replayed,
                    replay_lag_s=0.4,
                ),
            ),
            slots=(Slot(name="ams_slot", active=True, retained_bytes=16_777_216, wal_status="reserved"),),
        ),
    )
    if not dr_visible:
        away = NodeObservation(
            node="ams",
            site="ams",
            observed_at=at,
            reach=Reach.UNREACHABLE,
            error="No answer from 127.0.0.1:55438 within 5 s.",
        )
        return Observation(resource=name, observed_at=at, nodes=(primary, away))
    standby = NodeObservation(
        node="ams",
        site="ams",
        observed_at=at,
        reach=Reach.OK,
        latency_s=0.0139,
        facts=NodeFacts(
            role=Role.STANDBY,
            version="18.6",
            node_time=at,
            timeline=3,
            received_lsn=lsn(END),
            replayed_lsn=replayed,
            replay_paused=replay_paused,
            system_identifier="7521904411",
            settings=dict(LIMITS),
            started_at=at - timedelta(days=41),
            replayed_at=at - timedelta(seconds=47 if replay_paused else 1),
            heartbeat=HeartbeatSeen(beat_at=at - timedelta(seconds=47 if replay_paused else 1), timeline=3),
            upstream=Upstream(status="streaming", sender_host="127.0.0.1", sender_port=55431, last_message_age_s=0.6),
        ),
    )
    return Observation(resource=name, observed_at=at, nodes=(primary, standby))


def web(name: str, at: datetime) -> Observation:
    """An application that serves in Frankfurt and stands by in Amsterdam."""
    return Observation(
        resource=name,
        observed_at=at,
        nodes=tuple(
            NodeObservation(
                node=site,
                site=site,
                observed_at=at,
                reach=Reach.OK,
                latency_s=latency,
                facts=NodeFacts(role=role, version="2.4.1", http_status=200),
            )
            for site, latency, role in (("fra", 0.018, Role.ACTIVE), ("ams", 0.031, Role.STANDBY))
        ),
    )
