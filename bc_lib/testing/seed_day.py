"""A plausible 24 h of history for one resource, from a seed: a daily wave, a breach, a gap (TC-022).

For tests and the demo. It writes history only: the current status stays what the poller saw.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bc_lib.domain.alerts import AlertState
from bc_lib.domain.assessment import Answer, Assessment, Lag, Reason, Status, Verdict
from bc_lib.domain.inventory import Resource
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import LagSource, NodeFacts, NodeObservation, Observation, Reach, Role
from bc_lib.ports.monitoring import Round
from bc_lib.store.history import write_history

HOURS = 24
GAP_FROM_H, GAP_MINUTES = 7.0, 25
BREACH_FROM_H, BREACH_MINUTES = 16.0, 40
WAL_BYTES_PER_S = 16_000


def seed_day(engine: Engine, resource: Resource, end: datetime, seed: int = 1) -> int:
    """Write the 24 h before `end` as role bc_poller; how many rounds. Not idempotent: call it once."""
    rounds = day_of(resource, end, seed)
    with engine.begin() as connection:
        write_history(connection, rounds, {})
    return len(rounds)


def day_of(resource: Resource, end: datetime, seed: int = 1) -> Sequence[Round]:
    """The rounds of that day, the same for the same arguments. Without rounds between 7 h and 7 h 25 min."""
    chance = random.Random(f"{resource.name}/{seed}")
    start = end - timedelta(hours=HOURS)
    rounds = []
    for n in range(int(HOURS * 3600 / resource.interval_s)):
        at = start + timedelta(seconds=n * resource.interval_s + chance.uniform(0, 0.3))
        hours = (at - start).total_seconds() / 3600
        if GAP_FROM_H <= hours < GAP_FROM_H + GAP_MINUTES / 60:
            continue
        rounds.append(
            _round(resource, at, _lag(hours, resource.rpo_s or 30.0, chance), 0.002 + chance.expovariate(1000))
        )
    return rounds


def _lag(hours: float, rpo_s: float, chance: random.Random) -> float:
    usual = rpo_s * (0.06 + 0.05 * math.sin(hours / 24 * 2 * math.pi)) + chance.expovariate(1 / (rpo_s * 0.02))
    into = hours - BREACH_FROM_H
    if not 0 <= into < BREACH_MINUTES / 60:
        return usual
    # It grows to twice the target and comes back.
    return usual + 2 * rpo_s * math.sin(into / (BREACH_MINUTES / 60) * math.pi)


def _round(resource: Resource, at: datetime, lag_s: float, latency_s: float) -> Round:
    rpo = resource.rpo_s or 30.0
    status = Status.RED if lag_s > rpo else Status.YELLOW if lag_s > rpo / 3 else Status.GREEN
    code = {Status.RED: "RPO_BREACH", Status.YELLOW: "LAG_WARN"}.get(status)
    text = f"{resource.dr_site} is {lag_s:.1f} s behind; the RPO target is {rpo:g} s."
    reasons = (Reason(code=code, text=text, figures={"lag_s": round(lag_s, 3)}),) if code else ()
    verdict = Verdict(answer=Answer.NO if status is Status.RED else Answer.YES, reasons=reasons)
    lag = Lag(
        received_bytes=int(lag_s * WAL_BYTES_PER_S * 0.7),
        replayed_bytes=int(lag_s * WAL_BYTES_PER_S),
        received_s=round(lag_s * 0.7, 3),
        replayed_s=round(lag_s, 3),
        source=LagSource.HEARTBEAT,
    )
    roles = ((resource.home_site, Role.PRIMARY), (resource.dr_site, Role.STANDBY))
    nodes = tuple(
        NodeObservation(
            node=site, site=site, observed_at=at, reach=Reach.OK, latency_s=latency_s, facts=NodeFacts(role=role)
        )
        for site, role in roles
    )
    return Round(
        observation=Observation(resource=resource.name, observed_at=at, nodes=nodes),
        memory=Memory(),
        alert=AlertState(),
        assessment=Assessment(
            resource=resource.name,
            observed_at=at,
            status=status,
            reasons=reasons,
            could_switch_over=verdict,
            could_fail_over=verdict,
            active_site=resource.home_site,
            lag=lag,
        ),
    )
