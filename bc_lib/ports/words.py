"""Signed words as they are stored, for the runner that says whether each is proven (decision 25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bc_lib.domain.requests.votes import Proof, Statement
from bc_lib.ports.vote_proof import VoteKey


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWord:
    """A word that nobody has looked at. `kind`: its table; `ref`: its row there; `request`: None: it is about none."""

    id: int
    kind: str
    ref: str
    request: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWord:
    """What somebody is said to have signed, and the proof; None where there is none that could be read."""

    statement: Statement
    proof: Proof | None


class WordReading(Protocol):
    """Looks words up."""

    def unseen(self, limit: int) -> Sequence[StoredWord]:
        """Words that nobody has looked at, oldest first."""
        ...

    def said(self, word: StoredWord) -> SaidWord | None:
        """A confirmation, grant, use, review, thaw or withdrawal; None for votes and decisions, which have readers of
        their own, and where the row has gone."""
        ...

    def keys_of(self, issuer: str, subject: str) -> Sequence[VoteKey]:
        """The keys of one identity that are not revoked."""
        ...


class WordWork(WordReading, Protocol):
    """The same within a transaction of bc_runner."""

    def looked(self, word: StoredWord, *, holds: bool) -> bool:
        """Keep what was found; False where somebody was faster."""
        ...
