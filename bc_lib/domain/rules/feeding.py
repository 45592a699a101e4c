"""Who feeds a standby: the primary has to list a sender that fits its receiver, directly or node by node.

A receiver that streams says only that somebody sends. A copy of the primary (a cloned disk, a restored snapshot,
a wrong name) has the same system identifier, timeline and slots, and feeds as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain import feed_ends
from bc_lib.domain.assessment import Reason
from bc_lib.domain.lsn import furthest, position
from bc_lib.domain.memory import NodeMemory
from bc_lib.domain.observation import Downstream, Upstream
from bc_lib.domain.rules.scene import Scene, Seen, streaming
from bc_lib.domain.sourced import Sourced

SETTLING_S = 10.0
"""A connection younger than this may be missing from a list that was perhaps read a moment before."""

START_SLACK_S = 15.0
"""A receiver is started, then connects: the sender begins within this time where the way is free."""


class Fed(StrEnum):
    """What is known of a standby's feed."""

    BY_PRIMARY = "by the primary"  # each link up to the primary is listed by its sender
    BY_ANOTHER = "by another"  # it receives, and nobody in the chain up to the primary lists it
    NOT_NOW = "not now"  # it receives nothing, or the node that feeds it receives nothing
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`by`: the node at the other end of its connection, where that is known. `sender`: that node's line about it."""

    state: Fed
    by: str | None = None
    sender: Sourced[Downstream] | None = None
    why: str = ""


Senders = Mapping[str, Sourced[Downstream]]


def feeds(scene: Scene) -> dict[str, Feed]:
    """One for each standby seen, by name."""
    senders = _senders(scene)
    return {standby.name: _feed(scene, standby, senders, ()) for standby in scene.standbys}


def judge(scene: Scene, found: Mapping[str, Feed]) -> Iterator[Reason]:
    """Reasons about standbys that are not known to be fed by the one primary seen, or were not when last seen."""
    for standby in scene.standbys:
        feed, before = found[standby.name], scene.memory.node(standby.name)
        if feed.state is Fed.BY_ANOTHER:
            text = f"The primary {_primary(scene)} does not feed {standby.place}: {feed.why}."
            yield Reason(code="NOT_FED_BY_PRIMARY", node=standby.name, text=text)
        elif _was_not_fed(scene, feed, before):
            text = f"The primary did not feed {standby.place} when both were last seen together; another server did."
            yield Reason(code="NOT_FED_BY_PRIMARY", node=standby.name, text=text)
        elif feed.state is Fed.UNKNOWN and scene.source is not None and feed.why:
            text = f"Whether the primary {_primary(scene)} feeds {standby.place} is not known: {feed.why}."
            yield Reason(code="FEED_UNKNOWN", node=standby.name, text=text)


def _was_not_fed(scene: Scene, feed: Feed, before: NodeMemory | None) -> bool:
    """What was seen then stands until it is seen to receive from its primary."""
    return before is not None and before.not_fed and (scene.source is None or feed.state is Fed.NOT_NOW)


def not_fed(feed: Feed, before: NodeMemory | None) -> bool:
    """What to remember of it."""
    return feed.state is Fed.BY_ANOTHER or (before is not None and before.not_fed and feed.state is not Fed.BY_PRIMARY)


def _primary(scene: Scene) -> str:
    return scene.source.place if scene.source is not None else "(none seen)"


def _feed(scene: Scene, standby: Seen, senders: Senders, below: tuple[str, ...]) -> Feed:
    state, upstream = streaming(standby), standby.facts.upstream
    if not state or upstream is None:  # an unreadable receiver is told as a missing figure
        return Feed(state=Fed.NOT_NOW if state is False else Fed.UNKNOWN)
    sender = senders.get(standby.name)
    if sender is None:
        return _unlisted(scene, standby, upstream)
    if scene.source is not None and sender.source == scene.source.name:
        return Feed(state=Fed.BY_PRIMARY, by=sender.source, sender=sender)
    middle = next((node for node in scene.standbys if node.name == sender.source), None)
    if middle is None:  # one of several primaries, or of an unknown role
        return Feed(
            state=Fed.UNKNOWN, by=sender.source, sender=sender, why=f"{scene.resource.place(sender.source)} feeds it"
        )
    if middle.name in below:
        return Feed(state=Fed.BY_ANOTHER, by=middle.name, sender=sender, why="the standbys feed each other in a ring")
    return _through(_feed(scene, middle, senders, (*below, standby.name)), middle, sender)


def _through(above: Feed, middle: Seen, sender: Sourced[Downstream]) -> Feed:
    place = middle.place
    said = {
        Fed.BY_PRIMARY: "",
        Fed.NOT_NOW: f"{place}, which feeds it, receives nothing itself",
        Fed.BY_ANOTHER: f"{place}, which feeds it, receives from another server",
        Fed.UNKNOWN: f"{place} feeds it, and who feeds {place} is not known",
    }
    return Feed(state=above.state, by=middle.name, sender=sender, why=said[above.state])


