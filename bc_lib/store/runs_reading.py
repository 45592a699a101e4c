"""Looking up runs: within a transaction, and as read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.run import Run, RunAct, RunEvent, RunLease
from bc_lib.ports.runs import CheckAsked, Checked, Frozen, Past
from bc_lib.store import runs_rows as rows
from bc_lib.store import runs_sql as sql
from bc_lib.store.requests_reading import Lookups, RequestReader


class RunLookups(Lookups):
    """Implements ports.runs.RunReading beside ports.requests.Reading."""

    def frozen(self) -> Frozen | None:
        """The kill switch."""
        found = self._all(sql.FROZEN)
        return rows.frozen(found[0]) if found else None

    def run(self, request_id: str) -> Run | None:
        """The run of a request, all of one moment."""
        found = self._all(sql.RUN, id=request_id)
        return rows.run(found[0]) if found else None

    def acts(self, request_id: str) -> Sequence[RunAct]:
        """Decisions about a request, oldest first."""
        return [rows.act(row._mapping) for row in self._all(sql.ACTS + "ORDER BY a.id", id=request_id)]

    def prechecks(self, request_id: str) -> tuple[datetime, Sequence[Finding]] | None:
        """The newest prechecks and when they were made."""
        found = self._all(sql.PRECHECKS, id=request_id)
        return (found[0].at, rows.findings(found[0].findings)) if found else None

    def check(self, asked: CheckAsked) -> Checked | None:
        """What was asked and answered last."""
        found = self._all(sql.CHECK, **rows.check_values(asked))
        return rows.checked(found[0]) if found else None

    def checks_asked(self) -> Sequence[CheckAsked]:
        """Those that wait for an answer, oldest first."""
        return [rows.check_asked(row) for row in self._all(sql.CHECK_WISHES)]

    def lease(self, request_id: str) -> RunLease | None:
        """Who acts, or acted last, for a run that is not over."""
        found = self._all(sql.LEASE, id=request_id)
        return rows.lease(found[0]) if found else None

    def busy(self, resources: Sequence[str]) -> Mapping[str, str]:
        """Resources of runs that are not over."""
        return {row.resource: row.request for row in self._all(sql.BUSY, resources=list(resources))}

    def past(self, resources: Sequence[str], limit: int = 20, before: datetime | None = None) -> Sequence[Past]:
        """Earlier runs, newest first; with `before` those that had ended by then."""
        return [rows.past(row) for row in self._all(sql.PAST, resources=list(resources), limit=limit, before=before)]

    def events(self, request_id: str, after: int = 0) -> Sequence[tuple[int, RunEvent]]:
        """Lines of the log after a number."""
        return [rows.event(row) for row in self._all(sql.EVENTS, id=request_id, after=after)]

    def waiting_runs(self) -> Sequence[str]:
        """Requests that should have a runner; a Held one too, whether or not a person has decided."""
        return [str(row.id) for row in self._all(sql.WAITING)]


class RunReader(RunLookups, RequestReader):
    """Implements ports.runs.RunReader as bc_reader, bc_ui or bc_runner."""
