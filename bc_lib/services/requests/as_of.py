"""A reader for a look at many requests: what they share is read once, and all of them are judged at one moment."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, cast

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.policy import Policy
from bc_lib.ports.reading import Snapshot
from bc_lib.services.execution.said import Reads


def as_of_now(read: Reads) -> Reads:
    """`read`, with inventory, approval rules, observations and clock as they are when first asked for."""
    return cast(Reads, _AsOf(read))


class _AsOf:
    """Everything else is read when it is asked for."""

    def __init__(self, read: Reads) -> None:
        self._read = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._read, name)

    @cached_property
    def _kept(self) -> tuple[Inventory, Policy]:
        return self._read.inventory(), self._read.policy()

    @cached_property
    def _seen(self) -> Snapshot:
        return self._read.snapshot()

    def inventory(self) -> Inventory:
        """Read once."""
        return self._kept[0]

    def policy(self) -> Policy:
        """Read once."""
        return self._kept[1]

    def snapshot(self) -> Snapshot:
        """Read once."""
        return self._seen

    def now(self) -> datetime:
        """The moment of the observations."""
        return self._seen.now
