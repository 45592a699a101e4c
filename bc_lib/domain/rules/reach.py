"""Who could be seen, and what may be said about those who could not (F16, decisions 10 and 19).

One vantage point is never enough to call a node down: the partner's own evidence has to agree, and it
counts only if the partner was connected to the lost node itself when that was last seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bc_lib.domain.assessment import Reason
from bc_lib.domain.observation import NodeObservation, Reach, Role
from bc_lib.domain.rules.feeding import Feed
from bc_lib.domain.rules.scene import Scene, Seen, sends_to, streaming
from bc_lib.domain.words import duration, one_line

PAIR = 2
CLOSED_S = 30.0
"""A standby that starts is open for queries within seconds of connecting, unless it still lacks WAL of its backup."""

_OWN_WORDS = {
    Reach.CREDENTIAL: ("CREDENTIAL_UNAVAILABLE", "Our credential does not work at"),
    Reach.STARTING: ("NODE_STARTING", "The server is starting or stopping at"),
    Reach.ERROR: ("CHECK_FAILED", "The check failed at"),
    Reach.OK: ("CHECK_FAILED", "The check brought no figures from"),
}
_STRANGER = ("ANOTHER_SERVER", "Another server answers at the address of")


def judge(scene: Scene, feeds: Mapping[str, Feed]) -> Iterator[Reason]:
    """One reason for each node that could not be seen, or one for all."""
    silent = [node for node in scene.unseen if node.reach in {Reach.UNREACHABLE, Reach.REFUSED}]
    for node in scene.unseen:
        if node not in silent:
            yield _closed(scene, node) or _explained(scene, node)
    if silent and not scene.seen:
        names = " and ".join(f"{scene.place(node)} ({how(node)})" for node in silent)
        yield Reason(
            code="BOTH_BLIND", text=f"No node can be seen: {names}. The trouble may be the monitor's own network."
        )
        return
    for node in silent:
        yield _primary(scene, node, feeds) if node is scene.lost_primary else _standby(scene, node)


def _closed(scene: Scene, node: NodeObservation) -> Reason | None:
    """For a standby that has received for a while and still takes no queries; a server's words are not asked."""
    source = scene.source
    if node.reach is not Reach.STARTING or source is None or not source.facts.lists_standbys:
        return None
    known = scene.memory.node(node.node)
    if known is not None and (scene.now - known.seen_at).total_seconds() <= CLOSED_S:
        return None  # it took queries a moment ago: it stops, or starts again
    others = [one.name for one in scene.standbys if streaming(one) is not False]
    live = [one for one in source.facts.downstreams if one.state in {"streaming", "catchup"}]
    mine = [one for one in live if one.application_name == node.node] or ([] if others else live)
    now = source.facts.node_time
    held = [(now - one.began_at).total_seconds() for one in mine if one.began_at is not None and now is not None]
    if not held or max(held) <= CLOSED_S:
        return None
    return Reason(
        code="HOT_STANDBY_OFF",
        node=node.node,
        figures={"receives_for_s": round(max(held), 1)},
        text=f"{scene.place(node)} has received from {source.place} for {duration(max(held))} and still takes no "
        "queries: hot_standby is off there, or it has not reached a consistent state yet.",
    )


def _explained(scene: Scene, node: NodeObservation) -> Reason:
    code, words = _STRANGER if node.node in scene.strangers else _OWN_WORDS[node.reach]
    detail = f": {one_line(node.error)}" if node.error else ""
    return Reason(code=code, node=node.node, text=f"{words} {scene.place(node)}{detail.rstrip('.')}.")


def how(node: NodeObservation) -> str:
    """How a node failed to answer."""
    return "refused the connection" if node.reach is Reach.REFUSED else "no answer"


def _primary(scene: Scene, lost: NodeObservation, feeds: Mapping[str, Feed]) -> Reason:
    known, place = scene.memory.node(lost.node), scene.place(lost)
    start = f"The primary at {scene.resource.title(lost.site)} cannot be reached from the monitor ({how(lost)})"
    if known is not None and known.role is not Role.PRIMARY:
        start = f"No primary is seen; {place}, which may be one, cannot be reached from the monitor ({how(lost)})"
    states = [(node, streaming(node)) for node in scene.standbys]
    receiving = next((node for node, state in states if state and feeds[node.name].by == lost.node), None)
    if receiving:
        return Reason(
            code="PRIMARY_BLIND",
            node=lost.node,
            figures=_message_age(receiving),
            text=f"{start}, but the standby {receiving.place} still receives from it{_heard(receiving)}: "
            "not called down.",
        )
    # A standby that hangs on another one says nothing about the primary, whether it receives or not.
    asked = [(node, state) for node, state in states if feeds[node.name].by in {None, lost.node}]
    told = [node for node, state in asked if state is False and _was_fed_by(scene, node, lost)]
    if told and all(state is False for _, state in asked):
        return Reason(
            code="PRIMARY_DOWN",
            node=lost.node,
            text=f"{start}, and the standby {told[0].place} receives nothing from it either ({_receiver(told[0])}).",
        )
    why = "no standby was connected to it when it was last seen" if states else "no standby is there to ask"
    if any(state is None for _, state in states):
        why = "the standby's receiver could not be read"
    return Reason(
        code="PRIMARY_BLIND", node=lost.node, text=f"{start}; {why}, so there is no second signal: not called down."
    )


