"""DAG runs that were ordered for requests: Airflow is asked by us, never the other way round (decision 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.execution.dispatching import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class DagOrder:
    """A DAG run to be started, or that was. `taken_at`: its first task said that it runs."""

    request: str
    number: int
    dag: str
    run_id: str
    taken_at: datetime | None = None


class DispatchStore(Protocol):
    """Orders in the shared database, as bc_runner."""

    def now(self) -> datetime:
        """The database's clock."""
        ...

    def live(self) -> Sequence[Live]:
        """Requests that are not over."""
        ...

    def order(self, request: str, number: int, dag: str) -> DagOrder | None:
        """Remember an order; None where this number was ordered already (two dispatchers)."""
        ...

    def untaken(self) -> Sequence[DagOrder]:
        """Newest orders of live requests of which no task has been heard: Airflow may not have heard of them."""
        ...

    def take(self, run_id: str, dag: str) -> DagOrder | None:
        """The first task of a DAG run; None where nobody ordered it."""
        ...


class Starter(Protocol):
    """Starts DAG runs; implemented by a plugin inside an Airflow task."""

    def start(self, order: DagOrder) -> None:
        """Start it; one that exists already is left as it is."""
        ...

    def state(self, order: DagOrder) -> str | None:
        """Airflow's word for it; None: not found."""
        ...