def _unlisted(scene: Scene, standby: Seen, upstream: Upstream) -> Feed:
    """Nobody seen lists a sender that fits it."""
    before = scene.memory.node(standby.name)
    kept = before.fed_by if before is not None and before.receiver_began_at == upstream.began_at is not None else None
    named = scene.at_address(upstream.sender_host, upstream.sender_port)
    lister = next((node for node in scene.seen if node.name == (kept or named)), None)
    if lister is None and (kept or named):
        return Feed(
            state=Fed.UNKNOWN,
            by=kept or named,
            why=f"{scene.resource.place(kept or named or '')}, which feeds it, could not be seen",
        )
    silent = [node for node in scene.seen if node is not standby and not node.facts.lists_standbys]
    if lister in silent if lister else bool(silent):
        return Feed(
            state=Fed.UNKNOWN,
            by=kept,
            why=f"the list of standbys at {', '.join(node.place for node in silent)} could not be read",
        )
    asked = [node for node in (scene.source, lister) if node is not None]
    doubt = _doubt(
        standby, upstream, kept and scene.resource.place(kept), later=all(standby.read_before(node) for node in asked)
    )
    if scene.source is None or doubt:
        return Feed(state=Fed.UNKNOWN, why=doubt)
    sender = ascii(f"{upstream.sender_host or '(unknown)'}:{upstream.sender_port or '(unknown)'}")[1:-1]
    return Feed(
        state=Fed.BY_ANOTHER,
        why=f"{standby.place} receives from {sender}, and no sender listed there fits its receiver",
    )


def _doubt(standby: Seen, upstream: Upstream, kept: str | None, *, later: bool) -> str:
    """Why its sender may be missing from a list though it is or was there; empty: for no known reason.

    `later`: the lists were read after the standby said that it streams, so that they had its sender by then.
    """
    if kept:
        return f"{kept} has ended the connection, and {standby.place} has not noticed yet"
    if later:
        return ""
    if upstream.began_at is None or standby.facts.node_time is None:
        return f"since when {standby.place} is connected could not be read"
    young = (standby.facts.node_time - upstream.began_at).total_seconds() < SETTLING_S
    return f"{standby.place} has only just connected" if young else ""


def _senders(scene: Scene) -> dict[str, Sourced[Downstream]]:
    """The sender of each standby that streams: best fit first, each sender for one standby only."""
    pairs = sorted(
        (-_likeness(scene, lister, sender, standby), lister.name, number, standby.name)
        for standby in scene.standbys
        if streaming(standby)
        for lister in scene.seen
        if lister is not standby and lister.facts.lists_standbys
        for number, sender in enumerate(lister.facts.downstreams)
        if sender.state != "backup" and _fits(lister, sender, standby)
    )
    found: dict[str, Sourced[Downstream]] = {}
    taken: set[tuple[str, int]] = set()
    for _, lister_name, number, name in pairs:
        if name in found or (lister_name, number) in taken:
            continue
        lister = next(node for node in scene.seen if node.name == lister_name)
        sender = lister.facts.downstreams[number]
        since = lister.moment(sender.began_at) if sender.began_at is not None else None
        found[name] = Sourced(value=sender, source=lister_name, about=name, since=since)
        taken.add((lister_name, number))
    return found


def _fits(lister: Seen, sender: Downstream, standby: Seen) -> bool:
    """Nothing that both ends tell contradicts that they are the ends of one connection."""
    upstream = standby.facts.upstream
    if upstream is None:
        return False
    alike = feed_ends.named_alike(
        upstream.application_name,
        upstream.slot_name,
        sender.application_name,
        sender.slot_name,
        slots="slots" not in lister.facts.missing,
    )
    return alike and _positions_fit(lister, sender, standby, upstream)


def _positions_fit(lister: Seen, sender: Downstream, standby: Seen, upstream: Upstream) -> bool:
    has = position(furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)) or 0
    if standby.read_before(lister):
        # What it had received, and what its sender had told it of, the sender has by now.
        end = position(furthest(lister.facts.current_lsn, lister.facts.received_lsn, lister.facts.replayed_lsn))
        told = position(upstream.sender_end_lsn) or 0
        return feed_ends.was_written(max(has, told), end)
    if lister.read_before(standby):
        # What it had confirmed to the sender, it has.
        return feed_ends.was_received(position(furthest(sender.flushed_lsn, sender.replayed_lsn)), has)
    return True


def _likeness(scene: Scene, lister: Seen, sender: Downstream, standby: Seen) -> int:
    """How much speaks for it, beyond that nothing speaks against it."""
    upstream = standby.facts.upstream
    if upstream is None:
        return 0
    named = scene.at_address(upstream.sender_host, upstream.sender_port)
    began = lister.moment(sender.began_at) if sender.began_at is not None else None
    started = standby.moment(upstream.began_at) if upstream.began_at is not None else None
    close = began is not None and started is not None and abs((began - started).total_seconds()) <= START_SLACK_S
    return (
        (4 if sender.slot_name is not None and sender.slot_name == upstream.slot_name else 0)
        + (3 if close else 0)
        + (2 if named == lister.name else 0)
        + (1 if sender.application_name in {upstream.application_name, standby.name} else 0)
        + (1 if sender.client_address is not None and sender.client_address == standby.facts.address else 0)
    )
