"""Everything that waits for people, read once for all of them; whoever looks gets what is open to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.requests.states import OVER, State
from bc_lib.domain.requests.waiting import Wait, of_grants, of_pack, of_proposal
from bc_lib.services.changes.upkeep import TOPICS
from bc_lib.services.changes.words import fault_of
from bc_lib.services.gate import Gate
from bc_lib.services.requests.as_of import as_of_now
from bc_lib.services.requests.waiting import Item, item_of

LIVE = tuple(state for state in State if state not in OVER and state is not State.DRAFT)
PACKS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """All of it at `now` (the database's clock), the most pressing first."""

    now: datetime
    items: tuple[Item, ...]


def open_waits(gate: Gate) -> Open:
    """Read everything that is under way, asked for or owed."""
    read, shared = gate.store.read, as_of_now(gate.store.read)
    found = read.list(states=LIVE, limit=1000)
    items = [item for each in found.requests if (item := item_of(gate, shared, each)) is not None]
    items += [Item(waits=(each,)) for each in of_grants(read.grants())]
    items += [Item(waits=each) for each in _proposals(gate, found.now)]
    for name, signed in read.unsigned(PACKS).items():
        request = read.get(name)
        if waits := of_pack(request, signed):
            items.append(Item(waits=waits, request=request))
    return Open(now=found.now, items=tuple(sorted(items, key=_pressing)))


def _proposals(gate: Gate, now: datetime) -> Sequence[tuple[Wait, ...]]:
    read, found = gate.store.read, []
    for each in read.changes.list(over=False, limit=100):
        topic = TOPICS[each.topic]
        waits = of_proposal(each, topic.verb, topic.newest(read), now)
        if waits and fault_of(gate, read, topic, each) is None:
            found.append(waits)
    return found


def _pressing(item: Item) -> tuple[int, float]:
    """Clients that cannot write, then databases without a standby, the longest first; then what ends first."""
    for rank, since in enumerate((item.down_since, item.unprotected_since)):
        if since is not None:
            return rank, since.timestamp()
    return (2, item.until.timestamp()) if item.until else (3, 0.0)
