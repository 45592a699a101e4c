"""The one sentence about a loss, and the one about two writers: every page, mail, command and file says these."""

from __future__ import annotations

import math
from datetime import datetime

from bc_lib.domain.loss.beside import besides
from bc_lib.domain.loss.values import Ended, EndKind, Fence, FenceKind, LossProof, Relation
from bc_lib.domain.words import capital, clock, duration, size

_HOLDS = {
    Relation.EQUAL: "stands at exactly that",
    Relation.AT_LEAST: "has applied that and all before it",
    Relation.SUBSET: "holds all of it",
}
_ENDED = {
    EndKind.REFUSED: "{source} was first seen refusing connections at {at}",
    EndKind.STOPPED: "{source} was stopped, by the word of its host, at {at}",
    EndKind.STARTED_AGAIN: "{source} was up again after it had been seen down, and stopped, by the word of its host, "
    "at {at}",
    EndKind.OUT_OF_REACH: "{source} was out of reach from {at} on",
}
_PROVEN = {
    FenceKind.STOPPED: "{source} is stopped",
    FenceKind.READ_ONLY: "{source} takes no writes: it is read-only",
    FenceKind.NETWORK: "no client reaches {source}: its network is cut",
    FenceKind.PRIVILEGE: "{source} takes no writes: the right to write was taken away there",
    FenceKind.ROUTER: "no client is led to {source}",
}


def loss_sentence(proof: LossProof) -> str:
    """What may be missing at the target, with what that rests on. It grows by new evidence only, never by waiting."""
    if proof.nothing_missing:
        return f"{_nothing(proof)}{besides(proof.not_carried)}"
    why = why_open(proof)
    rest = f"{_least(proof)}{besides(proof.not_carried)}"
    if why:
        return f"What can be missing at {proof.new} cannot be bounded: {why}.{rest}"
    bound = bound_words(proof.window_s or 0.0)
    if proof.ended is None:
        return (
            f"At most {bound} of what {proof.old} acknowledged would be missing at {proof.new} "
            f"if {proof.old} were lost now.{rest}"
        )
    what = "before it was out of reach " if proof.ended.kind is EndKind.OUT_OF_REACH else ""
    held, ended = exact(proof.held_until), ended_words(proof.ended, "it", proof.held_until)
    return (
        f"At most {bound} of what {proof.old} acknowledged {what}can be missing at {proof.new}: what it "
        f"acknowledged until {held} is there, and {ended}.{rest}"
    )


def ended_words(ended: Ended, source: str, beside: datetime | None) -> str:
    """A clause that says when and how `source` was seen to have ended; `beside`: a moment that was said before."""
    return _ENDED[ended.kind].format(source=source, at=exact(ended.at, beside=beside))


def gap_sentence(proof: LossProof) -> str:
    """Whether the source may have acknowledged between two looks after it was seen down; empty where it does not
    matter, because nothing is missing, there is no bound, or the bound ends with a stop that was proven."""
    ended = proof.ended
    if ended is None or ended.kind is not EndKind.REFUSED or proof.nothing_missing or why_open(proof):
        return ""
    if ended.down_since:
        return f"{proof.old} was not started again after that, by the word of its host."
    return (
        f"Whether {proof.old} was up again between two looks after that is not known; what it acknowledged then is "
        "not counted."
    )


def why_open(proof: LossProof) -> str:
    """A clause that says why there is no bound; empty where there is one."""
    if proof.nothing_missing:
        return ""
    if proof.unknown:
        return proof.unknown
    if proof.held_until is None:
        return f"up to when {proof.new} holds what {proof.old} acknowledged is not known"
    if proof.ended is None and proof.seen_at is None:
        return f"when {proof.old} stopped acknowledging is not known"
    return ""


def writers_sentence(fence: Fence) -> str:
    """Whether the old source may acknowledge beside the new one; a risk of its own, never counted as seconds."""
    if fence.kind is not FenceKind.NOT_PROVABLE:
        since = f" (proven at {exact(fence.since)})" if fence.since else ""
        return f"No second writer: {_PROVEN[fence.kind].format(source=fence.old)}{since}."
    since = f" since {exact(fence.since)}" if fence.since else ""
    word = f" {capital(fence.word)}, which is no proof." if fence.word else ""
    return (
        f"Two writers are possible: nothing proves that {fence.old} takes no writes{since}; "
        f"what it takes is lost.{word}"
    )


def bound_words(seconds: float) -> str:
    """A bound, rounded up to a tenth of a second, and never shorter than one."""
    return duration(max(0.1, math.ceil(round(seconds * 10, 6)) / 10))


def exact(moment: datetime | None, beside: datetime | None = None) -> str:
    """To the millisecond, because a window is often shorter than a second; only the time on the day of `beside`."""
    if moment is None:
        return "a moment that is not known"
    said = clock(moment).replace(" UTC", f".{moment.microsecond // 1000:03d} UTC")
    return said.split(" ", 1)[1] if beside is not None and beside.date() == moment.date() else said


def _nothing(proof: LossProof) -> str:
    said = "Nothing of the replicated data that" if proof.not_carried else "Nothing that"
    marker = proof.at_source.value if proof.at_source else "not known"
    return (
        f"{said} {proof.old} acknowledged is missing at {proof.new}: its last {proof.kind or 'marker'} is "
        f"{marker}, nothing was acknowledged after it, and {proof.new} {_HOLDS[proof.relation]}."
    )


def _least(proof: LossProof) -> str:
    return f" At least {size(proof.least_bytes)} of its log is missing." if proof.least_bytes else ""
