"""Applications over HTTP: there is no second vantage point, so silence is blindness, never "down".

A refused connection is an answer of the host: as seen from here the application does not serve there.
"""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Assessment, Reason
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import NodeObservation, Observation, Reach, Role
from bc_lib.domain.reasons import worst_status
from bc_lib.domain.rules import housekeeping
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.rules.verdicts import fail_over, switch_over
from bc_lib.domain.words import one_line

_ANSWERED = ("APP_DOWN", "APP_ERROR", "NODE_STARTING")


def assess_app(resource: Resource, observation: Observation, scene: Scene) -> Assessment:
    """Health of each site's copy; fail over asks only whether the other site serves."""
    troubled = [(site, reason) for site, reason in _all(scene)]
    slow = tuple(reason for node in scene.seen for reason in housekeeping.slow(scene, node))
    reasons = (*(reason for _, reason in troubled), *slow)
    active = _active(resource, scene, {site for site, _ in troubled})
    other = resource.home_site if active == resource.dr_site else resource.dr_site
    target = tuple(_target(resource.title(other), reason) for site, reason in troubled if site == other)
    return Assessment(
        resource=resource.name,
        observed_at=observation.observed_at,
        status=worst_status(tuple(r.code for r in reasons)),
        reasons=reasons,
        could_switch_over=switch_over((*reasons, *target)),
        could_fail_over=fail_over(target),
        active_site=active,
    )


def _all(scene: Scene) -> Iterator[tuple[str, Reason]]:
    for node in scene.unseen:
        yield node.site, _unseen(node, scene.place(node))
    for seen in scene.seen:
        reason = _answer(seen)
        if reason is not None:
            yield seen.site, reason


def _unseen(node: NodeObservation, place: str) -> Reason:
    detail = f": {one_line(node.error).rstrip('.')}" if node.error else ""
    where = f"at {place}"
    code, text = {
        Reach.UNREACHABLE: ("APP_BLIND", f"No answer from the application {where}: not called down"),
        Reach.REFUSED: (
            "APP_DOWN",
            f"The application {where} refuses connections: nothing serves there, as seen from here",
        ),
        Reach.CREDENTIAL: ("CREDENTIAL_UNAVAILABLE", f"Our credential does not work {where}{detail}"),
        Reach.STARTING: ("NODE_STARTING", f"The application {where} says that it is starting or stopping"),
    }.get(node.reach, ("CHECK_FAILED", f"The check of the application {where} failed{detail}"))
    return Reason(code=code, node=node.node, text=f"{text}.")


def _answer(node: Seen) -> Reason | None:
    status = node.facts.http_status
    if status is None:
        return Reason(
            code="CHECK_FAILED",
            node=node.name,
            text=f"The application at {node.place} answered without an HTTP status.",
        )
    if not 200 <= status < 300:
        return Reason(
            code="APP_ERROR",
            node=node.name,
            figures={"http_status": status},
            text=f"The application at {node.place} answers with HTTP status {status}.",
        )
    return None


def _target(site: str, reason: Reason) -> Reason:
    """The same trouble, as it stands against a move to that site."""
    if reason.code in _ANSWERED:
        return Reason(
            code="APP_DR_NOT_READY",
            node=reason.node,
            text=f"The application at {site} does not serve, so it could not take over.",
        )
    return Reason(
        code="APP_DR_UNKNOWN", node=reason.node, text=f"Whether the application at {site} would serve is not known."
    )


def _active(resource: Resource, scene: Scene, troubled: set[str]) -> str | None:
    """The one site that says it is active beside one that says it is not; else the home site while it serves."""
    healthy = [node for node in scene.seen if node.site not in troubled]
    said = {node.site for node in healthy if node.facts.role is Role.ACTIVE}
    if len(said) == 1 and any(node.facts.role is Role.STANDBY for node in healthy):
        return said.pop()
    return resource.home_site if any(node.site == resource.home_site for node in healthy) else None
