"""Proof of who decided, which the web process cannot make by itself (SEC-007, decision 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.requests.votes import Proof, Statement


class ProofUnavailable(Exception):
    """No proof can be had now; the message says what to do."""


class VoteSigner(Protocol):
    """Held by the sign-in: asks the person to stand by a statement."""

    def sign(self, actor: Actor, statement: Statement, incarnation: str, at: datetime) -> Proof:
        """A proof that `actor` makes `statement` once, at `at`, in this incarnation of the shared database.

        Draws the nonce. Raises ProofUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteKey:
    """A public key (64 hexadecimal digits) of an identity, from a table that bc_ui cannot write.

    `incarnation`: of the shared database as the key was read; what was signed for another one counts no more.
    """

    key_id: str
    issuer: str
    subject: str
    public_key: str
    incarnation: str


class VoteVerifier(Protocol):
    """Checks proofs."""

    def verify(self, statement: Statement, proof: Proof | None, keys: Sequence[VoteKey]) -> bool:
        """True where the proof was made over exactly this statement with a key of its issuer and subject, to occur once
        and in this incarnation: what may admit something.

        False for everything else, malformed and missing proofs included; never raises for what is stored.
        """
        ...

    def held(self, statement: Statement, proof: Proof | None, keys: Sequence[VoteKey]) -> bool:
        """Whether it is a signature over the statement at all, of any form and incarnation: for history only."""
        ...
