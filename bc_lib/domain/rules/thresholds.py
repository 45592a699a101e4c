"""Lag against the thresholds and the RPO target, with hysteresis (FR-003, TC-012)."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Reason
from bc_lib.domain.inventory import Resource
from bc_lib.domain.rules.feeding import Fed
from bc_lib.domain.rules.lag import Link
from bc_lib.domain.rules.scene import Scene
from bc_lib.domain.words import duration

DEFAULT_CRITICAL_S = 60.0
LEAVE_AT = 0.8
"""A level once entered is left only below this share of its threshold."""


def limits(resource: Resource) -> tuple[float, float]:
    """Warn and critical in seconds. Defaults: critical the RPO target or 60 s, warn half of critical."""
    asked = resource.thresholds
    critical = asked.lag_critical_s
    if critical is None:
        critical = resource.rpo_s if resource.rpo_s is not None else DEFAULT_CRITICAL_S
        critical = max(critical, asked.lag_warn_s or 0.0)
    warn = asked.lag_warn_s if asked.lag_warn_s is not None else critical / 2
    return min(warn, critical), critical


def judge(scene: Scene, links: tuple[Link, ...]) -> tuple[tuple[Reason, ...], str | None]:
    """Reasons, and the level to remember."""
    level = _level(scene, links)
    worst = max(links, key=lambda link: _counted(link) or 0.0, default=None)
    reasons = [*_lag_reason(scene, worst, level)] if worst is not None else []
    for link in links:
        reasons += [*_rpo(scene, link), *_unknown(scene, link)]
    return tuple(reasons), level


def _counted(link: Link) -> float | None:
    """Lag of replay without the delay that somebody configured."""
    if link.lag.replayed_s is None:
        return None
    return max(0.0, link.lag.replayed_s - (link.standby.facts.replay_delay_s or 0.0))


def _level(scene: Scene, links: tuple[Link, ...]) -> str | None:
    known = [value for link in links if (value := _counted(link)) is not None]
    if not known:
        return scene.memory.lag_level
    value, before = max(known), scene.memory.lag_level
    warn, critical = limits(scene.resource)
    if value >= critical or (before == "critical" and value > critical * LEAVE_AT):
        return "critical"
    if value >= warn or (before in {"warn", "critical"} and value > warn * LEAVE_AT):
        return "warn"
    return None


def _lag_reason(scene: Scene, link: Link, level: str | None) -> Iterator[Reason]:
    value = _counted(link)
    if level is None or value is None:
        return
    warn, critical = limits(scene.resource)
    limit, code, word = (critical, "LAG_CRITICAL", "critical") if level == "critical" else (warn, "LAG_WARN", "warning")
    beyond = " beyond its configured delay" if link.standby.facts.replay_delay_s else ""
    compared = "over" if value >= limit else "not yet well below"
    yield Reason(
        code=code,
        node=link.standby.name,
        figures={"lag_s": round(value, 1), "limit_s": limit},
        text=f"Replay at {link.standby.place} is {duration(value)} behind{beyond}, "
        f"{compared} the {word} level of {duration(limit)}.",
    )


def _rpo(scene: Scene, link: Link) -> Iterator[Reason]:
    rpo, received = scene.resource.rpo_s, link.lag.received_s
    if rpo is not None and received is not None and received > rpo:
        yield Reason(
            code="RPO_BREACH",
            node=link.standby.name,
            figures={"received_s": round(received, 1), "rpo_s": rpo},
            text=f"Up to {duration(received)} of writes are not received at {link.standby.place}, "
            f"over the RPO target of {duration(rpo)}.",
        )


def _unknown(scene: Scene, link: Link) -> Iterator[Reason]:
    lag = link.lag
    if link.diverged is not None or link.feed.state is Fed.BY_ANOTHER:
        return  # there is no lag between two histories
    if scene.source is None or None not in (lag.received_bytes, lag.replayed_bytes, lag.received_s, lag.replayed_s):
        return
    yield Reason(
        code="LAG_UNKNOWN",
        node=link.standby.name,
        text=f"How far {link.standby.place} is behind {scene.source.place} is not known.",
    )
