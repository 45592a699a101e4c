"""From a proof to its one statement: nothing is missing, at most so many seconds are, or it cannot be bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.loss.values import Certainty, Fence, LossProof
from bc_lib.domain.loss.words import gap_sentence, loss_sentence, why_open, writers_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class LossStatement:
    """About one move of one resource, by its `step`. What was acknowledged up to `after` is there; what was
    acknowledged until `until` may be missing. `seconds`: the length of that, never rounded down; None: not bounded.
    `least_bytes`: of the log that is certainly missing. `gap`: whether the source may have acknowledged unseen.
    """

    resource: str
    certainty: Certainty
    sentence: str
    gap: str = ""
    step: str = ""
    after: datetime | None = None
    until: datetime | None = None
    seconds: float | None = None
    least_bytes: int | None = None


def state(proof: LossProof, step: str = "") -> LossStatement:
    """The statement of a proof."""
    return LossStatement(
        resource=proof.resource,
        certainty=certainty(proof),
        sentence=loss_sentence(proof),
        gap=gap_sentence(proof),
        step=step,
        after=proof.held_until,
        until=proof.ended.at if proof.ended else proof.seen_at,
        seconds=seconds(proof),
        least_bytes=proof.least_bytes,
    )


def told(statements: Sequence[LossStatement], fences: Sequence[Fence]) -> tuple[str, ...]:
    """The sentences as they are shown: about the loss of each resource and what nobody saw, then about two writers. A
    resource is named where there are several."""
    several = len({each.resource for each in statements} | {each.resource for each in fences}) > 1
    found = [(each.resource, f"{each.sentence} {each.gap}".rstrip()) for each in statements]
    found += [(each.resource, writers_sentence(each)) for each in fences]
    return tuple(f"{name}: {sentence}" if several else sentence for name, sentence in found)


def certainty(proof: LossProof) -> Certainty:
    """How much it carries. Where not all of the data is replicated, nothing is simply proven."""
    if proof.nothing_missing:
        return Certainty.EXCEPTED if proof.not_carried else Certainty.PROVEN
    return Certainty.UNPROVEN if why_open(proof) else Certainty.BOUNDED


def seconds(proof: LossProof) -> float | None:
    """The bound; None where there is none."""
    return None if not proof.nothing_missing and why_open(proof) else proof.window_s
