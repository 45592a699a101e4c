"""What each site says about itself, in rows that stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bc_lib.domain.inventory import Platform, Resource
from bc_lib.domain.observation import Downstream, NodeFacts, NodeObservation, Observation, Reach, Role, Slot
from bc_lib.services.estate import Estate
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import UNKNOWN, duration, latency, moment, size

REACH = {
    Reach.OK: Mark(key="green", word="Answers", meaning="the node answered"),
    Reach.UNREACHABLE: Mark(key="blind", word="Not reachable from here", meaning="no answer in time, or no route"),
    Reach.REFUSED: Mark(key="red", word="Refused", meaning="the host answers that nobody listens there"),
    Reach.STARTING: Mark(key="yellow", word="Starting or stopping", meaning="it answers, but accepts no queries"),
    Reach.CREDENTIAL: Mark(
        key="blind", word="Our credential fails", meaning="our own account or secret is the trouble"
    ),
    Reach.ERROR: Mark(key="blind", word="Unusable answer", meaning="an answer that could not be used"),
}
ANSWERED_THEN = Mark(
    key="stale", word="Answered then", meaning="it answered when it was last looked at; nothing is known about now"
)
NOT_ASKED = Mark(key="never", word="Not asked yet", meaning="no observation of this node")
ROLES = {Role.PRIMARY: "Primary", Role.STANDBY: "Standby", Role.ACTIVE: "Serves", Role.UNKNOWN: UNKNOWN}
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node: `rows` are (what, value); `error` is the connector's sentence."""

    name: str
    reach: Mark
    role: str
    error: str | None
    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site of a resource."""

    title: str
    label: str
    nodes: tuple[Node, ...]


def sites(resource: Resource, seen: Observation | None, estate: Estate, *, fresh: bool) -> tuple[Site, ...]:
    """Home site first, then the DR site. What is not fresh is never shown as an answer (decision 11)."""
    pairs = ((resource.home_site, "home site"), (resource.dr_site, "DR site"))
    return tuple(
        Site(title=estate.site_titles.get(name, name), label=label, nodes=_nodes(resource, name, seen, estate, fresh))
        for name, label in pairs
    )


def _nodes(resource: Resource, site: str, seen: Observation | None, estate: Estate, fresh: bool) -> tuple[Node, ...]:
    found = seen.at_site(site) if seen else ()
    if found:
        return tuple(_node(each, resource.platform, estate, fresh) for each in found)
    return tuple(
        Node(name=_named(each.node, site), reach=NOT_ASKED, role=UNKNOWN, error=None, rows=())
        for each in resource.endpoints
        if each.site == site
    )


def _named(node: str, site: str) -> str:
    """The node's own name, where it has one beside its site's."""
    return "" if node == site else node


def _node(seen: NodeObservation, platform: Platform, estate: Estate, fresh: bool) -> Node:
    facts = seen.facts
    rows: list[tuple[str, str]] = [("Answer took", latency(seen.latency_s))] if seen.latency_s is not None else []
    if facts and platform is Platform.HTTP:
        rows += [("HTTP status", str(facts.http_status or UNKNOWN)), ("Version", facts.version or UNKNOWN)]
    elif facts:
        rows += _database(facts, estate)
    reach = ANSWERED_THEN if seen.reach is Reach.OK and not fresh else REACH[seen.reach]
    return Node(
        name=_named(seen.node, seen.site),
        reach=reach,
        role=ROLES[facts.role] if facts else UNKNOWN,
        error=seen.error,
        rows=tuple(rows),
    )


def _database(facts: NodeFacts, estate: Estate) -> Iterator[tuple[str, str]]:
    yield "Version", facts.version or UNKNOWN
    yield "Timeline", str(facts.timeline) if facts.timeline is not None else UNKNOWN
    yield from _positions(facts)
    if facts.heartbeat:
        yield "Heartbeat seen", moment(facts.heartbeat.beat_at, estate.now)
    for standby in facts.downstreams:
        yield f"Sends to {standby.application_name}", _downstream(standby)
    for slot in facts.slots:
        yield f"Slot {slot.name}", _slot(slot)
    yield from _troubles(facts, estate)


def _positions(facts: NodeFacts) -> Iterator[tuple[str, str]]:
    if facts.role is not Role.STANDBY:
        yield "WAL position", facts.current_lsn or UNKNOWN
        return
    yield "Received", facts.received_lsn or UNKNOWN
    yield "Replayed", facts.replayed_lsn or UNKNOWN
    yield "Receiver", _receiver(facts)
    if facts.replay_paused:
        yield "Replay", "paused"
    if facts.replay_delay_s:
        yield "Applies on purpose", f"{duration(facts.replay_delay_s)} late"


def _receiver(facts: NodeFacts) -> str:
    upstream = facts.upstream
    if upstream is None or upstream.status is None:
        return "none runs"
    quiet = (
        f", last message {duration(upstream.last_message_age_s)} ago" if upstream.last_message_age_s is not None else ""
    )
    source = f" from {upstream.sender_host}:{upstream.sender_port}" if upstream.sender_host else ""
    return f"{upstream.status}{source}{quiet}"


def _downstream(standby: Downstream) -> str:
    lag = f", replay lag {duration(standby.replay_lag_s)}" if standby.replay_lag_s is not None else ""
    return f"{standby.state}, {standby.sync_state}, sent {standby.sent_lsn or UNKNOWN}{lag}"


def _slot(slot: Slot) -> str:
    used = "active" if slot.active else "not in use"
    return f"{used}, retains {size(slot.retained_bytes)} of WAL ({slot.wal_status or UNKNOWN})"


def _troubles(facts: NodeFacts, estate: Estate) -> Iterator[tuple[str, str]]:
    if facts.read_only and facts.role is Role.PRIMARY:
        yield "Writes", "read-only by default_transaction_read_only"
    if facts.archive_failures_since:
        yield "Archiving", f"failing since {moment(facts.archive_failures_since, estate.now)}"
    if facts.oldest_transaction_s is not None:
        yield "Oldest transaction", duration(facts.oldest_transaction_s)
    if facts.prepared_transactions:
        yield "Prepared transactions", f"{facts.prepared_transactions}, oldest {duration(facts.oldest_prepared_s)}"
    if facts.replay_conflicts:
        yield "Replay conflicts", f"{facts.replay_conflicts} since statistics were reset"
    if facts.sync_waiters:
        yield "Waiting for a synchronous standby", f"{facts.sync_waiters} sessions"
    if facts.started_at:
        yield "Running since", moment(facts.started_at, estate.now)
    if facts.missing:
        yield "Could not be read", ", ".join(_with_cause(facts, name) for name in facts.missing)


def _with_cause(facts: NodeFacts, name: str) -> str:
    why = facts.missing_why.get(name)
    return f"{name} ({why})" if why else name
