"""Whether what somebody accepted covers what must be accepted now: by evidence, by seconds, in the words of consent."""

from __future__ import annotations

import re

from bc_lib.domain.loss.judge import seconds
from bc_lib.domain.loss.values import LossProof
from bc_lib.domain.words import duration

UNKNOWN_LOSS = "an unknown amount"
_UP_TO = re.compile(r"up to (?:(\d+) d ?)?(?:(\d+) h ?)?(?:(\d+) min ?)?(?:(\d+) s)?\Z")
_SECONDS = (86_400, 3_600, 60, 1)


def covers(accepted: LossProof, present: LossProof) -> bool:
    """Whether who accepted what `accepted` says accepted `present` too: the same move, told by the same kind of marker,
    no more of it, and nothing besides that is not replicated. What cannot be bounded was accepted only as that."""
    same = (accepted.resource, accepted.source, accepted.target, accepted.kind, accepted.relation) == (
        present.resource,
        present.source,
        present.target,
        present.kind,
        present.relation,
    )
    named = {each.name for each in accepted.not_carried} >= {each.name for each in present.not_carried}
    return same and named and no_more(seconds(accepted), seconds(present))


def no_more(accepted: float | None, present: float | None) -> bool:
    """In seconds; None: it cannot be bounded."""
    return accepted is None or (present is not None and present <= accepted)


def bound_accepted(bound: float | None) -> str:
    """The words that people accept and sign: `up to 20 s`, or that it is not known. Whole seconds, as `duration` says
    them."""
    return UNKNOWN_LOSS if bound is None else f"up to {duration(max(1, bound))}"


def words_cover(accepted: str, present: str) -> bool:
    """The same of two of these words, of one revision of a plan: it fixes the move and the platform of each member.
    Other words cover nothing."""
    try:
        return no_more(_bound(accepted), _bound(present))
    except ValueError:
        return False


def _bound(words: str) -> float | None:
    if words == UNKNOWN_LOSS:
        return None
    match = _UP_TO.match(words)
    if match is None or not any(match.groups()):
        raise ValueError(words)
    return float(sum(int(number) * unit for number, unit in zip(match.groups(), _SECONDS, strict=True) if number))
