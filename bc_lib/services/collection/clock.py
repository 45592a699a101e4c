"""The database's clock as seen from this process (decision 17).

Freshness is judged by the database's clock, so observations carry it too: a poller whose own clock
runs ahead must not make old data look young.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bc_lib.domain.observation import Observation


class DatabaseClock:
    """Measures the offset of the local clock now and then, and shifts times by it."""

    def __init__(self, database_now: Callable[[], datetime], local_now: Callable[[], float] = time.time) -> None:
        self._database_now = database_now
        self._local_now = local_now
        self.offset_s = 0.0

    def measure(self) -> float:
        """Ask the database once; the middle of the round trip is taken as the local moment. Blocks."""
        before = self._local_now()
        answer = self._database_now()
        middle = (before + self._local_now()) / 2
        self.offset_s = answer.timestamp() - middle
        return self.offset_s

    def now(self) -> datetime:
        """The database's time, estimated without asking."""
        return datetime.fromtimestamp(self._local_now() + self.offset_s, UTC)

    def shifted(self, observation: Observation) -> Observation:
        """The same observation with its times on the database's clock."""
        by = timedelta(seconds=self.offset_s)
        nodes = tuple(
            replace(
                node,
                observed_at=node.observed_at + by,
                answered_at=node.answered_at + by if node.answered_at is not None else None,
            )
            for node in observation.nodes
        )
        return replace(observation, observed_at=observation.observed_at + by, nodes=nodes)
