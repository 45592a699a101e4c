"""Word and shape of each status and answer. Colour comes from the style sheet, and never stands alone."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.assessment import Answer, Status, Verdict
from bc_lib.domain.groups import WORST_FIRST
from bc_lib.domain.plans.movable import watched_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`key` chooses shape and colour in theme.css; `word` is what is read."""

    key: str
    word: str
    meaning: str


STATUS = {
    Status.GREEN: Mark(key="green", word="Green", meaning="within its limits"),
    Status.YELLOW: Mark(key="yellow", word="Yellow", meaning="needs attention"),
    Status.RED: Mark(key="red", word="Red", meaning="broken or over a limit"),
    Status.BLIND: Mark(key="blind", word="Blind", meaning="a site cannot be seen; it may be healthy"),
    Status.STALE: Mark(key="stale", word="Stale", meaning="what is known is too old"),
    Status.NEVER_SEEN: Mark(key="never", word="Never seen", meaning="not observed yet"),
}

ANSWER = {
    Answer.YES: Mark(key="green", word="Yes", meaning="nothing stands against it"),
    Answer.WITH_LOSS: Mark(key="yellow", word="With loss", meaning="possible, at a price that is named"),
    Answer.NO: Mark(key="red", word="No", meaning="something stands against it"),
    Answer.UNKNOWN: Mark(key="blind", word="Not known", meaning="cannot be told from what is seen"),
}


WATCHED = Mark(key="over", word="Watched only", meaning="nothing here can move it")


def answer(verdict: Verdict) -> Mark:
    """The mark of a verdict; of what cannot be moved, that it is watched only."""
    return WATCHED if watched_only(verdict) else ANSWER[verdict.answer]


def rank(status: Status) -> int:
    """0 is worst."""
    return WORST_FIRST.index(status)
