"""The compliance page: the tables of the report, worst first where it matters, and what they leave out."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from bc_lib.domain.requests.states import State
from bc_lib.domain.verified.values import Verified
from bc_lib.services.compliance.report import Compliance, Days, System
from bc_lib.services.compliance.tables import Row, Sheet, facts, sheets
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.verified import Tested, recovery
from streamlit_app.presenters.words import listed, moment

MOST = 200
NOT_DRILLED = Mark(key="never", word="Not drilled", meaning="no live drill of it ended in this range")
WATCHED = Mark(key="over", word="Watched only", meaning="nothing here can move it, so it is not counted")
DONE = Mark(key="agreed", word="Succeeded", meaning="the last live drill in this range succeeded")
FAILED = Mark(key="no", word="Failed", meaning="the last live drill in this range did not succeed")
TARGETS = {
    "within": Mark(key="agreed", word="within", meaning=""),
    "MORE than the target": Mark(key="no", word="MORE than the target", meaning=""),
    "no target is set": Mark(key="over", word="no target is set", meaning=""),
    "not known": Mark(key="blind", word="not known", meaning=""),
    "not measured": Mark(key="over", word="not measured", meaning=""),
    "": Mark(key="over", word="", meaning=""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemLine:
    """A resource or group with its last live drill in the range. `cells`: exactly those of the export."""

    cells: dict[str, str]
    mark: Mark
    rto: Mark
    rpo: Mark
    tested: Tested


@dataclass(frozen=True, slots=True, kw_only=True)
class CompliancePage:
    """The page. `requests` are the newest `MOST`; `more`: how many the export holds beyond them."""

    headline: str
    made: str
    systems: tuple[SystemLine, ...]
    drills: Sheet
    requests: Sheet
    more: int
    facts: tuple[tuple[str, str], ...]


def compliance_page(found: Compliance) -> CompliancePage:
    """Everything the page says about a report."""
    systems, drills, requests = sheets(found)
    return CompliancePage(
        headline=_headline(found),
        made=f"From {found.days.first} to {found.days.last}, both days included (UTC). Made {moment(found.made_at)}.",
        systems=tuple(
            _line(each, dict(zip(systems.columns, row, strict=True)))
            for each, row in zip(found.systems, systems.rows, strict=True)
        ),
        drills=drills,
        requests=Sheet(requests.name, requests.columns, requests.rows[:MOST]),
        more=max(0, len(requests.rows) - MOST),
        facts=facts(found),
    )


def address(path: str, days: Days, **more: str) -> str:
    """A link with this range in it."""
    return f"{path}?{urlencode({'from': days.first.isoformat(), 'to': days.last.isoformat(), **more})}"


def record(columns: Row, row: Row) -> tuple[tuple[str, str], ...]:
    """The cells that say something, with their columns."""
    return tuple((name, cell) for name, cell in zip(columns, row, strict=True) if cell)


def _headline(found: Compliance) -> str:
    known, never = found.counted, found.never
    watched = f" Watched only, so not counted: {listed(list(found.watched), 6)}." if found.watched else ""
    if not known:
        return watched.strip() or "Nothing is in the inventory."
    drilled = f"{len(known) - len(never)} of {len(known)} resources and groups had a live drill"
    return f"{drilled}; not drilled: {listed(list(never), 6)}.{watched}" if never else f"{drilled}.{watched}"


def _line(each: System, cells: dict[str, str]) -> SystemLine:
    last = each.drills[0] if each.drills else None
    idle = WATCHED if each.mark and each.mark.state is Verified.WATCHED else NOT_DRILLED
    mark = idle if last is None else DONE if last.state is State.SUCCEEDED else FAILED
    marks = {each.scope: each.mark} if each.mark else None
    return SystemLine(
        cells=cells,
        mark=mark,
        rto=TARGETS[cells["against RTO"]],
        rpo=TARGETS[cells["against RPO"]],
        tested=recovery(marks, each.scope.kind, each.scope.name),
    )
