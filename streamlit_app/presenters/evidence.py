"""What the request's page says about its pack: state, sides, findings, and who is offered what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.authorization import Verb
from bc_lib.domain.evidence.values import Remark, Side, SignOff
from bc_lib.domain.requests.values import Request
from bc_lib.services.requests.asking import Known
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.words import moment

SIDES = {Side.IT: "IT", Side.BUSINESS: "business"}
HEAD = ("Finding", "About", "What", "Owner", "Due", "State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What this person is offered. Never the control: the services decide again."""

    sides: tuple[Side, ...]
    finding: bool
    close: tuple[int, ...]


def offered(request: Request, signoffs: Sequence[SignOff], remarks: Sequence[Remark], known: Known) -> Offered:
    """By role, and by what is still open."""
    person = known.person
    done = {each.side for each in signoffs}
    mine = person is not None and (request.asked_by(person.id) or any(each.person == person.id for each in signoffs))
    sides = tuple(side for side in Side if side not in done and side.role in known.roles and not mine)
    close = tuple(each.id for each in remarks if each.closed_at is None) if may(known, Verb.CLOSE_FINDING) else ()
    return Offered(sides=sides, finding=may(known, Verb.RAISE_FINDING), close=close)


def side_lines(signoffs: Sequence[SignOff], now: datetime) -> list[str]:
    """One sentence a side."""
    given = {each.side: each for each in signoffs}
    found = []
    for side, name in SIDES.items():
        each = given.get(side)
        if each is None:
            found.append(f"The {name} side has not signed it off.")
            continue
        note = f" “{each.note}”" if each.note else ""
        found.append(f"The {name} side: {each.answer.value} by {each.name}, {moment(each.at, now)}.{note}")
    return found


def finding_rows(remarks: Sequence[Remark], now: datetime) -> list[tuple[str, str, str, str, str, str]]:
    """Cells of HEAD; the request's id in the second."""
    return [
        (str(each.id), each.request, each.what, each.owner, each.due.isoformat(), _state(each, now)) for each in remarks
    ]


def _state(each: Remark, now: datetime) -> str:
    if each.closed_at is not None:
        return f"closed by {each.closed_by}: {each.closing}"
    return "OVERDUE" if each.overdue(now) else "open"
