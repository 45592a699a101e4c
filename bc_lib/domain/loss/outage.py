"""Since when clients cannot write: from the last write that is known, or with the words that none is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.loss.values import Basis, LossProof
from bc_lib.domain.loss.words import bound_words, ended_words, exact

WRITTEN = frozenset({Basis.COMMIT, Basis.HEARTBEAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """`began_at`: counted from. `sentence`: how exact that is; empty where it was a stop of ours, whose moment is
    known."""

    began_at: datetime
    sentence: str = ""


def outage_of(proofs: Iterable[LossProof]) -> Outage | None:
    """The earliest that the proofs tell of; None where they tell of none."""
    return min((each for each in map(_of, proofs) if each is not None), key=lambda each: each.began_at, default=None)


def before(seen_at: datetime) -> Outage:
    """It was seen only when it had begun, and nothing tells for how long it had lasted by then."""
    return Outage(
        began_at=seen_at,
        sentence=f"When clients could write last is not known: the outage began before {exact(seen_at)}, "
        "so it is longer than counted here.",
    )


def _of(proof: LossProof) -> Outage | None:
    ended, began = proof.ended, proof.outage_began_at
    if ended is None:
        return None
    if began is None:
        return before(ended.at)
    if began == proof.held_until and proof.basis in WRITTEN:
        what = "the last write known to be acknowledged"
    else:
        what = f"the last look that saw {proof.old} take writes"
    shorter = max(0.0, (ended.at - began).total_seconds())
    return Outage(
        began_at=began,
        sentence=f"The outage is counted from {what}, at {exact(began)}; {ended_words(ended, proof.old, began)}, "
        f"so it may be up to {bound_words(shorter)} shorter.",
    )
