"""A primary that was seen down may come up between two looks, acknowledge, and end again: its host can tell (B)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bc_lib.domain.loss.values import LossProof
from bc_lib.domain.loss.words import exact

CHECK = "last-start"
"""The check that asks the host of a primary that does not answer; its figure is what it says, by its own clock."""
_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"


def figure(written_at: datetime) -> str:
    """As `read` takes it."""
    return exact(written_at)


def read(text: str) -> datetime | None:
    """None: it is no figure of `CHECK`."""
    try:
        return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def lived_on(proof: LossProof, written_at: datetime | None) -> bool | None:
    """Whether the source was started again after it had been seen to end. None: not known.

    `written_at`: when its control file was last written, by its own clock. Every start after an end that was not clean
    writes it, before anything can be acknowledged; a server that is down does not.
    """
    if proof.ended is None or written_at is None or proof.ahead_s is None:
        return None
    return written_at - timedelta(seconds=proof.ahead_s) > proof.ended.at


def revised(proof: LossProof, written_at: datetime | None) -> LossProof:
    """With what the host says: a source that lived on has no bound before it is proven to be stopped."""
    lives = lived_on(proof, written_at)
    if lives is None or proof.ended is None:
        return proof
    if not lives:
        return replace(proof, ended=replace(proof.ended, down_since=True))
    why = f"{proof.old} was started again after it had been seen down at {exact(proof.ended.at)}"
    return replace(proof, unknown=f"{why}, and for how long it acknowledged then is not known")
