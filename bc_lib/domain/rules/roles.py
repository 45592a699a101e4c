"""Who is the primary, whether that changed without a request, and whether the sites belong together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bc_lib.domain.assessment import Reason
from bc_lib.domain.observation import Role
from bc_lib.domain.one_server import sentence
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import clock

KEEP_UNREQUESTED = timedelta(hours=24)


def judge(scene: Scene) -> Iterator[Reason]:
    """Reasons from roles alone."""
    yield from _strange(scene)
    for one, other in scene.twins:
        yield Reason(code="ONE_SERVER", text=sentence(one, other))
    if len(scene.primaries) > 1:
        names = ", ".join(node.place for node in scene.primaries)
        yield Reason(
            code="TWO_PRIMARIES",
            text=f"{len(scene.primaries)} nodes accept writes: {names}. Data may be diverging now.",
        )
    if not scene.primaries and not scene.unseen:
        yield Reason(code="NO_PRIMARY", text="All nodes were seen and none of them is a primary: nobody can write.")
    yield from _source(scene)


def _strange(scene: Scene) -> Iterator[Reason]:
    for node in scene.seen:
        if node.facts.role not in {Role.PRIMARY, Role.STANDBY}:
            yield Reason(
                code="CHECK_FAILED",
                node=node.name,
                text=f"{node.place} did not say whether it is a primary or a standby.",
            )


def _source(scene: Scene) -> Iterator[Reason]:
    source, home, titled = scene.source, scene.resource.home_site, scene.resource.title
    if source is None:
        return
    if source.site != home:
        yield Reason(
            code="SITE_MISMATCH",
            node=source.name,
            text=f"The primary runs at {titled(source.site)}; its home site is {titled(home)}.",
        )
    if source.facts.read_only:
        yield Reason(
            code="PRIMARY_READ_ONLY",
            node=source.name,
            text=f"The primary {source.place} refuses writes (default_transaction_read_only is on).",
        )
    mine = source.facts.system_identifier
    for node in scene.standbys:
        theirs = node.facts.system_identifier
        if mine is not None and theirs is not None and mine != theirs:
            yield Reason(
                code="DIFFERENT_SYSTEM",
                node=node.name,
                text=f"{node.place} is not a copy of {source.place}: its system identifier differs.",
            )


def moved(scene: Scene) -> str | None:
    """The sentence for a role or timeline that differs from the round before; None when nothing did."""
    changes = [text for node in scene.seen if (text := _change(scene, node))]
    return "; ".join(changes) or None


def _change(scene: Scene, node: Seen) -> str | None:
    before, role = scene.memory.node(node.name), node.facts.role
    if node.name in scene.doubtful:
        return None
    known = {Role.PRIMARY, Role.STANDBY}
    if before is None or role not in known or before.role not in known:
        return None
    if any(move.explains(node.name, before.seen_at, node.at) for move in scene.moves):
        return None  # it stands in our journal
    if role is not before.role:
        return (
            f"{node.place} was {before.role.value} at {clock(before.seen_at)} "
            f"and was seen as {role.value} at {clock(node.at)}"
        )
    later = before.timeline is not None and node.facts.timeline is not None and node.facts.timeline > before.timeline
    if role is Role.PRIMARY and later:
        return (
            f"{node.place} is still primary, but its timeline went from {before.timeline} at {clock(before.seen_at)} "
            f"to {node.facts.timeline} at {clock(node.at)}"
        )
    return None


def unrequested(scene: Scene) -> tuple[datetime | None, str | None]:
    """What to remember about a move nobody asked for: the newest, for 24 hours or until somebody clears it."""
    text = moved(scene)
    if text:
        return scene.now, text
    at = scene.memory.unrequested_at
    if at is None or scene.now - at > KEEP_UNREQUESTED:
        return None, None
    return at, scene.memory.unrequested_text


def unrequested_reason(at: datetime | None, text: str | None) -> Iterator[Reason]:
    """The critical finding, while it is remembered."""
    if at is not None:
        yield Reason(
            code="UNREQUESTED_MOVE",
            text=f"Nobody asked for this here: {text or 'a role changed'}.",
            figures={"since": at.isoformat()},
        )
