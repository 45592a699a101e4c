"""Checks Ed25519 proofs against keys that the web process cannot write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bc_lib.domain.requests.votes import Proof, Statement
from bc_lib.ports.vote_proof import VoteKey

METHOD = "ed25519"
SIGNATURE = re.compile(r"[0-9a-f]{128}\Z")  # one way to write it, because it is stored once


class Ed25519Verifier:
    """Implements VoteVerifier."""

    def verify(self, statement: Statement, proof: Proof | None, keys: Sequence[VoteKey]) -> bool:
        """True where a key of the statement's own identity signed exactly this statement for this incarnation."""
        if proof is None or proof.once is None or proof.once.incarnation not in {key.incarnation for key in keys}:
            return False
        return self.held(statement, proof, keys)

    def held(self, statement: Statement, proof: Proof | None, keys: Sequence[VoteKey]) -> bool:
        """True where a key of the statement's own identity signed exactly this statement, whenever it was."""
        if proof is None or proof.method != METHOD or not SIGNATURE.match(proof.signature):
            return False
        wanted = (proof.key_id, statement.issuer, statement.subject)
        key = next((each for each in keys if (each.key_id, each.issuer, each.subject) == wanted), None)
        if key is None:
            return False
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public_key))
            public.verify(bytes.fromhex(proof.signature), statement.canonical(proof.once))
        except (InvalidSignature, ValueError):
            return False
        return True