def _standby(scene: Scene, lost: NodeObservation) -> Reason:
    if any(node.site == lost.site for node in scene.standbys) and lost.site == scene.other_site:
        return Reason(
            code="STANDBY_UNSEEN",
            node=lost.node,
            text=f"The standby {scene.place(lost)} cannot be reached from the monitor ({how(lost)}); "
            f"another one at {scene.resource.title(lost.site)} can.",
        )
    start = f"{scene.place(lost)} cannot be reached from the monitor ({how(lost)})"
    if scene.source is None:
        return Reason(code="DR_BLIND", node=lost.node, text=f"{start}, and no single primary is there to ask about it.")
    feeder, why = _feeder(scene, lost)
    if feeder is None:
        return Reason(
            code="DR_BLIND", node=lost.node, text=f"{start}; {why}, so there is no second signal: not called down."
        )
    named = f"the primary {feeder.place}" if feeder is scene.source else f"the standby {feeder.place}"
    others = sum(1 for node in scene.standbys if node is not feeder and streaming(node) is not False)
    sends = sends_to(feeder, lost.node, others)
    if sends:
        return Reason(
            code="DR_BLIND",
            node=lost.node,
            text=f"{start}, but {named} still sends to it: not called down.",
        )
    if sends is None:
        return Reason(
            code="DR_BLIND",
            node=lost.node,
            text=f"{start}; the list of standbys at {feeder.place} could not be read, "
            "so there is no second signal: not called down.",
        )
    return Reason(
        code="DR_DOWN",
        node=lost.node,
        text=f"{start}, and {named} does not list it as connected either.",
    )


def _feeder(scene: Scene, lost: NodeObservation) -> tuple[Seen | None, str]:
    """The node that was connected to the lost standby when that was last seen; or why there is none to ask."""
    gone = scene.memory.node(lost.node)
    if gone is None:
        return scene.source, ""  # nothing is remembered: its primary is asked
    if gone.fed_by is None or gone.streaming_at is None or gone.streaming_at < gone.seen_at:
        return None, "it was not connected when last seen"
    feeder = next((node for node in scene.seen if node.name == gone.fed_by), None)
    return feeder, f"{scene.resource.place(gone.fed_by)}, which fed it, cannot be seen either"


def _was_fed_by(scene: Scene, standby: Seen, lost: NodeObservation) -> bool:
    """Whether a cut link is news of the lost node: the standby was connected to *it* when it was last seen.

    Where nothing is remembered, the standby must be set to connect to it. A node that was no standby had no link.
    """
    gone, partner = scene.memory.node(lost.node), scene.memory.node(standby.name)
    if gone is None or partner is None:
        return _set_to_follow(scene, standby, lost)
    known = partner.streaming_at is not None and partner.streaming_at >= gone.seen_at
    return known and partner.fed_by == lost.node


def _set_to_follow(scene: Scene, standby: Seen, lost: NodeObservation) -> bool:
    upstream = standby.facts.upstream
    if upstream is None or not upstream.configured:
        return len(scene.resource.endpoints) == PAIR  # between two nodes there is nobody else to follow
    ends = {f"{one.host}:{one.port}" for one in scene.resource.endpoints if one.node == lost.node}
    return not ends.isdisjoint(upstream.configured)


def _receiver(standby: Seen) -> str:
    upstream = standby.facts.upstream
    if upstream is None or upstream.status is None:
        return "no WAL receiver runs"
    if upstream.status == "streaming":
        return f"silent for {duration(upstream.last_message_age_s or 0.0)}"
    return f"its WAL receiver is {ascii(upstream.status)[1:-1]}"


def _heard(standby: Seen) -> str:
    age = standby.facts.upstream.last_message_age_s if standby.facts.upstream else None
    return "" if age is None else f" (last message {duration(age)} ago)"


def _message_age(standby: Seen) -> dict[str, float | int | str | None]:
    return {"last_message_age_s": standby.facts.upstream.last_message_age_s if standby.facts.upstream else None}
