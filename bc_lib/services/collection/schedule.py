"""When each resource is due, and which shard it belongs to.

Every resource has a fixed phase inside its interval, made from its name. So an estate is spread
evenly, two pollers agree on the moments, and a hand-over between them leaves no gap (F29).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bc_lib.domain.inventory import Resource

RESOLUTION = 10_000


def phase(name: str) -> float:
    """A number in [0, 1) that is always the same for one name."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:4], "big") % RESOLUTION / RESOLUTION


def shard_of(name: str, shards: int) -> int:
    """The shard that watches this resource."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[4:8], "big") % shards


def in_shard(resources: Iterable[Resource], shard: int, shards: int) -> list[Resource]:
    """The resources of one shard."""
    return [resource for resource in resources if shard_of(resource.name, shards) == shard]


def next_due(name: str, interval_s: float, now: float) -> float:
    """The first moment strictly after `now` (seconds since the epoch) at which the resource is due."""
    offset = phase(name) * interval_s
    return offset + interval_s * ((now - offset) // interval_s + 1)
