"""Everything that stands against a move, before it is asked for: in the words of `bcctl plan --check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.ports.runs import Checked
from bc_lib.services.execution.blockers import looked_words, stands_words, warned
from streamlit_app.presenters.words import age, duration

OLD_S, LATE_S = 300.0, 30.0
UNLOOKED = "Known without a look at the sites. "
LOOKING = "The runner looks at both sites now."
UNSEEN = "Whether anything stands against it is not known before both sites were looked at."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """`said`: what was looked at and when; `stands`: the heading of `against`, or that it is empty."""

    said: str
    stands: str
    against: tuple[str, ...]
    warned: tuple[str, ...] = ()
    waits: bool = False
    late: str = ""

    @property
    def clear(self) -> bool:
        """Both sites were looked at, and nothing was found."""
        return not self.against and not self.waits and self.said != UNLOOKED


def checking(checked: Checked | None, known: Sequence[str], now: datetime) -> Checking:
    """`known`: what is known without a look. An answer that is old counts as none."""
    if checked is None or _old(checked, now):
        return Checking(said=UNLOOKED, stands=_known(known), against=tuple(known))
    if checked.waits or checked.answered_at is None:
        waited = (now - checked.asked_at).total_seconds()
        late = "" if waited < LATE_S else f" No runner has answered for {duration(waited)}."
        return Checking(said=LOOKING, stands=_known(known), against=tuple(known), waits=True, late=late)
    return Checking(
        said=f"Checked {age((now - checked.answered_at).total_seconds())}: {looked_words(checked.findings)}.",
        stands=stands_words(checked.against),
        against=checked.against,
        warned=tuple(warned(checked.findings)),
    )


def _known(known: Sequence[str]) -> str:
    """The heading before the sites were looked at; then an empty list is no answer."""
    return stands_words(known) if known else UNSEEN


def _old(checked: Checked, now: datetime) -> bool:
    newest = max(checked.asked_at, checked.answered_at or checked.asked_at)
    return (now - newest).total_seconds() > OLD_S
