"""Everything a check looks at, seen once, and a pad to write findings on."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bc_lib.connectors.postgresql.execution import feeding, orders, stopping, unlogged
from bc_lib.connectors.postgresql.execution.feeding import Feed
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.connectors.postgresql.execution.stopping import Stop
from bc_lib.connectors.postgresql.execution.unlogged import Seen
from bc_lib.connectors.postgresql.execution.writing import client_link
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.assessment import LastPrimary
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.inventory import Resource
from bc_lib.domain.lsn import behind
from bc_lib.domain.observation import Role
from bc_lib.domain.one_server import Pair, again, shared
from bc_lib.domain.plans.postgresql import MOVE_S
from bc_lib.ports.mechanism import CredentialUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The nodes of one move. `client_port`: where a writable connection of a client led; None: nowhere."""

    resource: Resource
    urgent: bool
    target: Sight
    old: Sight
    others: tuple[Sight, ...]
    seen_at: datetime
    client_port: int | None
    client_trouble: str
    by_hand: frozenset[str] = frozenset()  # nodes that people stop, by the plan
    feed: Feed | None = None  # whether the old primary feeds the target; None: one of them was not seen
    stop: Stop | None = None  # what a stop of the old primary would wait for; None: not seen
    stop_limit_s: float = math.inf  # so long may the stop take
    unlogged: Seen | None = None  # None: not looked at
    last_primary: LastPrimary | None = None  # what the monitor last saw taking writes

    @property
    def lost(self) -> LastPrimary | None:
        """What the monitor last saw of the old primary, where it does not answer now."""
        last = self.last_primary
        return last if last is not None and self.old.facts is None and last.node == self.old.node else None

    @property
    def nodes(self) -> tuple[Sight, ...]:
        """All of them."""
        return (self.old, self.target, *self.others)

    @property
    def twins(self) -> tuple[Pair, ...]:
        """Nodes that are one server."""
        return shared(self.nodes)

    @property
    def doubtful(self) -> frozenset[str]:
        """Nodes whose names lead to one server with another's."""
        return frozenset(node.node for pair in self.twins for node in pair)

    @property
    def primaries(self) -> tuple[Sight, ...]:
        """Those that take writes; a server under two names once."""
        twice = again(self.twins)
        return tuple(one for one in self.nodes if one.role is Role.PRIMARY and one.node not in twice)

    def lag_bytes(self) -> int | None:
        """What the target has not replayed of what the old primary has written. None: not known."""
        if self.old.facts is None or self.target.facts is None:
            return None
        return behind(self.old.facts.current_lsn, self.target.facts.replayed_lsn)

    def lag_s(self) -> float | None:
        """Seconds of data the target has not replayed, judged without mercy. None: not known, as without a primary."""
        old, new = self.old.facts, self.target.facts
        if new is None:
            return None
        if self.lag_bytes() == 0:
            return 0.0
        if old is not None:
            known = [one.replay_lag_s for one in old.downstreams if one.replay_lag_s is not None]
            found = [max(known)] if len(old.downstreams) == 1 and known else []
            if old.heartbeat is not None and new.heartbeat is not None:
                found.append((old.heartbeat.beat_at - new.heartbeat.beat_at).total_seconds())
            return max(0.0, *found) if found else None
        return None


@dataclass(slots=True)
class Pad:
    """Findings of one resource, in the order they were made."""

    resource: str
    found: list[Finding] = field(default_factory=list)

    def note(self, check: str, severity: Severity, sentence: str, figure: str = "", hint: str = "") -> None:
        """Write one down."""
        self.found.append(
            Finding(check=check, resource=self.resource, severity=severity, sentence=sentence, figure=figure, hint=hint)
        )

    def ok(self, check: str, sentence: str, figure: str = "") -> None:
        """Seen to be well."""
        self.note(check, Severity.OK, sentence, figure)

    def warn(self, check: str, sentence: str, figure: str = "", hint: str = "") -> None:
        """Shown, forbids nothing."""
        self.note(check, Severity.WARN, sentence, figure, hint)

    def block(self, check: str, sentence: str, figure: str = "", hint: str = "") -> None:
        """Forbids the start."""
        self.note(check, Severity.BLOCK, sentence, figure, hint)

    def unknown(self, check: str, sentence: str, figure: str = "", hint: str = "") -> None:
        """Could not be seen, so it is not green."""
        self.note(check, Severity.UNKNOWN, sentence, figure, hint)


def observe(ground: Ground, *, ahead: bool = True) -> Scene:
    """Look at every node, its host, and the clients' address. `ahead`: also at what only a move to come needs to know.

    Raises CredentialUnavailable.
    """
    nodes = (ground.target, ground.old, *ground.others)
    # All at once: a lost site costs its time-outs once, not one after the other.
    with ThreadPoolExecutor(len(nodes) + 1, thread_name_prefix="bc-look") as threads:
        client = threads.submit(_client, ground)
        target, old, *others = threads.map(ground.sight, nodes)
        port, trouble = client.result()
    leads = old.role is Role.PRIMARY
    return Scene(
        resource=ground.resource,
        urgent=ground.urgent,
        target=target,
        old=old,
        others=tuple(others),
        seen_at=datetime.now(UTC),
        client_port=port,
        client_trouble=trouble,
        feed=_feed(ground) if leads and target.role is Role.STANDBY else None,
        stop=_stop(ground, target) if ahead and leads else None,
        stop_limit_s=_stop_limit(ground),
        unlogged=_unlogged(ground, old, target) if ahead else None,
        last_primary=ground.work.last_primary,
        by_hand=frozenset(
            each.peer
            for each in ground.plan.steps
            if each.action == Action.STOP and each.resource == ground.resource.name
        ),
    )


def _feed(ground: Ground) -> Feed:
    try:
        with ground.open(ground.old) as old, ground.open(ground.target) as target:
            return feeding.look(old, target)
    except (Trouble, CredentialUnavailable) as error:
        return Feed(fed=None, sentence=f"Who feeds {ground.target.place} could not be seen: {error}", unseen=True)


def _stop(ground: Ground, target: Sight) -> Stop | None:
    upstream = target.facts.upstream if target.facts else None
    slot, name = (upstream.slot_name, upstream.application_name) if upstream else (None, None)
    try:
        with ground.open(ground.old) as old:
            return stopping.look(old, slot or "", name or ground.target.node)
    except (Trouble, CredentialUnavailable):
        return None


def _stop_limit(ground: Ground) -> float:
    """Seconds that the stop may take: its share of the move's time, and no more than the RTO."""
    moves = [
        step.timeout_s
        for step in ground.plan.steps
        if step.action == Action.MOVE and step.resource == ground.resource.name
    ]
    return min(orders.STOP_SHARE * (moves[0] if moves else MOVE_S), ground.resource.rto_s or math.inf)


def _unlogged(ground: Ground, old: Sight, target: Sight) -> Seen | None:
    """At the primary, which has their sizes; else at the standby, whose catalog names them too."""
    return unlogged.seen_now(ground, *(sight.endpoint for sight in (old, target) if sight.facts is not None))


def _client(ground: Ground) -> tuple[int | None, str]:
    """The port where a client can write, or why it cannot."""
    try:
        with client_link(ground) as link:
            return link.connection.info.port, ""
    except (Trouble, CredentialUnavailable) as error:
        return None, str(error)
