"""What a move can lose: one value with its markers, one judgement of it, one sentence for every page, mail and file."""

from __future__ import annotations

from bc_lib.domain.loss.judge import LossStatement, state, told
from bc_lib.domain.loss.outage import Outage, outage_of
from bc_lib.domain.loss.values import (
    Basis,
    Certainty,
    Ended,
    EndKind,
    Fence,
    FenceKind,
    LossProof,
    Marker,
    NotCarried,
    Relation,
)
from bc_lib.domain.loss.words import loss_sentence, writers_sentence

__all__ = [
    "Basis",
    "Certainty",
    "EndKind",
    "Ended",
    "Fence",
    "FenceKind",
    "LossProof",
    "LossStatement",
    "Marker",
    "NotCarried",
    "Outage",
    "Relation",
    "loss_sentence",
    "outage_of",
    "state",
    "told",
    "writers_sentence",
]
