"""The verified state in words: what the last recovery test says, never mixed with health (US-008)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified import values
from bc_lib.domain.verified.values import Verified
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import age, duration
from streamlit_app.troubles import UNREAD

MARKS = {
    Verified.NEVER: Mark(key="never", word="Never drilled", meaning="no live drill of it has ended"),
    Verified.CHANGED: Mark(key="yellow", word="Changed since", meaning="what was tested is not what there is now"),
    Verified.FAILED: Mark(key="no", word="Failed", meaning="the newest live drill did not succeed"),
    Verified.UNKNOWN: Mark(key="blind", word="Not known", meaning="what was tested can't be compared with what is"),
    Verified.WATCHED: Mark(key="over", word="Watched only", meaning="nothing here can move it, so no drill is due"),
    Verified.VERIFIED: Mark(key="agreed", word="Verified", meaning="tested, and nothing that was tested has changed"),
}
OVERDUE = Mark(key="late", word="Overdue", meaning="no live drill succeeded within the period that is asked for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """`mark` is green only where one may rely on it. `late`: a second mark, where `mark` does not say it already.

    `age`: since the newest live drill ended, empty where there is none; `changes`: sentences.
    """

    mark: Mark
    late: Mark | None
    age: str
    sentence: str
    period: str
    drill: str | None = None
    changes: tuple[str, ...] = ()


Marks = Mapping[Scope, values.Mark]


def recovery(marks: Marks | None, kind: str, name: str, *, old: bool = False) -> Tested:
    """About one resource or group. None: nothing could be read. `old`: read before the database went away."""
    mark = marks.get(Scope(kind=kind, name=name)) if marks is not None else None
    if mark is None:
        return Tested(mark=MARKS[Verified.UNKNOWN], late=None, age="", sentence=UNREAD, period="")
    if old:
        said = f"{UNREAD} As last known: {mark.state.value}. {mark.sentence}"
        return Tested(mark=MARKS[Verified.UNKNOWN], late=None, age="", sentence=said, period="", drill=mark.drill)
    only_late = mark.state is Verified.VERIFIED and mark.overdue
    return Tested(
        mark=OVERDUE if only_late else MARKS[mark.state],
        late=OVERDUE if mark.overdue and not only_late else None,
        age=_age(mark),
        sentence=mark.sentence,
        period="" if mark.state is Verified.WATCHED else f"A live drill must succeed every {duration(mark.period_s)}.",
        drill=mark.drill,
        changes=mark.changes,
    )


def _age(mark: values.Mark) -> str:
    if mark.drill is None:
        return ""
    return age(mark.age_s) if mark.age_s is not None else "in the future by our clock"
