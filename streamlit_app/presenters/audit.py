"""The audit log: is it whole, what does it say, how is it taken away (FR-040..042)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from bc_lib.domain.audit import COLUMNS, AuditFilter
from bc_lib.domain.audit_filter import words_of
from bc_lib.domain.evidence.values import PackLine
from bc_lib.domain.requests.state_words import as_shown
from bc_lib.ports.audit import SealState
from bc_lib.services.audit.verify import Verification, finding_lines
from bc_lib.services.audit.view import AuditPage
from bc_lib.services.breakglass.listing import GrantView
from streamlit_app.presenters.audit_words import act_words
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import age, count, moment

PACKS_HEAD = ("Request", "Type", "System", "Target", "Outcome", "Made", "Addenda")
SILENT_S = 60.0
LATE_S = 120.0
SEALED = Mark(key="green", word="Sealed", meaning="signed checkpoints outside of the database cover it")
OPEN = Mark(key="yellow", word="Not sealed", meaning="records are written that no checkpoint covers yet")
UNKNOWN = Mark(key="never", word="Never sealed", meaning="no checkpoint is known")
WRONG = Mark(key="red", word="Wrong", meaning="something about the log is not as it must be")
SOUND = Mark(key="green", word="Sound", meaning="every record was read and checked")
UNPROVEN = Mark(key="yellow", word="Not proven", meaning="the records fit each other, but nothing signed proves them")
KINDS = {
    "started": Mark(key="go", word="Started", meaning="an act began"),
    "completed": Mark(key="agreed", word="Done", meaning="an act was completed"),
    "failed": Mark(key="no", word="Failed", meaning="an act failed"),
    "denied": Mark(key="no", word="Refused", meaning="an act was refused"),
    "recorded": Mark(key="over", word="Recorded", meaning="a fact"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The state of the log in a mark and sentences."""

    mark: Mark
    headline: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: what is read at a glance, and every cell of the export by its column's name."""

    number: str
    at: str
    mark: Mark
    what: str
    who: str
    system: str
    asked: str
    request: str
    outcome: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A break-glass grant; `open` until its review."""

    id: int
    text: str
    mark: Mark
    rows: tuple[tuple[str, str], ...]
    request: str | None
    open: bool


def chain(seal: SealState, guards: Sequence[str]) -> Chain:
    """What can be said without reading every record. Green only says that it is sealed, never that it was verified."""
    written = f"{count(seal.written_to, 'record')} written"
    if guards or seal.refused:
        return Chain(mark=WRONG, headline=f"{written}; something is wrong", details=(*guards, *_refused(seal)))
    if seal.beat_at is None:
        return Chain(
            mark=UNKNOWN,
            headline=f"{written}, none sealed",
            details=("No signer has ever run, so a rewritten log would not be noticed. See Health.",),
        )
    silent = (seal.now - seal.beat_at).total_seconds()
    waits = (seal.now - seal.unsealed_since).total_seconds() if seal.unsealed_since else 0.0
    if silent > SILENT_S or waits > LATE_S:
        return Chain(
            mark=OPEN,
            headline=f"{written}, sealed to number {seal.signed_to}",
            details=(f"The signer last reported {age(silent)}; later records are not sealed. See Health.",),
        )
    return Chain(mark=SEALED, headline=f"{written}, sealed to number {seal.signed_to}", details=())


def verified(found: Verification, at: datetime, now: datetime) -> Chain:
    """What a verification found."""
    what = f"{count(found.chain.records, 'record')} read {moment(at, now)}"
    if found.sound and not found.signed_to:
        return Chain(mark=UNPROVEN, headline=f"{what}: they fit each other", details=tuple(found.notes))
    if found.sound:
        return Chain(mark=SOUND, headline=f"{what}: nothing is wrong", details=tuple(found.notes))
    lines = finding_lines(found)
    return Chain(mark=WRONG, headline=f"{what}: {count(len(lines), 'finding')}", details=(*lines, *found.notes))


def record(line: Sequence[str], titles: Mapping[str, str]) -> Record:
    """A line of the page. `titles`: sites as people read them."""
    said = dict(zip(COLUMNS, line, strict=True))
    outcome = " · ".join(part for part in (as_shown(said["outcome"]), said["reason"]) if part)
    return Record(
        number=said["number"],
        at=said["time"].replace("T", " ")[:19] + " UTC" if said["time"] else "",
        mark=KINDS.get(said["kind"], KINDS["recorded"]),
        what=act_words(said["verb"]),
        who=said["name"],
        system=said["system"],
        asked=_asked(said, titles),
        request=said["request"],
        outcome=outcome,
        cells=tuple((name, value) for name, value in said.items() if value),
    )


def _asked(said: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """What the request is for; nothing where a record is about none, or is older than that column."""
    if not said["type"]:
        return said["request"]
    return f"{said['request']}: {said['type']} to {titles.get(said['target'], said['target'])}"


def address(path: str, wanted: AuditFilter, **more: str | int | None) -> str:
    """A link with this filter in it."""
    values: Mapping[str, object] = {**words_of(replace(wanted, upto=None)), **more}
    query = urlencode({name: str(value) for name, value in values.items() if value is not None})
    return f"{path}?{query}" if query else path


def shown_words(page: AuditPage) -> str:
    """Which records these are."""
    if not page.lines:
        return "No records match these filters."
    return f"Records {page.lines[0][0]} to {page.lines[-1][0]}, newest first."


def grant(view: GrantView, now: datetime) -> Grant:
    """A break-glass grant."""
    given = view.grant
    if given.voided:
        mark = Mark(key="no", word="Voided: no valid proof", meaning="")
    elif given.open:
        mark = Mark(
            key="no" if view.overdue else "wait", word="Review overdue" if view.overdue else "Review owed", meaning=""
        )
    else:
        mark = Mark(key="agreed", word="Reviewed", meaning="")
    rows = (
        ("Reason", given.reason),
        ("Granted", f"{moment(given.granted_at, now)}, until {moment(given.expires_at, now)}"),
        ("Used", f"{moment(given.used_at, now)} on {given.used_by}" if given.used_at else "not used"),
        ("Review due", "" if given.voided else moment(given.review_due, now)),
        ("Reviewed by", f"{given.reviewed_by}, {moment(given.reviewed_at, now)}" if given.reviewed_at else ""),
        ("Findings", given.findings or ""),
    )
    return Grant(
        id=given.id,
        text=f"Break-glass {given.id}: {given.incident}, {given.scope.name}, {given.holder_name}",
        mark=mark,
        rows=tuple((name, value) for name, value in rows if value),
        request=given.used_by,
        open=given.open,
    )


def _refused(seal: SealState) -> tuple[str, ...]:
    return (f"The signer refuses to seal: {seal.refused}",) if seal.refused else ()


def packs(found: Sequence[PackLine], now: datetime) -> list[tuple[str, ...]]:
    """Cells of PACKS_HEAD."""
    return [
        (
            pack.request,
            pack.type,
            pack.scope,
            pack.where,
            as_shown(pack.state),
            moment(pack.made_at, now),
            str(pack.addenda),
        )
        for pack in found
    ]
