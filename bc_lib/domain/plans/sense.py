"""Which moves make sense by what is seen now: never onto a dead site, nothing planned from a dead primary.

One rule for the page that offers a move, the command that asks for it and the service that refuses it. What is not
seen is not called dead: such a move may be asked for, its verdict says "not known", and its start measures again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.current import Current
from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import Observation
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import clock

DOWN = frozenset({"PRIMARY_DOWN", "DR_DOWN"})
"""Reasons that two vantage points agree on. Everything less is "not seen"."""


class Seen(StrEnum):
    """What is known about a resource's primary now."""

    RUNNING = "running"
    DOWN = "down"
    MISSING = "missing"  # every server was seen, and none of them takes writes
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where the primary is, or was last. `site` None: nobody ever saw one. `at`: when it was seen there.

    `dead`: sites at which nothing runs, by two vantage points.
    """

    primary: Seen
    site: str | None
    at: datetime | None
    dead: frozenset[str] = frozenset()


def whereabouts(resource: Resource, view: Current | None, observation: Observation | None) -> Whereabouts:
    """By the last observation. One that is too old says where the primary was, and nothing about now."""
    last = view.last if view else None
    if view is None or last is None:
        return Whereabouts(primary=Seen.UNSEEN, site=None, at=None)
    known = last.last_primary
    site = last.active_site or (known.site if known else None)
    at = last.observed_at if last.active_site else known.seen_at if known else None
    if view.status is not last.status:
        return Whereabouts(primary=Seen.UNSEEN, site=site, at=at)
    codes = {reason.code for reason in view.reasons}
    primary = Seen.UNSEEN
    if last.active_site is not None:
        primary = Seen.RUNNING
    elif "PRIMARY_DOWN" in codes:
        primary = Seen.DOWN
    elif "NO_PRIMARY" in codes:
        primary = Seen.MISSING
    if primary is Seen.DOWN and site is None:
        site = next((site_of(resource, each.node) for each in view.reasons if each.code == "PRIMARY_DOWN"), None)
    return Whereabouts(primary=primary, site=site, at=at, dead=_dead(resource, view, observation))


def objection(kind: RequestType, scope: str, resource: Resource, known: Whereabouts, target_site: str) -> Denial | None:
    """Why `resource` cannot be moved to `target_site` in this way now; None where it may be asked for."""
    if known.primary is Seen.RUNNING and known.site == target_site:
        return None  # already there: said for the whole scope, or left out of its plan
    return _onto_the_dead(scope, resource, known, target_site) or _from_the_dead(kind, scope, resource, known)


def _onto_the_dead(scope: str, resource: Resource, known: Whereabouts, target_site: str) -> Denial | None:
    if known.primary in {Seen.DOWN, Seen.UNSEEN} and known.site == target_site:
        return refusal(
            "WAS_ACTIVE_THERE",
            resource=resource.name,
            site=resource.title(target_site),
            when=_when(known),
            state="is down" if known.primary is Seen.DOWN else "is not seen now",
            scope=scope,
            other=resource.title(resource.dr_site if target_site == resource.home_site else resource.home_site),
        )
    if target_site in known.dead:
        return refusal("TARGET_DOWN", resource=resource.name, site=resource.title(target_site), scope=scope)
    return None


def _from_the_dead(kind: RequestType, scope: str, resource: Resource, known: Whereabouts) -> Denial | None:
    """Only a failover begins without a primary; everything else stops a running one first, or rehearses that."""
    what = f"a {kind.value} of {scope}"
    if kind is RequestType.FAILOVER:
        return None
    if known.primary is Seen.DOWN:
        site = resource.title(known.site) if known.site else "an unknown site"
        return refusal("PRIMARY_DOWN", resource=resource.name, site=site, when=_when(known), what=what)
    if known.primary is Seen.MISSING:
        return refusal("PRIMARY_MISSING", resource=resource.name, what=what)
    return None


def _when(known: Whereabouts) -> str:
    return clock(known.at) if known.at else "at an unknown time"


def site_of(resource: Resource, node: str | None) -> str | None:
    """The site of a node of the inventory."""
    return next((each.site for each in resource.endpoints if each.node == node), None)


def _dead(resource: Resource, view: Current, observation: Observation | None) -> frozenset[str]:
    """A site is dead where one of its servers is down by two signals and none of the others was seen."""
    down = {site for each in view.reasons if each.code in DOWN and (site := site_of(resource, each.node))}
    seen = {node.site for node in observation.nodes if node.facts is not None} if observation else set()
    return frozenset(down - seen)
