"""Who replicates from whom, as last seen by each side (`bcctl topology`)."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.observation import Downstream, NodeFacts, NodeObservation, Reach
from bc_lib.services.estate import ResourceView


def topology_lines(view: ResourceView) -> Iterator[str]:
    """Human lines: each node with its role and position, then the standbys it reports."""
    if view.stored is None:
        yield f"{view.name}: never observed yet"
        return
    seen = view.stored.observation.observed_at
    yield f"{view.name}: {view.current.status.value}, observed {seen:%Y-%m-%d %H:%M:%S} UTC"
    for node in view.stored.observation.nodes:
        yield from _node_lines(node)


def _node_lines(node: NodeObservation) -> Iterator[str]:
    facts = node.facts
    if node.reach is not Reach.OK or facts is None:
        yield f"  {node.node} (site {node.site}): {node.reach.value}: {node.error or 'no detail'}"
        return
    who = f"  {node.node} (site {node.site}): {facts.role.value}, version {facts.version}"
    yield f"{who}, timeline {facts.timeline}, {_position(facts)}"
    if facts.upstream is not None:
        up = facts.upstream
        yield f"    receives from {up.sender_host}:{up.sender_port}, receiver {up.status or 'not running'}"
    for standby in facts.downstreams:
        yield f"    sends to {_downstream(standby)}"
    for slot in facts.slots:
        held = "not known" if slot.retained_bytes is None else f"{slot.retained_bytes:,} bytes"
        yield f"    slot {slot.name}: {'active' if slot.active else 'inactive'}, retains {held} of WAL"


def _position(facts: NodeFacts) -> str:
    if facts.current_lsn is not None:
        return f"writes at {facts.current_lsn}"
    return f"received {facts.received_lsn}, replayed {facts.replayed_lsn}"


def _downstream(standby: Downstream) -> str:
    return (
        f"{standby.application_name} ({standby.client_address or 'local'}): {standby.state}, {standby.sync_state}, "
        f"sent {standby.sent_lsn}, flushed {standby.flushed_lsn}, replayed {standby.replayed_lsn}"
    )
