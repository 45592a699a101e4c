"""DAG runs that were ordered for requests: Airflow is asked by us, never the other way round (decision 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.execution.dispatching import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class DagOrder:
    """A DAG run to be started, or that was. `taken_at`: its first task said that it runs; `why`: of a further one."""

    request: str
    number: int
    dag: str
    run_id: str
    why: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`live`: requests that are not over; `ended`: ids of those that are, where a DAG run's note does not say so yet.

    `now` is the database's clock; None where there is nothing.
    """

    now: datetime | None
    live: tuple[Live, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is said about a task of ours: it `died`, or a person `marked` or `cleared` it in Airflow.

    `person` is empty where it is not known; `event` is its number in Airflow's own log, where it was read there.
    """

    kind: str
    dag: str
    run_id: str
    task: str
    said: str = ""
    person: str = ""
    event: int | None = None
    id: int = 0
    at: datetime | None = None


class AirflowAway(Exception):
    """Airflow's API does not answer, or refuses; one sentence. What was asked for may be asked for again."""


class AirflowSilent(AirflowAway):
    """Nothing can be asked of it now: no answer, or our account is not let in. To ask again costs a time-out each."""


class Waits(Protocol):
    """Where requests stand, for whoever waits. For one user at a time."""

    def look(self, requests: Collection[str]) -> tuple[datetime | None, dict[str, Live]]:
        """The database's clock (None: no row), and each request that is known by its id, in one statement."""
        ...

    def close(self) -> None:
        """Nobody waits any more."""
        ...


class DispatchStore(Protocol):
    """Orders in the shared database, as bc_runner."""

    def now(self) -> datetime:
        """The database's clock."""
        ...

    def round(self) -> Round:
        """What is live, in one statement."""
        ...

    def order(self, request: str, number: int, dag: str, why: str = "") -> DagOrder | None:
        """Remember an order; None where this number was ordered already (two dispatchers)."""
        ...

    def open_orders(self, request: str) -> Sequence[DagOrder]:
        """DAG runs of a request whose note does not say its end yet."""
        ...

    def close(self, order: DagOrder) -> None:
        """Its note says the end."""
        ...

    def take(self, run_id: str, dag: str) -> DagOrder | None:
        """The first task of a DAG run; None where nobody ordered it."""
        ...


class ReportStore(Protocol):
    """What is said about our tasks, until it is told to people."""

    def report(self, report: Report) -> None:
        """Keep it; the same event of Airflow's log once."""
        ...

    def untold(self) -> Sequence[Report]:
        """Oldest first."""
        ...

    def told(self, report: Report) -> None:
        """Not again."""
        ...

    def name(self, report: Report, person: str) -> None:
        """Who it was, found later."""
        ...

    def recent(self) -> Sequence[Report]:
        """Of the last 24 hours, newest first."""
        ...

    def newest_event(self) -> int:
        """The greatest `event`; 0: none yet."""
        ...


class Starter(Protocol):
    """Airflow's public API, as our service account. Every method raises AirflowAway."""

    def start(self, order: DagOrder, note: str) -> bool:
        """Start it; False where one exists already, which is left as it is."""
        ...

    def active(self) -> Collection[str]:
        """Ids of the DAG runs of requests that are queued or running."""
        ...

    def note(self, order: DagOrder, text: str) -> None:
        """Replace its note; one that Airflow does not know (any more) is left out."""
        ...

    def acts(self, after: int) -> Sequence[Report]:
        """What people did to tasks and DAG runs of ours since an event of Airflow's log, oldest first."""
        ...
