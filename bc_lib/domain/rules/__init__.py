"""Rules of judgement: one observation and what is remembered, in; status, verdicts and reasons, out.

Pure functions: time is the observation's own. Safety first: what is not known is never green.
"""

from __future__ import annotations

from bc_lib.domain.assessment import Assessment, Lag, Reason
from bc_lib.domain.inventory import Platform, Resource
from bc_lib.domain.loss.judge import seconds
from bc_lib.domain.memory import Memory, OwnMove
from bc_lib.domain.observation import Observation
from bc_lib.domain.reasons import STATUS_RANK, kind_of, worst_status
from bc_lib.domain.rules import (
    archive,
    feeding,
    figures,
    heartbeat,
    history,
    housekeeping,
    lag,
    limits,
    loss,
    managing,
    parity,
    reach,
    remember,
    replication,
    roles,
    slots,
    thresholds,
    verdicts,
)
from bc_lib.domain.rules.http_app import assess_app
from bc_lib.domain.rules.scene import Scene, look

__all__ = ["assess"]


def assess(
    resource: Resource, observation: Observation, memory: Memory, moves: tuple[OwnMove, ...] = ()
) -> tuple[Assessment, Memory]:
    """Judge one round of `resource`; also what to remember for the next. Never raises for any observation.

    `moves`: those of our own journal, which explain changes of roles.
    """
    scene = look(resource, observation, memory, moves)
    if resource.platform is Platform.HTTP:
        return assess_app(resource, observation, scene), memory
    return _assess_database(scene)


def _assess_database(scene: Scene) -> tuple[Assessment, Memory]:
    feeds = feeding.feeds(scene)
    proofs = {node.name: history.diverged(scene, node, feeds[node.name]) for node in scene.standbys}
    links = lag.links(scene, feeds, proofs)
    unrequested = roles.unrequested(scene)
    sight = tuple(reach.judge(scene, feeds))
    lag_reasons, level = thresholds.judge(scene, links)
    everything = _ordered(
        (
            *sight,
            *figures.judge(scene),
            *roles.judge(scene),
            *roles.unrequested_reason(*unrequested),
            *feeding.judge(scene, feeds),
            *(reason for node in scene.standbys for reason in history.judge(scene, node, proofs[node.name])),
            *replication.judge(scene, links, frozenset(reason.code for reason in sight)),
            *limits.judge(scene),
            *managing.judge(scene),
            *lag_reasons,
            *heartbeat.judge(scene),
            *slots.judge(scene),
            *archive.judge(scene),
            *housekeeping.judge(scene),
            *parity.judge(scene),
        )
    )
    switch, fail, link = verdicts.decide(scene, links, everything)
    after = remember.remember(scene, links, unrequested, level)
    lost = loss.proof(scene, link) if link else None
    assessment = Assessment(
        resource=scene.resource.name,
        observed_at=scene.now,
        status=worst_status(tuple(r.code for r in everything)),
        reasons=tuple(reason for reason in everything if kind_of(reason).status is not None),
        could_switch_over=switch,
        could_fail_over=fail,
        active_site=scene.active_site,
        lag=link.lag if link else Lag(),
        marker=link.standby.facts.replayed_lsn if link else None,
        heartbeat_statement=heartbeat.statement(scene, link.standby if link else None, seconds(lost) if lost else None),
        loss=lost,
        fence=loss.fence(scene),
        findings=tuple(reason for reason in everything if kind_of(reason).status is None),
        last_primary=remember.last_primary(scene.resource, after),
    )
    return assessment, after


def _ordered(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Worst first; equals keep the order of the rules."""

    def rank(reason: Reason) -> int:
        status = kind_of(reason).status
        return len(STATUS_RANK) if status is None else STATUS_RANK.index(status)

    return tuple(sorted(reasons, key=rank))
